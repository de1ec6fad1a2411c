"""A database of its own with the demo city in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from backend.db import open_database
from backend.domains.regions.zibo import plant_tree
from backend.kit import clock
from backend.seed.run import run_seed
from backend.settings import Settings
from tests.conftest import migrated_database
from tests.settings import settings_for_tests


@dataclass
class Seeded:
    """The demo city as it was made; told: the lines of progress."""

    settings: Settings
    made_at: datetime
    told: list[str]


@pytest.fixture(scope="package")
async def seeded(server: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Seeded]:
    """The ORM on a database with the demo city."""
    url = await migrated_database(server, "anlan_seed_test")
    folder: Path = tmp_path_factory.mktemp("seed") / "made by the seed"
    settings = settings_for_tests(data_dir=folder, database_url=url)
    told: list[str] = []
    async with open_database(url, everywhere=False):
        await plant_tree()
        made_at = clock.now()
        assert await run_seed(settings, told.append)
        yield Seeded(settings, made_at, told)
