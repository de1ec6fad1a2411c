"""The PostgreSQL of the system serves as well as ours: the tests of the database run on both."""

from __future__ import annotations

import asyncpg
import pytest

from tests.services import system_database_url

__all__ = ["system_database_url"]

pytestmark = pytest.mark.anyio


async def test_system_postgres_answers_from_version_15_on(system_database_url: str) -> None:
    connection = await asyncpg.connect(system_database_url)
    assert connection.get_server_version().major >= 15
    assert await connection.fetchval("show timezone") == "UTC"
    await connection.close()
