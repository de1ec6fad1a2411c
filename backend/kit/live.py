"""The live channel: a bell that rings open pages. It may lose a ring; the database is what counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from typing import Any
from uuid import UUID

import msgspec
import structlog
from litestar.channels.backends.redis import RedisChannelsPubSubBackend
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()


class LiveEvent(msgspec.Struct, rename="camel"):
    """One event on the wire: `name` is the SSE event, `data` its JSON, `id` a number to resume from (0 = none)."""

    name: str
    data: dict[str, Any]
    id: int = 0


def enterprise_channel(enterprise_id: UUID | str) -> str:
    """The channel that the people of one enterprise listen to."""
    return f"enterprise:{enterprise_id}"


def area_channel(adcode: str) -> str:
    """The channel that the regulators of one area listen to; "*" is heard by administrators."""
    return f"area:{adcode}"


class SteadyPubSub(RedisChannelsPubSubBackend):
    """The Redis backend that survives a lost Redis: it logs, waits and listens again."""

    async def stream_events(self) -> AsyncGenerator[tuple[str, Any], None]:
        """Events of all subscribed channels, for ever."""
        while True:
            try:
                async for event in super().stream_events():
                    yield event
            except (RedisError, OSError) as exc:
                log.warning("live.redis_lost", error=str(exc))
                await asyncio.sleep(0.5)

    async def publish(self, data: bytes, channels: Iterable[str]) -> None:
        """Publish, or log that nobody heard."""
        try:
            await super().publish(data, channels)
        except (RedisError, OSError) as exc:
            log.warning("live.not_published", error=str(exc))


class Bell:
    """Publishes live events from any process.

    Channels are those of `enterprise_channel` and `area_channel`; a page listens to the ones its viewer may see.
    """

    def __init__(self, redis: Redis) -> None:
        self._backend = SteadyPubSub(redis=redis)

    async def ring(self, event: LiveEvent, channels: Iterable[str]) -> None:
        """Tell every open page on these channels. Never raises for a lost Redis."""
        await self._backend.publish(msgspec.json.encode(event), list(channels))
