"""Hours and their slots are rolled up when they are over, and again when frames came late; safe to run again."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import asyncpg
import numpy as np

from backend.domains.monitoring.history.archive import (
    MANIFEST,
    Archive,
    ArchivedDay,
    StoredFrame,
    at_us,
    by_time,
    days_of,
    us_of,
)
from backend.domains.monitoring.history.hours import Flags, Hours, frames_as_arrays, roll_up
from backend.domains.monitoring.history.partitions import first_frame_day
from backend.domains.monitoring.history.reading import HOUR, HOURS, SLOTS, Level, hour_of

# Any number will do, as long as everyone who rolls up or archives asks for the same one.
HISTORY_LOCK = 595004
# A frame that came in time is committed by then; ingest marks what comes more than 2 min after the hour.
SETTLED = timedelta(minutes=5)
# So many gateways are read at once: 10 MB of frames at a frame a second.
GATEWAYS_AT_ONCE = 10
MARKS_AT_ONCE = 5000
ARRAYS = ("n", "usable", "good", "first_s", "last_s", "min", "max", "mean", "last")
PARTITION = {HOURS: "ensure_rollup_month", SLOTS: "ensure_slot_day"}

FRAMES = """
select gateway_id, layout_id, (extract(epoch from t) * 1000000)::bigint as t_us, v, q from frame
where gateway_id = any($1::int[]) and t >= $2 and t < $3 order by gateway_id, layout_id, t
"""
STORE = f"""
insert into {{table}} ({{columns}}) values ({", ".join(f"${place}" for place in range(1, len(ARRAYS) + 4))})
on conflict (gateway_id, {{column}}, layout_id) do update
set {", ".join(f"{name} = excluded.{name}" for name in ARRAYS)}
"""  # noqa: S608 - names of our own.
MARKS = "select id, gateway_id, hour from rollup_dirty where hour < $1 order by id limit $2"
IS_ROLLED_UP = """
select exists (select from rollup_progress where rolled_until >= ($1::date + 1)::timestamp at time zone 'UTC')
   and not exists (select from rollup_dirty where hour >= $1::date::timestamp at time zone 'UTC'
                                              and hour < ($1::date + 1)::timestamp at time zone 'UTC')
