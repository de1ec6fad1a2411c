"""A day of frames moves to a Parquet file: written aside, read back, recorded, and only then dropped.

Whatever stops it leaves the partition or a file that was read back, and running again finishes it. Frames that come for
a day that was moved lie in a new partition beside the file; the next run writes a new version with both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import asyncpg
import structlog

from backend.domains.monitoring.history.archive import MANIFEST, Archive, ArchivedDay
from backend.domains.monitoring.history.files import CheckFailed, Sums, write_day
from backend.domains.monitoring.history.making import is_rolled_up
from backend.domains.monitoring.history.partitions import LOCK_WAIT, drop_day, frame_days, partition_of

log = structlog.get_logger()

# Every column of a frame as text that DuckDB reads back exactly: times as µs, arrays as [1.5,NULL].
FRAMES = """
select gateway_id, (extract(epoch from t) * 1000000)::bigint, layout_id, n,
       (extract(epoch from received_at) * 1000000)::bigint, late,
       '[' || array_to_string(v, ',', 'NULL') || ']', '[' || array_to_string(q, ',', 'NULL') || ']'
from {partition} order by gateway_id, t
"""
# Sums that are exact in both databases: 1024 only shifts a binary point, and floors of it add up as whole numbers.
SUMS = """
select count(*), coalesce(sum((extract(epoch from t) * 1000000)::bigint), 0),
       coalesce(sum((extract(epoch from received_at) * 1000000)::bigint), 0),
       coalesce(sum(gateway_id::bigint * 31 + layout_id + coalesce(n, -1) + late::int), 0),
       coalesce(sum(cardinality(v)), 0), coalesce(sum(cardinality(q)), 0), coalesce(sum(x.present), 0),
       coalesce(sum(x.total), 0), coalesce(sum(x.codes), 0)
from {partition} f cross join lateral (
    select count(e.v) as present,
           sum(case when abs(e.v::float8) < 1e12 then floor(e.v::float8 * 1024)::bigint else 0 end) as total,
           sum(e.q::bigint) as codes
    from unnest(f.v, f.q) as e(v, q)
) x
"""
RECORD = """
insert into archived_day (day, version, file, rows, bytes, sha256, first_at, last_at, archived_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def days_to_archive(con: asyncpg.Connection, before: date) -> list[date]:
    """Days (UTC) before that one which still have a partition, oldest first."""
    return [day for day in await frame_days(con) if day < before]


async def archive_days(
    con: asyncpg.Connection, archive: Archive, before: date, now: datetime, most: int | None = None
) -> AsyncIterator[ArchivedDay | date]:
    """Move every day before `before` that is rolled up; yields its new line of the manifest, or the day itself when
    late frames wait to be rolled up first or came meanwhile: it is tried again by the next run.

    The caller holds `making.only_one`, so hours wait: `most` days are looked at, all without it.
    """
    archive.folder.mkdir(parents=True, exist_ok=True)
    for day in (await days_to_archive(con, before))[:most]:
        if not await is_rolled_up(con, day):
            yield day
            continue
        try:
            made = await _write(con, archive, day)
            if made is not None:
                await _record(con, made, now)
        except (asyncpg.LockNotAvailableError, _CameMeanwhile) as exc:
            log.warning("history.day_not_archived", day=str(day), error=repr(exc))
            yield day
            continue
        await asyncio.to_thread(_tidy, archive.folder, day, made.file if made else "")
        if made is not None:
            yield made


class _CameMeanwhile(Exception):
    """Frames came for the day while it was written."""


async def _write(con: asyncpg.Connection, archive: Archive, day: date) -> ArchivedDay | None:
    """Write and read back the file of a day; None for a day without frames, whose empty partition is dropped."""
    before = [ArchivedDay(*row) for row in await con.fetch(MANIFEST, day, day)]
    version = before[0].version + 1 if before else 1
    name = f"frames-{day:%Y%m%d}" + (f".{version}" if version > 1 else "") + ".parquet"
    aside = archive.folder / f".{name}.csv"
    try:
        partition = partition_of(day)
        sums = Sums(*(int(value) for value in await con.fetchrow(SUMS.format(partition=partition))))
        if not sums.rows:
            await _drop(con, day)
            return None
        await con.copy_from_query(FRAMES.format(partition=partition), output=str(aside), format="csv")
        old = archive.folder / before[0].file if before else None
        facts = await asyncio.to_thread(write_day, aside, archive.folder / name, old, sums)
    except CheckFailed:
        if await is_rolled_up(con, day):
            raise
        # Frames that came between the sums and the text have left a mark.
        raise _CameMeanwhile(day) from None
    finally:
        await asyncio.to_thread(aside.unlink, missing_ok=True)
    return ArchivedDay(day, version, name, facts.rows, facts.bytes, facts.sha256, facts.first_at, facts.last_at)


async def _record(con: asyncpg.Connection, made: ArchivedDay, now: datetime) -> None:
    """Record the file and drop the partition, both or neither."""
    async with con.transaction():
        await _lock(con, made.day)
        await con.execute(RECORD, *made, now)
        await drop_day(con, made.day)


async def _drop(con: asyncpg.Connection, day: date) -> None:
    async with con.transaction():
        await _lock(con, day)
        if await con.fetchval(f"select exists (select from {partition_of(day)})"):  # noqa: S608 - a name of our own.
            raise _CameMeanwhile(day)
        await drop_day(con, day)


async def _lock(con: asyncpg.Connection, day: date) -> None:
    """Keep writers out for the moment. What came since the day was read has left a mark in the same transaction."""
    await con.execute(f"set local lock_timeout = '{LOCK_WAIT}'")
    await con.execute("lock table frame in access exclusive mode")
    if not await is_rolled_up(con, day):
        raise _CameMeanwhile(day)


def _tidy(folder: Path, day: date, file: str) -> None:
    """Remove earlier versions of a day and what a crash left of it; the one that is recorded stays."""
    for path in [*folder.glob(f"frames-{day:%Y%m%d}*.parquet"), *folder.glob(f".frames-{day:%Y%m%d}*")]:
        if path.name != file and file:
            path.unlink(missing_ok=True)
