"""A point over time, read from the frames: every sample where they are few, else the extremes of equal buckets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import msgspec
from tortoise.connection import get_connection

from backend.domains.monitoring.models import Point
from backend.domains.monitoring.readings import shortest
from backend.domains.monitoring.rules import NOT_THE_PROCESS, STALE_AFTER
from backend.errors import Invalid

LONGEST_TREND = timedelta(days=31)
MOST_POINTS = 2000
# Samples farther apart than this many usual distances, and than this long, have a gap between them. What is usual is
# told by the distances on either side, for gateways change their pace: the shortest of so many, on the slower side.
GAP_INTERVALS = 3
SHORTEST_GAP_S = 30.0
BESIDE = 4
# Two samples with nothing beside them: apart for longer than a point may be silent, they have a gap between them.
LONE_S = STALE_AFTER.total_seconds() / GAP_INTERVALS
# The distance that is told of a trend is the median over this many newest samples.
INTERVAL_SAMPLES = 200
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

# Every usable sample of a point, in order of source time. Its place in `v` is where the layout of the frame has it.
SERIES = """
with place as materialized (
    select id, array_position(point_ids, $2::int) as i from layout where gateway_id = $1 and $2::int = any(point_ids)
), series as (
    select f.t, f.v[p.i] as v from frame f join place p on p.id = f.layout_id
    where f.gateway_id = $1 and f.t >= $3 and f.t < $4
      and f.v[p.i] is not null and f.v[p.i] <> 'NaN'::real and (f.q is null or f.q[p.i] <> all($5::int[]))
)
"""
SAMPLES = SERIES + "select t, v from series order by t limit $6"  # noqa: S608 - two constants.
NEWEST = SERIES + "select t from series order by t desc limit $6"  # noqa: S608 - two constants.
BUCKETS = f"""{SERIES}
, spaced as (
    select t, v, lag(t) over w as before, extract(epoch from t - lag(t) over w)::float8 as d
    from series window w as (order by t)
), usual as (
    select t, v, before, d,
           greatest(min(d) over (order by t rows between {BESIDE} preceding and 1 preceding),
                    min(d) over (order by t rows between 1 following and {BESIDE} following)) as near
    from spaced
), flagged as (
    select t, v, before, d > greatest(coalesce(near, {LONE_S}) * {GAP_INTERVALS}, {SHORTEST_GAP_S}) as gap from usual
)
select min(t) as t, max(t) as last, min(v) as lo, max(v) as hi,
       array_agg(before order by t) filter (where gap) as gaps_from,
       array_agg(t order by t) filter (where gap) as gaps_to
from flagged group by date_bin($6::interval, t, $3) order by 1
"""  # noqa: S608 - constants.


class Trend(msgspec.Struct):
    """Columns of equal length, and the stretches without a usable sample.

    bucket: zero where every sample is shown. interval: the usual distance of samples; None for fewer than two.
    """

    t: list[datetime]
    low: list[float]
    high: list[float]
    gaps: list[tuple[datetime, datetime]]
    bucket: timedelta
    interval: timedelta | None


def known_time(instant: datetime, field: str) -> datetime:
    """The instant, if it has an offset and lies within 2000 to 2200.

    Raises Invalid: without an offset nobody knows when it was, and the ends of the calendar cannot be reckoned with.
    """
    if instant.tzinfo is None:
        raise Invalid("a time is given with its offset, such as 2026-11-24T09:00:00+08:00", field=field)
    if not EARLIEST <= instant <= LATEST:
        raise Invalid("nothing was measured then", field=field)
    return instant


async def read_trend(point: Point, start: datetime, end: datetime, most: int, now: datetime) -> Trend:
    """The trend of a point over [start, end), in at most `most` columns. Raises Invalid for a span we do not read."""
    if start >= end:
        raise Invalid("a trend begins before it ends", field="from")
    if end - start > LONGEST_TREND:
        raise Invalid(f"a trend covers at most {LONGEST_TREND.days} days", field="from")
    series = [point.gateway_id, point.id, start, end, sorted(NOT_THE_PROCESS)]
    rows = await _ask(SAMPLES, *series, most + 1)
    if len(rows) <= most:
        times = [row["t"] for row in rows]
        interval = _usual_distance(times[-INTERVAL_SAMPLES:])
        values = [_value(row["v"]) for row in rows]
        gaps = _with_edges(
            gaps_between(times), times[:1], times[-1:], start, min(end, now), _longest_distance(interval)
        )
        return Trend(times, values, values, gaps, timedelta(0), interval)
    newest = await _ask(NEWEST, *series, INTERVAL_SAMPLES)
    interval = _usual_distance(row["t"] for row in reversed(newest))
    # Whole milliseconds, rounded up, so that no bucket is left over at the end.
    bucket = timedelta(milliseconds=-(-(end - start) // timedelta(milliseconds=most)))
    rows = await _ask(BUCKETS, *series, bucket)
    inner = [gap for row in rows for gap in zip(row["gaps_from"] or (), row["gaps_to"] or (), strict=True)]
    longest = _longest_distance(interval)
    gaps = _with_edges(inner, [rows[0]["t"]], [rows[-1]["last"]], start, min(end, now), longest)
    low, high = [_value(row["lo"]) for row in rows], [_value(row["hi"]) for row in rows]
    return Trend([row["t"] for row in rows], low, high, gaps, bucket, interval)


def gaps_between(times: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """The stretches between samples that are longer than usual there; the same rule as in BUCKETS."""
    distances = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    gaps = []
    for index, distance in enumerate(distances):
        sides = (distances[max(0, index - BESIDE) : index], distances[index + 1 : index + 1 + BESIDE])
        near = max((min(side) for side in sides if side), default=LONE_S)
        if distance > max(near * GAP_INTERVALS, SHORTEST_GAP_S):
            gaps.append((times[index], times[index + 1]))
    return gaps


async def _ask(sql: str, *arguments: Any) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(sql, list(arguments))


def _value(stored: float) -> float:
    value = shortest(stored)
    assert value is not None, "the series holds no missing values"
    return value


def _usual_distance(times: Iterable[datetime]) -> timedelta | None:
    distances = [later - earlier for earlier, later in pairwise(times)]
    return median(distances) if distances else None  # type: ignore[type-var]  # the median of spans is a span.


def _longest_distance(interval: timedelta | None) -> timedelta:
    return STALE_AFTER if interval is None else max(interval * GAP_INTERVALS, timedelta(seconds=SHORTEST_GAP_S))


def _with_edges(
    inner: list[tuple[datetime, datetime]],
    first: list[datetime],
    last: list[datetime],
    start: datetime,
    end: datetime,
    longest: timedelta,
) -> list[tuple[datetime, datetime]]:
    """Gaps between samples, and those before the first and after the last; what lies ahead of now is no gap."""
    if not first:
        return [(start, end)] if start < end else []
    before = [(start, first[0])] if first[0] - start > longest else []
    after = [(last[0], end)] if end - last[0] > longest else []
    return before + inner + after
