"""What lies in the data folder after an interrupted, damaged or older run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from redis import Redis

from backend.embedded.folder import DataFolder, claimed_folder
from backend.embedded.postgres import database_url, initialise, postgres_spec
from backend.embedded.problems import FolderUnusable, StartFailed
from backend.embedded.programs import programs_for
from backend.embedded.supervisor import Supervisor
from backend.embedded.valkey import redis_url, valkey_spec
from tests.services import FAST, roomy_folder

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A complete database to copy from: initialising takes half a second."""
    with roomy_folder() as path, claimed_folder(path / "data") as folder:
        initialise(folder, programs_for(folder))
        yield folder.postgres


@pytest.fixture
def folder() -> Iterator[DataFolder]:
    """A claimed data folder; its name needs quoting where paths are quoted at all."""
    with roomy_folder() as path, claimed_folder(path / "安澜 data") as claimed:
        yield claimed


def give_copy(template: Path, folder: DataFolder) -> None:
    """Put a complete database into the folder."""
    shutil.copytree(template, folder.postgres)
    for path in (folder.postgres, *folder.postgres.rglob("*")):
        folder.give(path)


async def test_interrupted_initialisation_starts_anew(folder: DataFolder) -> None:
    half = folder.path / "pg.new"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    folder.postgres.mkdir()  # and an empty folder is no database
    programs = programs_for(folder)
    assert initialise(folder, programs)
    assert not half.exists()
    assert not initialise(folder, programs)
    with Supervisor(folder.path, folder.logs) as supervisor:
        supervisor.start(postgres_spec(folder, programs, FAST))
        connection = await asyncpg.connect(database_url(folder))
        assert await connection.fetchval("select 1") == 1
        await connection.close()


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_incomplete_database_is_refused_and_left_alone(template: Path, folder: DataFolder, missing: str) -> None:
    give_copy(template, folder)
    (folder.postgres / missing).unlink()
    with pytest.raises(FolderUnusable, match=missing):
        initialise(folder, programs_for(folder))
    assert (folder.postgres / "base").exists()


def test_other_version_is_refused_with_the_way_to_carry_it_over(template: Path, folder: DataFolder) -> None:
    give_copy(template, folder)
    (folder.postgres / "PG_VERSION").write_text("15\n")
    with pytest.raises(FolderUnusable, match=r"(?s)PostgreSQL 15.*pg_dump.*pg_restore"):
        initialise(folder, programs_for(folder))


def test_damaged_database_ends_the_start_with_its_last_words(template: Path, folder: DataFolder) -> None:
    give_copy(template, folder)
    (folder.postgres / "global" / "pg_control").write_bytes(b"x" * 8192)
    with Supervisor(folder.path, folder.logs) as supervisor, pytest.raises(StartFailed, match=r"(?s)postgres.*FATAL"):
        supervisor.start(postgres_spec(folder, programs_for(folder), FAST))


async def test_lock_file_naming_another_program_is_removed(template: Path, folder: DataFolder) -> None:
    # In a container process ids are small and come again: the old postmaster's may now be anybody's.
    give_copy(template, folder)
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (folder.postgres / name).write_text(f"1\n{folder.postgres}\n1700000000\n5432\n{folder.postgres}\n\n")
        folder.give(folder.postgres / name)
    with Supervisor(folder.path, folder.logs) as supervisor:
        supervisor.start(postgres_spec(folder, programs_for(folder), FAST))
        connection = await asyncpg.connect(database_url(folder))
        await connection.close()


def test_damaged_append_only_file_is_set_aside(folder: DataFolder) -> None:
    said: list[str] = []
    spec = valkey_spec(folder, programs_for(folder))
    with Supervisor(folder.path, folder.logs, said.append) as supervisor:
        supervisor.start(spec)
        with Redis.from_url(redis_url(folder)) as redis:
            redis.set("key", "value")
    for file in folder.valkey.glob("appendonlydir/*.incr.aof"):
        file.write_bytes(b"*3\r\n$3\r\nSET\r\n" + b"nonsense" * 100 + file.read_bytes())
    with Supervisor(folder.path, folder.logs, said.append) as supervisor:
        supervisor.start(spec)
        with Redis.from_url(redis_url(folder)) as redis:
            assert redis.get("key") is None
    assert any("damaged" in line for line in said)
    assert list(folder.valkey.glob("damaged-*/*.aof"))


def test_cut_off_append_only_file_keeps_what_is_whole(folder: DataFolder) -> None:
    spec = valkey_spec(folder, programs_for(folder))
    with Supervisor(folder.path, folder.logs) as supervisor:
        supervisor.start(spec)
        with Redis.from_url(redis_url(folder)) as redis:
            redis.set("first", "1")
            redis.set("second", "2")
    (file,) = folder.valkey.glob("appendonlydir/*.incr.aof")
    file.write_bytes(file.read_bytes()[:-5])
    (folder.valkey / "valkey.sock").write_text("left by a killed server")
    with Supervisor(folder.path, folder.logs) as supervisor:
        supervisor.start(spec)
        with Redis.from_url(redis_url(folder)) as redis:
            assert (redis.get("first"), redis.get("second")) == (b"1", None)
