"""A point over a long stretch: from its hours or slots where it is rolled up, else from its frames."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np
from tortoise.connection import get_connection

from backend.domains.monitoring.history.archive import DAY, MICROSECOND, Archive, us_of
from backend.domains.monitoring.history.hours import HOUR_US, SECOND_US, SLOT_US, roll_up
from backend.domains.monitoring.history.pieces import Pieces
from backend.domains.monitoring.history.samples import PLACES, Span, archived_between, read_samples

HOUR = timedelta(hours=1)


class Level(NamedTuple):
    """A table of roll-ups: its name, the column of its times, and what a row covers."""

    table: str
    column: str
    step_us: int

    @property
    def step(self) -> timedelta:
        """What a row covers."""
        return self.step_us * MICROSECOND

    def floor(self, at: datetime) -> datetime:
        """The begin of the row in which an instant lies."""
        midnight = datetime.combine(at.astimezone(UTC).date(), time(), UTC)
        return midnight + (at - midnight) // self.step * self.step


HOURS = Level("rollup_hour", "hour", HOUR_US)
SLOTS = Level("rollup_slot", "slot", SLOT_US)

# What nothing was measured for is NaN here; `usable` tells it.
ROLLED = f"""
with place as materialized ({PLACES}), rolled as (
    select extract(epoch from r.{{column}})::bigint as start, r.n[p.i] as n, r.usable[p.i] as usable,
           r.good[p.i] as good, coalesce(r.first_s[p.i], 0) as first_s, coalesce(r.last_s[p.i], 0) as last_s,
           coalesce(r.min[p.i], 'NaN') as low, coalesce(r.max[p.i], 'NaN') as high,
           coalesce(r.mean[p.i], 'NaN') as mean
    from {{table}} r join place p on p.id = r.layout_id
    where r.gateway_id = $1 and r.{{column}} >= $3 and r.{{column}} < $4 and r.n[p.i] > 0
      and date_bin('1 hour', r.{{column}}, '2000-01-01T00:00Z') <> all($5::timestamptz[])
    order by r.{{column}}
)
select array_agg(start) as start, array_agg(n) as n, array_agg(usable) as usable, array_agg(good) as good,
       array_agg(first_s) as first_s, array_agg(last_s) as last_s, array_agg(low) as low, array_agg(high) as high,
       array_agg(mean) as mean
from rolled
"""  # noqa: S608 - names of our own.
PROGRESS = "select rolled_until, slots_since from rollup_progress"
DIRTY = "select distinct hour from rollup_dirty where gateway_id = $1 and hour >= $2 and hour < $3 order by hour"


def hour_of(at: datetime) -> datetime:
    """The full hour in which an instant lies, UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


async def read_pieces(
    level: Level, gateway_id: int, point_id: int, start: datetime, end: datetime, archive: Archive | None
) -> Pieces:
    """The hours or slots of a point over [start, end), exactly: what the ends cut, what is not over or not rolled up
    yet, and hours to which late frames came since, are rolled up from their frames here. Raises ArchiveAway.
    """
    first = hour_of(start) if hour_of(start) == start else hour_of(start) + HOUR
    last = first
    if progress := await _ask(PROGRESS):
        if level is SLOTS:
            first = max(first, progress[0]["slots_since"])
        last = max(first, min(hour_of(end), progress[0]["rolled_until"]))
    without = [(row["hour"], row["hour"] + HOUR) for row in await _ask(DIRTY, gateway_id, first, last)]
    rolled = await _rolled(level, gateway_id, point_id, first, last, without)
    if level is SLOTS:
        # Slots are dropped with the frames of their day. Asked after them: a day that moves just now is not missed.
        for day in (datetime.combine(each.day, time(), UTC) for each in await archived_between(start, end)):
            without.append((max(day, first), min(day + DAY, last)))
            rolled = rolled.outside(us_of(day), us_of(day + DAY))
    edges = joined_spans([(start, min(first, end)), *without, (last, end)])
    samples = await read_samples(gateway_id, point_id, edges, archive)
    if not len(samples.t_us):
        return rolled
    fresh = roll_up(samples.t_us, samples.v[:, None], samples.q[:, None], level.step_us)
    return Pieces.joined([rolled, Pieces.of_hours(fresh)])


def joined_spans(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, with those that touch or overlap as one; empty ones are left out."""
    whole: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return whole


async def _rolled(
    level: Level, gateway_id: int, point_id: int, start: datetime, end: datetime, without: list[Span]
) -> Pieces:
    sql = ROLLED.format(table=level.table, column=level.column)
    (row,) = await _ask(sql, gateway_id, point_id, start, end, [hour for hour, _ in without])
    start_us = np.array(row["start"] or [], np.int64) * SECOND_US
    n, usable, good = (np.array(row[name] or [], np.int64) for name in ("n", "usable", "good"))
    first_s, last_s = (np.array(row[name] or [], np.int64) for name in ("first_s", "last_s"))
    low, high, mean = (np.array(row[name] or [], np.float32) for name in ("low", "high", "mean"))
    first_us, last_us = start_us + first_s * SECOND_US, start_us + last_s * SECOND_US
    return Pieces(start_us, n, usable, good, first_us, last_us, low, high, mean)


async def _ask(sql: str, *arguments: Any) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(sql, list(arguments))


def rows_a_bucket(level: Level, start: datetime, end: datetime, most: int) -> int:
    """How many rows a bucket must have so that at most `most` of them cover [start, end), begun with a row."""
    rows = -(-(end - level.floor(start)) // level.step)
    return max(1, -(-rows // most))
