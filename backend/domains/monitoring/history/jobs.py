"""What the worker does for history: partitions ahead, hours rolled up, old days moved to files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog
from arq.cron import CronJob, cron
from arq.worker import Function

from backend.db import raw_pool
from backend.domains.monitoring.history.archive import Archive, ArchivedDay
from backend.domains.monitoring.history.archiving import archive_days
from backend.domains.monitoring.history.making import only_one, roll_up_finished
from backend.domains.monitoring.history.partitions import drop_old_hours, make_ahead
from backend.kit import clock
from backend.settings import Settings

log = structlog.get_logger()

# A country's hour takes a minute or two, a country's day an hour; both go on where they were stopped.
ROLL_UP_TIMEOUT_S = 900
ARCHIVE_TIMEOUT_S = 6 * 3600
# One day a turn, so that hours are rolled up between two when many wait.
ARCHIVE_MINUTES = set(range(7, 60, 10))


async def roll_up_hours(context: dict[Any, Any]) -> None:
    """Roll up what is over, and what late frames came to; the minute in which another one does it is passed over."""
    settings: Settings = context["settings"]
    async with raw_pool().acquire() as con, only_one(con) as ours:
        if not ours:
            return
        made = await roll_up_finished(con, clock.now(), Archive(settings.archive_folder))
    if made.hours or made.remade:
        log.info("history.rolled_up", hours=made.hours, remade=made.remade, more=made.more)


async def tend_partitions(_context: dict[Any, Any]) -> None:
    """Make the partitions of the next days."""
    async with raw_pool().acquire() as con:
        await make_ahead(con, clock.now())


async def archive_old_days(context: dict[Any, Any]) -> None:
    """Move the days that are older than frames are kept, and drop the hours that are older than hours are kept."""
    settings: Settings = context["settings"]
    now = clock.now()
    async with raw_pool().acquire() as con, only_one(con) as ours:
        if not ours:
            return
        async for day in archive_days(
            con, Archive(settings.archive_folder), first_kept_day(settings, now), now, most=1
        ):
            tell_archived(day)
        for name in await drop_old_hours(con, now, settings.rollup_years):
            log.info("history.hours_dropped", partition=name)


def first_kept_day(settings: Settings, now: datetime) -> date:
    """The oldest day (UTC) whose frames stay in the database."""
    return now.astimezone(UTC).date() - timedelta(days=settings.raw_days)


def tell_archived(day: ArchivedDay | date) -> None:
    """Log what became of a day."""
    if isinstance(day, ArchivedDay):
        log.info("history.archived", day=str(day.day), file=day.file, rows=day.rows, bytes=day.bytes)
    else:
        log.warning("history.waits_for_roll_up", day=str(day))


FUNCTIONS: list[Function] = []
# arq types coroutines by a protocol that plain functions do not match.
CRON_JOBS: list[CronJob] = [
    cron(roll_up_hours, name="history.rolled_up", second=20, run_at_startup=True, timeout=ROLL_UP_TIMEOUT_S),  # type: ignore[arg-type]  # see above.
    cron(tend_partitions, name="history.made_ahead", minute={7, 37}, second=40, run_at_startup=True),  # type: ignore[arg-type]  # see above.
    cron(archive_old_days, name="history.archived", minute=ARCHIVE_MINUTES, second=50, timeout=ARCHIVE_TIMEOUT_S),  # type: ignore[arg-type]  # see above.
]
