"""A database of its own, without the roll-back around each test: for tests of two requests at once.

Rows stay, so such tests make enterprises of their own. Ask for the fixture `apart` by importing it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tortoise.context import TortoiseContext

from backend.db import tortoise_config
from backend.domains.regions.zibo import plant_tree
from tests.conftest import migrated_database


@pytest.fixture(scope="session")
async def apart_url(server: str) -> str:
    """The migrated database."""
    return await migrated_database(server, "anlan_apart")


@pytest.fixture
async def apart(apart_url: str) -> AsyncIterator[None]:
    """The ORM on it, with several connections and nothing rolled back."""
    async with TortoiseContext() as orm:
        await orm.init(config=tortoise_config(apart_url))
        await plant_tree()
        yield
        await orm.close_connections()
