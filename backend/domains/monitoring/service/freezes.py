"""The sweep for frozen points: samples of stored frames, one gateway at a time, never in the hot path.

It keeps no state of its own, so a lost run or a lost Redis costs nothing but time.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from backend.domains.monitoring.freezing import LEVEL_STILL_AFTER, frozen_columns, still_after
from backend.domains.monitoring.models import Point, PointFreeze
from backend.domains.monitoring.rules import NOT_THE_PROCESS

# Two looks an hour over three days; what looks still is then read sample by sample.
STEP = timedelta(minutes=30)
# A sample older than this before its moment is no sample of that moment.
REACH = timedelta(minutes=30)

# The newest frame at or before each moment, in the order of the moments.
SAMPLES = """
select x.place, f.v, f.q, l.point_ids
from unnest($2::timestamptz[]) with ordinality as x(moment, place)
cross join lateral (
    select v, q, layout_id from frame
    where gateway_id = $1 and t <= x.moment and t > x.moment - $3::interval order by t desc limit 1
) f
join layout l on l.id = f.layout_id
"""
# Since when a point has shown nothing but this value: the time of the last other one, if there is one in reach.
LAST_OTHER = """
with place as materialized (
    select id, array_position(point_ids, $2::int) as i from layout where gateway_id = $1 and $2::int = any(point_ids)
)
select f.t from frame f join place p on p.id = f.layout_id
where f.gateway_id = $1 and f.t > $3 and f.t <= $4 and f.v[p.i] is not null and f.v[p.i] <> $5::real
order by f.t desc limit 1
"""


async def look_for_frozen(now: datetime) -> tuple[int, int]:
    """Look at every gateway that sends; returns how many points froze since the last look, and how many move again."""
    points: dict[int, list[Point]] = defaultdict(list)
    for point in await Point.filter(active=True).order_by("gateway_id", "id"):
        points[point.gateway_id].append(point)
    known = {row.point_id: row for row in await PointFreeze.filter(ended_at__isnull=True)}
    found: dict[int, datetime] = {}
    for gateway_id, group in points.items():
        found |= await _frozen_of(gateway_id, group, set(known), now)
    fresh = [PointFreeze(point_id=point_id, since=since, found_at=now) for point_id, since in found.items()]
    over = [row.id for point_id, row in known.items() if point_id not in found]
    async with in_transaction():
        if fresh := [row for row in fresh if row.point_id not in known]:
            await PointFreeze.bulk_create(fresh, ignore_conflicts=True)
        if over:
            await PointFreeze.filter(id__in=over, ended_at__isnull=True).update(ended_at=now)
    return len(fresh), len(over)


async def _frozen_of(gateway_id: int, points: list[Point], known: set[int], now: datetime) -> dict[int, datetime]:
    """The frozen points of a gateway, each with the time since when."""
    count = LEVEL_STILL_AFTER // STEP + 1
    moments = [now - STEP * back for back in range(count - 1, -1, -1)]
    rows = await _ask(SAMPLES, gateway_id, moments, REACH)
    if not rows or rows[-1]["place"] != count:
        return {point.id: now for point in points if point.id in known}  # It is silent: nothing new is known of it.
    values = _columns(rows, [point.id for point in points], count)
    needed = [still_after(point.kind) // STEP + 1 for point in points]
    places = [point.tank_id or point.detector_id for point in points]
    frozen: dict[int, datetime] = {}
    for column in np.flatnonzero(frozen_columns(values, [point.kind for point in points], places, needed)).tolist():
        point = points[column]
        window = still_after(point.kind)
        other = await _ask(LAST_OTHER, gateway_id, point.id, now - window, now, float(values[-1, column]))
        if not other:
            frozen[point.id] = now - window
    return frozen


def _columns(rows: list[dict[str, Any]], point_ids: list[int], count: int) -> NDArray[np.float64]:
    """Samples as (moments, points), NaN where there is none or its quality says that it is not the process."""
    column = {point_id: i for i, point_id in enumerate(point_ids)}
    values = np.full((count, len(point_ids)), np.nan)
    for row in rows:
        qualities = row["q"] or [0] * len(row["v"])
        for point_id, value, quality in zip(row["point_ids"], row["v"], qualities, strict=False):
            place = column.get(point_id)
            if place is not None and value is not None and quality not in NOT_THE_PROCESS:
                values[row["place"] - 1, place] = value
    return values


async def _ask(sql: str, *arguments: Any) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(sql, list(arguments))
