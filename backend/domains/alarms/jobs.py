"""What the worker does for alarms: colours climb on time."""

from __future__ import annotations

from typing import Any

import structlog
from arq.cron import CronJob, cron
from arq.worker import Function

from backend.domains.alarms.recolouring import recolour
from backend.kit import clock

log = structlog.get_logger()

# A leak must not wait long for its colour, and a sweep that finds nothing costs two looks into indexes.
SWEEP_SECONDS = {0, 10, 20, 30, 40, 50}


async def recolour_alarms(context: dict[Any, Any]) -> None:
    """Move the colours that are due."""
    climbed = await recolour(clock.now(), context["bell"], context["queue"])
    if climbed:
        log.info("alarm.recoloured", count=len(climbed))


FUNCTIONS: list[Function] = []
CRON_JOBS: list[CronJob] = [
    # arq types coroutines by a protocol that plain functions do not match.
    cron(recolour_alarms, name="alarm.recoloured", second=SWEEP_SECONDS, run_at_startup=True),  # type: ignore[arg-type]
]
