import os
import shutil
import sys
from pathlib import Path

import anyio
import asyncpg
import pytest

from backend.db import migrate
from tests.conftest import fresh_database

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parent.parent


async def test_two_who_migrate_at_once_take_turns(server: str) -> None:
    url = await fresh_database(server, "anlan_migrated_twice")
    async with anyio.create_task_group() as both:
        both.start_soon(migrate, url)
        both.start_soon(migrate, url)
    connection = await asyncpg.connect(url)
    try:
        names = [row["name"] for row in await connection.fetch("select name from tortoise_migrations order by name")]
        assert names == sorted(p.stem for p in (ROOT / "migrations").glob("0*.py"))
        trigger = await connection.fetchval("select count(*) from pg_trigger where tgname = 'only_grows'")
        assert trigger >= 8
    finally:
        await connection.close()


async def test_the_models_say_nothing_that_the_migrations_do_not(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    told = await anyio.run_process(
        [sys.executable, "-m", "tortoise", "makemigrations", "anlan", "-n", "forgotten"],
        cwd=tmp_path,
        env={**os.environ, "TORTOISE_ORM": "backend.db.TORTOISE_ORM", "PYTHONPATH": path},
        check=False,
    )
    assert "No changes detected" in told.stdout.decode(), (told.stdout + told.stderr).decode()


async def test_there_is_one_head() -> None:
    numbers = [path.stem.split("_")[0] for path in (ROOT / "migrations").glob("0*.py")]
    assert sorted(numbers) == [f"{n:04}" for n in range(1, len(numbers) + 1)]
