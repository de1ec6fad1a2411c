"""What all commands share: settings with addresses, the database, and running async work."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from backend.settings import Settings, load_settings


def run_async(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end; Ctrl-C ends it with the usual code and no traceback."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        sys.exit(130)


def found_settings() -> Settings:
    """Settings with addresses in them: given ones, or those of an `anlan run` on the same data folder."""
    from backend.embedded.addresses import with_addresses
    from backend.logs import configure_logs

    settings = with_addresses(load_settings())
    configure_logs(settings.log_level)
    return settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Redis]:
    """The database for the block, and Redis to announce changes on."""
    from backend.db import open_database

    redis: Redis = Redis.from_url(settings.redis_url or "")
    try:
        async with open_database(settings.database_url or "", pool_size=2, everywhere=False):
            yield redis
    finally:
        await redis.aclose()
