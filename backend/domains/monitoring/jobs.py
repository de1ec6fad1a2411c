"""What the worker does for points: twice an hour it looks which of them stand still."""

from __future__ import annotations

from typing import Any

import structlog
from arq.cron import CronJob, cron
from arq.worker import Function

from backend.domains.monitoring.service import look_for_frozen
from backend.kit import clock

log = structlog.get_logger()

SWEEP_MINUTES = {7, 37}
# A city of 400 gateways is looked at in some seconds; one that takes longer tries again half an hour later.
SWEEP_TIMEOUT_S = 600


async def look(context: dict[Any, Any]) -> None:
    """Find the points that froze, and those that move again."""
    now = clock.now()
    froze, moved = await look_for_frozen(now)
    took_s = round((clock.now() - now).total_seconds(), 2)
    log.info("points.looked_at", froze=froze, moved=moved, took_s=took_s)


FUNCTIONS: list[Function] = []
CRON_JOBS: list[CronJob] = [
    # arq types coroutines by a protocol that plain functions do not match.
    cron(look, name="points.looked_at", minute=SWEEP_MINUTES, second=40, run_at_startup=True, timeout=SWEEP_TIMEOUT_S),  # type: ignore[arg-type]
]
