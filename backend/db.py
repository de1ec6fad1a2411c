"""The database: one PostgreSQL, one app label, one numbered history of migrations."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as apply_migrations

MODELS = [
    f"backend.domains.{domain}.models"
    for domain in (
        "accounts",
        "regions",
        "enterprises",
        "monitoring",
        "outages",
        "access",
        "alarms",
        "commitments",
        "permits",
        "risk",
        "notifications",
        "media",
        "passports",
        "uploads",
    )
] + ["backend.kit.models"]

# Any number will do, as long as everyone who migrates asks for the same one.
MIGRATION_LOCK = 595001


def tortoise_config(database_url: str, pool_size: int = 10) -> dict[str, Any]:
    """Tortoise's configuration for `database_url`."""
    connection = expand_db_url(database_url)
    connection["credentials"] |= {"minsize": 1, "maxsize": pool_size}
    return {
        "connections": {"default": connection},
        "apps": {"anlan": {"models": MODELS, "migrations": "migrations", "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


# For the `tortoise` command that writes migrations; it only needs the models, not a server.
TORTOISE_ORM = tortoise_config(os.environ.get("ANLAN_DATABASE_URL", "postgresql://anlan@localhost/anlan"))


@asynccontextmanager
async def open_database(
    database_url: str, pool_size: int = 10, *, everywhere: bool = True
) -> AsyncIterator[TortoiseContext]:
    """The ORM on `database_url` for as long as the block runs; the first query is made here, so the pool is open.

    everywhere: also in tasks that were not started inside the block, such as requests; one database at a time.
    """
    async with TortoiseContext() as context:
        await context.init(config=tortoise_config(database_url, pool_size), _enable_global_fallback=everywhere)
        await context.connections.get("default").execute_query("select 1")
        try:
            yield context
        finally:
            await context.close_connections()


def raw_pool() -> asyncpg.Pool:
    """The asyncpg pool below the ORM, for what never passes through it: frames and rolled-up reads."""
    pool = getattr(get_connection("default"), "_pool", None)
    assert isinstance(pool, asyncpg.Pool), "the database is opened by open_database, which runs a first query"
    return pool


async def migrate(database_url: str) -> None:
    """Bring the database to the newest migration; two callers at once take turns."""
    lock = await asyncpg.connect(database_url)
    try:
        await lock.execute("select pg_advisory_lock($1)", MIGRATION_LOCK)
        async with TortoiseContext():
            await apply_migrations(config=tortoise_config(database_url))
            await Tortoise.close_connections()
    finally:
        await lock.close()
