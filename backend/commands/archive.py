"""`anlan archive`: old days of frames move to Parquet files now, not at the worker's next turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from backend.commands.base import found_settings, opened, run_async
from backend.settings import Settings


@click.command()
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    help="move the days (UTC) before this one [default: those older than ANLAN_RAW_DAYS]",
)
def archive(before: datetime | None) -> None:
    """Move old days of frames to Parquet files, read each back, record it, and only then drop it from the database.

    Stopping it at any moment loses nothing; run it again to go on. The API reads these days from the files.
    """
    run_async(_archive(found_settings(), before))


async def _archive(settings: Settings, before: datetime | None) -> None:
    from backend.db import raw_pool
    from backend.domains.monitoring.history.archive import Archive, ArchivedDay
    from backend.domains.monitoring.history.archiving import archive_days
    from backend.domains.monitoring.history.jobs import first_kept_day
    from backend.domains.monitoring.history.making import only_one, roll_up_finished
    from backend.errors import Invalid
    from backend.kit import clock

    now = clock.now()
    until = before.date() if before else first_kept_day(settings, now)
    if until > now.astimezone(UTC).date() - timedelta(days=1):
        raise Invalid("today and yesterday still fill: --before names an earlier day")
    store = Archive(settings.archive_folder)
    moved = waiting = 0
    async with opened(settings), raw_pool().acquire() as con, only_one(con, wait=True):
        while (await roll_up_finished(con, now, store)).more:
            click.echo("rolling up hours first")
        async for day in archive_days(con, store, until, now):
            if isinstance(day, ArchivedDay):
                moved += 1
                click.echo(f"{day.day}  {day.rows} frames, {day.bytes} bytes  {store.folder / day.file}")
            else:
                waiting += 1
                click.echo(f"{day}  stays for now: frames came meanwhile, or a reader held it; run this again")
    click.echo(f"{moved} days moved, {waiting} wait")
