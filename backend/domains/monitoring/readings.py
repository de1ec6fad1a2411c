"""What the points measure now: from Redis, or from the newest frames when Redis has nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from redis.asyncio import Redis
from tortoise.connection import get_connection

from backend.domains.monitoring.enums import Quality
from backend.domains.monitoring.last_values import LastValue, read_last_values
from backend.domains.monitoring.models import Gateway
from backend.domains.monitoring.rules import ReadingState, state_of

# Beyond it a last value is history: the partitions of older days are not even looked at.
LOOK_BACK = timedelta(days=8)
# A frame by name speaks of some points only; the others' last values stand in the frames just before.
FRAMES_BACK = 5
SAME_TIME = timedelta(seconds=60)


class Measured(NamedTuple):
    """A point as far as its readings are concerned."""

    id: int
    gateway_id: int


class Reading(msgspec.Struct, frozen=True):
    """The newest value of a point and how far it can be believed now. at: source time; None = it never sent."""

    value: float | None
    quality: int
    at: datetime | None
    state: ReadingState


NEVER = Reading(None, Quality.GOOD, None, ReadingState.MISSING)

NEWEST_FRAMES = """
select g.id as gateway_id, f.t, l.point_ids, f.v, f.q
from unnest($1::int[]) as g(id)
cross join lateral (
    select t, layout_id, v, q from frame where gateway_id = g.id and t > $2 order by t desc limit $3
) f
join layout l on l.id = f.layout_id
order by g.id, f.t desc
"""


async def current_readings(redis: Redis, points: Iterable[Measured], now: datetime) -> dict[int, Reading]:
    """The newest reading of every point asked for, by point id."""
    wanted = list(points)
    gateways = {point.gateway_id for point in wanted}
    if not gateways:
        return {}
    rows = await Gateway.filter(id__in=list(gateways), online=False, lost_at__isnull=False).only("id")
    lost = {row.id for row in rows}
    values = await read_last_values(redis, sorted(gateways))
    silent = gateways - {point.gateway_id for point in wanted if point.id in values}
    if silent:
        values |= await _from_frames(sorted(silent), now)
    return {point.id: _reading(values.get(point.id), point.gateway_id in lost, now) for point in wanted}


def _reading(last: LastValue | None, gateway_lost: bool, now: datetime) -> Reading:
    if last is None:
        return NEVER
    state = state_of(last.value, last.quality, last.at, gateway_lost, now)
    return Reading(last.value, last.quality, last.at, state)


async def _from_frames(gateway_ids: Sequence[int], now: datetime) -> dict[int, LastValue]:
    rows = await get_connection("default").execute_query_dict(
        NEWEST_FRAMES, [list(gateway_ids), now - LOOK_BACK, FRAMES_BACK]
    )
    found: dict[int, LastValue] = {}
    newest: dict[int, datetime] = {}
    for row in rows:
        latest = newest.setdefault(row["gateway_id"], row["t"])
        if latest - row["t"] > SAME_TIME:
            continue
        qualities = row["q"] or [int(Quality.GOOD)] * len(row["v"])
        for point_id, value, quality in zip(row["point_ids"], row["v"], qualities, strict=False):
            known = found.get(point_id)
            if known is None or (known.value is None and value is not None):
                found[point_id] = LastValue(row["t"], shortest(value), quality)
    return found


def shortest(value: float | None) -> float | None:
    """A single-precision value with the fewest digits that mean it: 80.1, not 80.0999984741211."""
    return None if value is None else float(f"{value:.7g}")