"""
PROGRESS = """
insert into rollup_progress (rolled_until, slots_since) values ($1, $2)
on conflict (only_row) do update set rolled_until = excluded.rolled_until
"""


class Made(NamedTuple):
    """What a run did: hours of all gateways, hours of single gateways made anew; and whether work is left."""

    hours: int
    remade: int
    more: bool


@asynccontextmanager
async def only_one(con: asyncpg.Connection, *, wait: bool = False) -> AsyncIterator[bool]:
    """Whether we are the only one who rolls up or archives, for the block; `wait` until it is so."""
    if wait:
        await con.execute("select pg_advisory_lock($1)", HISTORY_LOCK, timeout=10**6)
    elif not await con.fetchval("select pg_try_advisory_lock($1)", HISTORY_LOCK):
        yield False
        return
    try:
        yield True
    finally:
        await con.execute("select pg_advisory_unlock($1)", HISTORY_LOCK)


async def roll_up_finished(
    con: asyncpg.Connection, now: datetime, archive: Archive | None, budget_s: float = 45.0
) -> Made:
    """Roll up the hours that are over, then those that late frames came to; stops when the budget is spent.

    An hour counts as done when all gateways are; what a crash left half done is done again with the same outcome.
    """
    began, until = time.monotonic(), hour_of(now - SETTLED)
    # The marks are read before the frames: what they stand for is committed and will be seen.
    marks = await con.fetch(MARKS, until, MARKS_AT_ONCE)
    rolled = await rolled_until(con, until)
    gateway_ids = [row["id"] for row in await con.fetch("select id from gateway order by id")]
    done = 0
    while rolled < until and time.monotonic() - began < budget_s:
        await _store_hour(con, gateway_ids, rolled)
        await con.execute(PROGRESS, rolled + HOUR, rolled)
        rolled, done = rolled + HOUR, done + 1
    just_made = {rolled - HOUR * back for back in range(1, done + 1)}
    await con.execute(
        "delete from rollup_dirty where id = any($1::bigint[])",
        [row["id"] for row in marks if row["hour"] in just_made],
    )
    old = [row for row in marks if row["hour"] < rolled and row["hour"] not in just_made]
    remade = await _make_again(con, old, archive, began + budget_s)
    late = await con.fetchval("select exists (select from rollup_dirty where hour < $1)", rolled)
    return Made(done, remade, rolled < until or bool(late))


async def rolled_until(con: asyncpg.Connection, unless_known: datetime) -> datetime:
    """Before which hour all are rolled up; at the very first, where the frames begin."""
    known: datetime | None = await con.fetchval("select rolled_until from rollup_progress")
    return known or await first_frame_day(con) or unless_known


async def store_rows(
    con: asyncpg.Connection, level: Level, rows: Sequence[tuple[Any, ...]], *, is_new: bool = False
) -> None:
    """Store rows of `rows_of` over those that are there; is_new: none is there, which is faster."""
    for day in sorted({row[1].date() for row in rows}):
        await con.execute(f"select {PARTITION[level]}($1)", day)
    columns = ["gateway_id", level.column, "layout_id", *ARRAYS]
    if is_new:
        await con.copy_records_to_table(level.table, records=rows, columns=columns)
    elif rows:
        sql = STORE.format(table=level.table, column=level.column, columns=", ".join(columns))
        await con.executemany(sql, rows)


def rows_of(gateway_id: int, layout_id: int, hours: Hours) -> list[tuple[Any, ...]]:
    """Hours or slots as rows, null where nothing usable was measured."""
    whole = bool((hours.usable > 0).all())
    columns: list[list[list[Any]]] = [column.tolist() for column in (hours.n, hours.usable, hours.good)]
    for column in (hours.first_s, hours.last_s, hours.low, hours.high, hours.mean, hours.last):
        columns.append(column.tolist() if whole else _or_none(column, hours.usable > 0))
    starts = [at_us(us) for us in hours.start_us.tolist()]
    return [(gateway_id, start, layout_id, *arrays) for start, *arrays in zip(starts, *columns, strict=True)]


def _or_none(column: Any, known: Flags) -> list[list[Any]]:
    values: Any = column.astype(object)
    values[~known] = None
    return values.tolist()  # type: ignore[no-any-return]  # of an array of objects.


async def _store_hour(con: asyncpg.Connection, gateway_ids: Sequence[int], hour: datetime) -> None:
    """Roll up an hour of all gateways from the frames."""
    for place in range(0, len(gateway_ids), GATEWAYS_AT_ONCE):
        rows = await con.fetch(FRAMES, gateway_ids[place : place + GATEWAYS_AT_ONCE], hour, hour + HOUR)
        rolled: dict[Level, list[tuple[Any, ...]]] = {HOURS: [], SLOTS: []}
        for (gateway_id, layout_id), group in groupby(rows, key=lambda row: (row["gateway_id"], row["layout_id"])):
            frames = [StoredFrame(row["t_us"], layout_id, row["v"], row["q"]) for row in group]
            for level in rolled:
                rolled[level] += _rows(level, gateway_id, layout_id, frames)
        for level, of_level in rolled.items():
            await store_rows(con, level, of_level)


def _rows(level: Level, gateway_id: int, layout_id: int, frames: Sequence[StoredFrame]) -> list[tuple[Any, ...]]:
    v, q = frames_as_arrays([(frame.v, frame.q) for frame in frames])
    t_us = np.array([frame.t_us for frame in frames], np.int64)
    return rows_of(gateway_id, layout_id, roll_up(t_us, v, q, level.step_us))


async def _make_again(
    con: asyncpg.Connection, marks: Iterable[asyncpg.Record], archive: Archive | None, until: float
) -> int:
    """Roll up single hours again and take their marks away with it; how many it were."""
    ids: dict[tuple[int, datetime], list[int]] = {}
    for mark in marks:
        ids.setdefault((mark["gateway_id"], mark["hour"]), []).append(mark["id"])
    remade = 0
    for (gateway_id, hour), marked in ids.items():
        if time.monotonic() > until:
            break
        archived = await con.fetch(MANIFEST, *days_of(hour, hour + HOUR))
        frames = await _frames_of(con, gateway_id, hour, [ArchivedDay(*row) for row in archived], archive)
        async with con.transaction():
            for layout_id in {frame.layout_id for frame in frames}:
                of_layout = [frame for frame in frames if frame.layout_id == layout_id]
                for level in (HOURS,) if archived else (HOURS, SLOTS):
                    await store_rows(con, level, _rows(level, gateway_id, layout_id, of_layout))
            await con.execute("delete from rollup_dirty where id = any($1::bigint[])", marked)
        remade += 1
    return remade


async def _frames_of(
    con: asyncpg.Connection, gateway_id: int, hour: datetime, archived: Sequence[ArchivedDay], archive: Archive | None
) -> list[StoredFrame]:
    """All frames of an hour: those of the archive, when its day was moved there, and those that came since."""
    found: list[StoredFrame] = []
    for day in archived:
        if archive is None:
            raise RuntimeError("an hour of an archived day needs the archive")
        found += await archive.frames(day.file, gateway_id, us_of(hour), us_of(hour + HOUR))
    live = await con.fetch(FRAMES, [gateway_id], hour, hour + HOUR)
    return by_time([*found, *(StoredFrame(row["t_us"], row["layout_id"], row["v"], row["q"]) for row in live)])


async def set_progress(con: asyncpg.Connection, until: datetime) -> None:
    """Tell that all hours before this one are rolled up, and no slots: for who has made them another way."""
    await con.execute("delete from rollup_progress")
    await con.execute(PROGRESS, until, until)


async def is_rolled_up(con: asyncpg.Connection, day: date) -> bool:
    """Whether all hours of a day (UTC) are rolled up and no late frames wait."""
    return bool(await con.fetchval(IS_ROLLED_UP, day))
