"""Telling ingest that gateways, points or limits changed, so that it reads them again at once.

A lost Redis loses the call and no more: ingest also looks by itself from time to time.
"""

from __future__ import annotations

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

CONFIG_CHANNEL = "config.changed"


class ConfigChange(msgspec.Struct, rename="camel"):
    """What changed: `what` is gateway, points or limits."""

    what: str
    gateway_id: int


async def announce(redis: Redis | None, change: ConfigChange) -> None:
    """Publish a change, after its commit. Never raises for a lost Redis; without one it says nothing."""
    if redis is None:
        return
    try:
        await redis.publish(CONFIG_CHANNEL, msgspec.json.encode(change))
    except (RedisError, OSError) as exc:
        log.warning("config.not_announced", what=change.what, gateway_id=change.gateway_id, error=str(exc))
