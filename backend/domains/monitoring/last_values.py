"""The last live value of every point, in Redis: one entry for each gateway, written by ingest, read by everyone.

It may be lost at any time; the next frame of a gateway writes it anew, and the database holds what counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()


class GatewayValues(msgspec.Struct, array_like=True):
    """The points of one gateway, in columns. t: source time in ms. v: single precision, None = no value."""

    point_ids: list[int]
    t: list[int]
    v: list[float | None]
    q: list[int]


class LastValue(NamedTuple):
    """The newest value of a point: when it was measured, what it was, and its quality (0 = good)."""

    at: datetime
    value: float | None
    quality: int


_decoder = msgspec.msgpack.Decoder(GatewayValues)


def key(gateway_id: int) -> str:
    """Where the values of a gateway stand."""
    return f"anlan:last:{gateway_id}"


async def write_last_values(redis: Redis, values: Mapping[int, GatewayValues]) -> bool:
    """Set the values of these gateways; False when Redis is away, which costs nothing but freshness."""
    try:
        await redis.mset({key(gateway_id): msgspec.msgpack.encode(each) for gateway_id, each in values.items()})
    except (RedisError, OSError) as exc:
        log.warning("last_values.not_written", error=str(exc))
        return False
    return True


async def read_gateway_values(redis: Redis, gateway_ids: Iterable[int]) -> list[GatewayValues]:
    """The entries of those gateways that have one; none when Redis is away."""
    keys = [key(gateway_id) for gateway_id in gateway_ids]
    if not keys:
        return []
    try:
        found = await redis.mget(keys)
    except (RedisError, OSError) as exc:
        log.warning("last_values.not_read", error=str(exc))
        return []
    return [_decoder.decode(raw) for raw in found if raw]


async def read_last_values(redis: Redis, gateway_ids: Iterable[int]) -> dict[int, LastValue]:
    """The newest value of every point of these gateways, by point id; a point that never sent is not in it."""
    newest: dict[int, LastValue] = {}
    for each in await read_gateway_values(redis, gateway_ids):
        for point_id, t, value, quality in zip(each.point_ids, each.t, each.v, each.q, strict=True):
            if t:
                newest[point_id] = LastValue(datetime.fromtimestamp(t / 1000, UTC), _shortest(value), quality)
    return newest


def _shortest(value: float | None) -> float | None:
    """A single-precision value with the fewest digits that mean it: 80.1, not 80.0999984741211."""
    return None if value is None else float(f"{value:.7g}")
