"""What the worker does for the ledger: every minute it follows what ingest stored."""

from __future__ import annotations

from typing import Any

import structlog
from arq.cron import CronJob, cron
from arq.worker import Function

from backend.domains.outages.returning import close_returned_stops
from backend.domains.outages.sweeping import sweep_gaps
from backend.kit import clock

log = structlog.get_logger()

SWEEP_SECOND = 20


async def sweep(context: dict[Any, Any]) -> None:
    """Close stops that are over, then bring the ledger up to date."""
    now = clock.now()
    returned = await close_returned_stops(context["redis"], now)
    swept = await sweep_gaps(now)
    if returned or swept.opened or swept.ended or swept.closed:
        log.info("gaps.swept", opened=swept.opened, ended=swept.ended, closed=swept.closed, stops_returned=returned)


FUNCTIONS: list[Function] = []
CRON_JOBS: list[CronJob] = [
    # arq types coroutines by a protocol that plain functions do not match.
    cron(sweep, name="gaps.swept", second=SWEEP_SECOND, run_at_startup=True),  # type: ignore[arg-type]
]
