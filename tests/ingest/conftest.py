"""A database of its own for ingest, because ingest commits; emptied before each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from redis.asyncio import Redis

from backend.ingest.store import Store
from tests.conftest import migrated_database
from tests.ingest.plant import Clock, Plant, Wire
from tests.services import Services


@pytest.fixture(scope="session")
async def ingest_database_url(services: Services) -> str:
    """A migrated database that only the tests of ingest use."""
    return await migrated_database(services.database_url, "anlan_ingest")


@pytest.fixture
async def con(ingest_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside that of ingest."""
    connection = await asyncpg.connect(ingest_database_url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def plant(con: asyncpg.Connection) -> Plant:
    """An enterprise in an otherwise empty database."""
    return await Plant.build(con)


@pytest.fixture
async def redis(services: Services) -> AsyncIterator[Redis]:
    """Redis without anything in it."""
    connection: Redis = Redis.from_url(services.redis_url)
    await connection.flushdb()
    try:
        yield connection
    finally:
        await connection.aclose()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def wire(clock: Clock) -> Wire:
    """Messages of gateways."""
    return Wire(clock)


@pytest.fixture
async def open_store(
    ingest_database_url: str, redis: Redis, clock: Clock
) -> AsyncIterator[Callable[[], Awaitable[Store]]]:
    """Opens stores on the plant as it is then; a second one opened in a test is a restart."""
    opened: list[Store] = []

    async def opener() -> Store:
        for earlier in opened:
            await earlier.close()
        opened.append(await Store.open(ingest_database_url, redis, clock))
        return opened[-1]

    yield opener
    for each in opened:
        await each.close()


@pytest.fixture
async def store(plant: Plant, open_store: Callable[[], Awaitable[Store]]) -> Store:
    """A store that knows one gateway with three points."""
    await plant.gateway("G1", "A", "B", "C", h=80, hh=90, deadband=2)
    return await open_store()
