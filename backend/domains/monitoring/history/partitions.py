"""Partitions: days of frames and months of hours are made ahead; hours are dropped when they are older than is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import asyncpg

# Days made ahead: a weekend without a worker is no trouble, and ingest makes what is missing then.
DAYS_AHEAD = 4
# Readers of old days are not waited for; the next run tries again.
LOCK_WAIT = "3s"

PARTITIONS = """
select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = $1::text::regclass order by 1
"""


async def make_ahead(con: asyncpg.Connection, now: datetime) -> None:
    """Make the partitions that the next days need."""
    today = now.astimezone(UTC).date()
    for ahead in range(DAYS_AHEAD + 1):
        await con.execute("select ensure_frame_day($1)", today + timedelta(days=ahead))
        await con.execute("select ensure_slot_day($1)", today + timedelta(days=ahead))
    for day in {today, today + timedelta(days=DAYS_AHEAD)}:
        await con.execute("select ensure_rollup_month($1)", day)


async def frame_days(con: asyncpg.Connection) -> list[date]:
    """The days (UTC) that have a partition of frames, oldest first."""
    rows = await con.fetch(PARTITIONS, "frame")
    return [datetime.strptime(row["name"][-8:], "%Y%m%d").replace(tzinfo=UTC).date() for row in rows]


async def first_frame_day(con: asyncpg.Connection) -> datetime | None:
    """When the oldest partition of frames begins."""
    days = await frame_days(con)
    return datetime.combine(days[0], time(), UTC) if days else None


def partition_of(day: date) -> str:
    """The name of the partition of a day of frames."""
    return f"frame_{day:%Y%m%d}"


async def drop_day(con: asyncpg.Connection, day: date) -> None:
    """Drop the frames of a day and its slots, inside the caller's transaction."""
    await con.execute(f"alter table frame detach partition {partition_of(day)}")
    await con.execute(f"drop table {partition_of(day)}")
    await con.execute(f"drop table if exists rollup_slot_{day:%Y%m%d}")


async def drop_old_hours(con: asyncpg.Connection, now: datetime, years: int) -> list[str]:
    """Drop the months of hours that ended more than `years` years ago; their names."""
    today = now.astimezone(UTC).date()
    dropped = []
    for row in await con.fetch(PARTITIONS, "rollup_hour"):
        year, month = int(row["name"][-6:-2]), int(row["name"][-2:])
        if (year + years, month) < (today.year, today.month):
            async with con.transaction():
                await con.execute(f"set local lock_timeout = '{LOCK_WAIT}'")
                await con.execute(f"drop table {row['name']}")
            dropped.append(row["name"])
    return dropped
