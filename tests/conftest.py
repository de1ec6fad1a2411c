"""Fixtures that every test may ask for: a migrated database that forgets each test, the API on it, and people."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiomqtt import MqttError
from httpx import ASGITransport, AsyncClient
from tortoise.context import TortoiseContext
from tortoise.transactions import in_transaction

from backend.app import create_app
from backend.db import migrate, tortoise_config
from backend.domains.regions.zibo import plant_tree
from tests.people import People
from tests.services import Services, broker, mosquitto, services, system_database_url  # noqa: F401 - fixtures.
from tests.settings import settings_for_tests

# By server: the database that is copied for every test that wants one of its own.
MIGRATED: dict[str, str] = {}


class Undo(Exception):
    """Ends a test's transaction."""


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """One event loop for the whole run."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
async def lost_links_are_no_news(anyio_backend: str) -> None:
    """The MQTT client leaves the future of a lost connection unread; collected later, it would fail another test."""
    loop = asyncio.get_running_loop()
    usual = loop.get_exception_handler()

    def unless_a_lost_link(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(context.get("exception"), MqttError) and "never retrieved" in context["message"]:
            return
        if usual is not None:
            usual(loop, context)

    loop.set_exception_handler(unless_a_lost_link)


async def migrated_database(server_url: str, name: str) -> str:
    """Create a database beside the server's own, migrated as in production; returns its URL.

    The migrations run once for each server; what follows are copies.
    """
    if server_url not in MIGRATED:
        await migrate(await fresh_database(server_url, "anlan_migrated"))
        MIGRATED[server_url] = "anlan_migrated"
    return await fresh_database(server_url, name, MIGRATED[server_url])


async def fresh_database(server_url: str, name: str, template: str = "template1") -> str:
    """Create a database beside the server's own, empty or like the template; returns its URL."""
    admin = await asyncpg.connect(server_url)
    try:
        await admin.execute(f'drop database if exists "{name}" with (force)')
        await admin.execute(f'create database "{name}" template "{template}"')
    finally:
        await admin.close()
    head, _, query = server_url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """The PostgreSQL of this run: the embedded one, or the system's with ANLAN_TEST_DATABASE=system."""
    if os.environ.get("ANLAN_TEST_DATABASE") == "system":
        url: str = request.getfixturevalue("system_database_url")
        return url
    embedded: Services = request.getfixturevalue("services")
    return embedded.database_url


@pytest.fixture(scope="session")
async def database_url(server: str) -> str:
    """A database made as in production: empty, then migrated."""
    return await migrated_database(server, "anlan_test")


@pytest.fixture(scope="session")
async def database(database_url: str) -> AsyncIterator[TortoiseContext]:
    """The ORM on the test database."""
    async with TortoiseContext() as orm:
        await orm.init(config=tortoise_config(database_url), _enable_global_fallback=True)
        await plant_tree()
        yield orm


@pytest.fixture
async def db(database: TortoiseContext) -> AsyncIterator[None]:
    """A transaction that is rolled back after the test."""
    with suppress(Undo):
        async with in_transaction():
            yield
            raise Undo


@pytest.fixture
async def client(
    db: None,
    services: Services,  # noqa: F811
    tmp_path: Path,
) -> AsyncIterator[AsyncClient]:
    """The API inside the test's transaction, nobody signed in."""
    app = create_app(settings_for_tests(redis_url=services.redis_url, media_dir=tmp_path / "media"))
    async with app.lifespan(), AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        yield http


@pytest.fixture
async def people(client: AsyncClient) -> People:
    """Two enterprises in two districts, with one person for each role, ready to sign in."""
    return await People.settle(client)
