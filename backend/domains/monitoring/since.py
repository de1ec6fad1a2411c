"""Since when a point cannot be believed, read from the frames of the last day: for a page, not for lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tortoise.connection import get_connection

from backend.domains.monitoring.enums import Quality
from backend.domains.monitoring.models import Point
from backend.domains.monitoring.schemas import PointOut
from backend.domains.monitoring.states import RANGE_MARGIN, PointState

# Longer than that is "more than a day" to anyone who looks.
LOOK_BACK = timedelta(hours=24)
READ_FROM_FRAMES = frozenset({PointState.BAD, PointState.OUT_OF_RANGE, PointState.OUT_OF_SERVICE})

# The first frame after the newest usable value. Frames that do not speak of the point say nothing about it.
SINCE = """
with told as (
    select f.t, f.v[x.i] as v, coalesce(f.q[x.i], 0) as q
    from frame f join layout l on l.id = f.layout_id
    cross join lateral (select array_position(l.point_ids, $2) as i) x
    where f.gateway_id = $1 and f.t > $3 and f.t <= $4 and x.i is not null
), usable as (
    select t from told where v is not null and q = $5 and v >= $6 and v <= $7 order by t desc limit 1
)
select min(told.t) as since from told, usable where told.t > usable.t
"""


async def tell_since(points: Sequence[Point], shown: Iterable[PointOut], now: datetime) -> None:
    """Fill in `since` of those points whose state began with a value that cannot be used; None = over a day ago."""
    by_id = {point.id: point for point in points}
    for out in shown:
        if out.condition in READ_FROM_FRAMES:
            out.since = await _since(by_id[out.id], now)


async def _since(point: Point, now: datetime) -> datetime | None:
    lo, hi = point.range_lo, point.range_hi
    margin = RANGE_MARGIN * (hi - lo) if lo is not None and hi is not None else 0.0
    (row,) = await get_connection("default").execute_query_dict(
        SINCE,
        [
            point.gateway_id,
            point.id,
            now - LOOK_BACK,
            now,
            int(Quality.GOOD),
            float("-inf") if lo is None else lo - margin,
            float("inf") if hi is None else hi + margin,
        ],
    )
    found: datetime | None = row["since"]
    return found
