"""`anlan import` and `anlan export`, as they are typed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.db import open_database
from backend.domains.regions.zibo import plant_tree
from tests.conftest import migrated_database
from tests.domains.enterprises.workbook.books import CODE, GATEWAY, plant, with_cell, xlsx
from tests.services import Services


async def made(server: str) -> str:
    """An empty database with the tree of areas."""
    url = await migrated_database(server, "anlan_import")
    async with open_database(url, everywhere=False):
        await plant_tree()
    return url


@pytest.fixture
def runner(server: str, services: Services, tmp_path: Path) -> CliRunner:
    """Types commands on an empty database, with a data folder of its own."""
    for name in ("broker", "secrets"):
        (tmp_path / name).mkdir()
    told = {
        "ANLAN_DATA_DIR": str(tmp_path),
        "ANLAN_DATABASE_URL": asyncio.run(made(server)),
        "ANLAN_REDIS_URL": services.redis_url,
        "ANLAN_MQTT_URL": services.mqtt_url,
    }
    return CliRunner(env=told)


def test_dry_run_import_export_and_import_again(runner: CliRunner, tmp_path: Path) -> None:
    file, copy = tmp_path / "plant.xlsx", tmp_path / "copy.xlsx"
    file.write_bytes(xlsx(plant()))
    dry = runner.invoke(main, ["import", str(file), "--dry-run"])
    assert (dry.exit_code, "企业: 1 new" in dry.output, "signs in with" in dry.output) == (0, True, False), dry.output
    done = runner.invoke(main, ["import", str(file)])
    assert done.exit_code == 0, done.output
    assert f"gateway {GATEWAY} signs in with" in done.output
    assert GATEWAY in (tmp_path / "broker" / "users.conf").read_text()
    assert runner.invoke(main, ["export", str(copy)]).exit_code == 0
    again = runner.invoke(main, ["import", str(copy)])
    assert again.exit_code == 0, again.output
    assert "企业: 0 new, 0 changed, 0 removed, 1 as they were" in again.output
    assert "→" not in again.output


def test_faults_are_told_line_by_line_and_nothing_is_written(runner: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "plant.xlsx"
    file.write_bytes(xlsx(with_cell("监测点", "高报", 5)))
    for options in ([], ["--dry-run"]):
        refused = runner.invoke(main, ["import", str(file), *options])
        assert refused.exit_code == 1
        assert "监测点 第2行 高报: 高报（5）必须大于低报（15）" in refused.output
        assert "nothing was written" in refused.output
    runner.invoke(main, ["export", str(tmp_path / "empty.xlsx")])
    file.write_bytes((tmp_path / "empty.xlsx").read_bytes())
    assert CODE not in runner.invoke(main, ["import", str(file), "--dry-run"]).output
