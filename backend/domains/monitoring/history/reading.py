"""A point's hours over a long stretch: rolled up where they are, else from their frames."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from tortoise.connection import get_connection

from backend.domains.monitoring.history.archive import Archive
from backend.domains.monitoring.history.hours import HOUR_US, SECOND_US, roll_up
from backend.domains.monitoring.history.pieces import Pieces
from backend.domains.monitoring.history.samples import NOTHING, PLACES, Span, read_samples

HOUR = timedelta(hours=1)

# A value that nothing was measured for is NaN here; `usable` tells it.
HOURS = f"""
with place as materialized ({PLACES}), hours as (
    select extract(epoch from r.hour)::bigint as hour, r.n[p.i] as n, r.usable[p.i] as usable, r.good[p.i] as good,
           coalesce(r.first_s[p.i], 0) as first_s, coalesce(r.last_s[p.i], 0) as last_s,
           coalesce(r.min[p.i], 'NaN') as low, coalesce(r.max[p.i], 'NaN') as high, coalesce(r.mean[p.i], 'NaN') as mean
    from rollup_hour r join place p on p.id = r.layout_id
    where r.gateway_id = $1 and r.hour >= $3 and r.hour < $4 and r.n[p.i] > 0 and r.hour <> all($5::timestamptz[])
    order by r.hour
)
select array_agg(hour) as hour, array_agg(n) as n, array_agg(usable) as usable, array_agg(good) as good,
       array_agg(first_s) as first_s, array_agg(last_s) as last_s, array_agg(low) as low, array_agg(high) as high,
       array_agg(mean) as mean
from hours
"""  # noqa: S608 - a constant.
PROGRESS = "select rolled_until from rollup_progress"
DIRTY = "select distinct hour from rollup_dirty where gateway_id = $1 and hour >= $2 and hour < $3 order by hour"


def hour_of(at: datetime) -> datetime:
    """The full hour in which an instant lies, UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


async def read_hours(gateway_id: int, point_id: int, start: datetime, end: datetime, archive: Archive | None) -> Pieces:
    """The hours of a point over [start, end), exactly: hours that the ends cut, that are not over or not rolled up
    yet, and those to which late frames came since, are rolled up from their frames here. Raises ArchiveAway.
    """
    progress = await _ask(PROGRESS)
    rolled_until = progress[0]["rolled_until"] if progress else start
    first = hour_of(start) if hour_of(start) == start else hour_of(start) + HOUR
    last = max(first, min(hour_of(end), rolled_until))
    dirty = [row["hour"] for row in await _ask(DIRTY, gateway_id, first, last)]
    rolled = await _rolled(gateway_id, point_id, first, last, dirty)
    edges = [(start, min(first, end)), *((hour, hour + HOUR) for hour in dirty), (last, end)]
    samples = await read_samples(gateway_id, point_id, joined_spans(edges), archive) if edges else NOTHING
    if not len(samples.t_us):
        return rolled
    fresh = Pieces.of_hours(roll_up(samples.t_us, samples.v[:, None], samples.q[:, None]))
    return Pieces.joined([rolled, fresh])


def joined_spans(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, with those that touch or overlap as one; empty ones are left out."""
    whole: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return whole


async def _rolled(gateway_id: int, point_id: int, start: datetime, end: datetime, without: list[datetime]) -> Pieces:
    (row,) = await _ask(HOURS, gateway_id, point_id, start, end, without)
    start_us = np.array(row["hour"] or [], np.int64) * SECOND_US
    n, usable, good = (np.array(row[name] or [], np.int64) for name in ("n", "usable", "good"))
    first_s, last_s = (np.array(row[name] or [], np.int64) for name in ("first_s", "last_s"))
    low, high, mean = (np.array(row[name] or [], np.float32) for name in ("low", "high", "mean"))
    first_us, last_us = start_us + first_s * SECOND_US, start_us + last_s * SECOND_US
    return Pieces(start_us, n, usable, good, first_us, last_us, low, high, mean)


async def _ask(sql: str, *arguments: Any) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(sql, list(arguments))


def whole_hours(start: datetime, end: datetime, most: int) -> int:
    """How many hours a bucket must have so that at most `most` of them cover [start, end), begun on a full hour."""
    hours = -(-((end - hour_of(start)) // timedelta(microseconds=1)) // HOUR_US)
    return max(1, -(-hours // most))
