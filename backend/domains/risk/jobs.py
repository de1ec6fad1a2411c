"""What the worker does for scores: all of them every minute, and one hazard at once when something grave is raised."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from arq.cron import CronJob, cron
from arq.worker import Function, func

from backend.domains.risk.queries import hazard_of_alarm, hazards_with_grave_news
from backend.domains.risk.service import Scored, score_hazards
from backend.kit import clock

log = structlog.get_logger()

# A run over a city takes seconds; one that is not done by the next minute has failed.
RUN_TIMEOUT_S = 55
# A grave alarm is scored within ten seconds even when its bell was lost.
SWEEP_SECONDS = {5, 15, 25, 35, 45, 55}


async def score_all(context: dict[Any, Any]) -> None:
    """Score every hazard."""
    now = clock.now()
    done = await score_hazards(now, bell=context["bell"])
    took_s = round((clock.now() - now).total_seconds(), 2)
    log.info("risk.scored", hazards=done.hazards, stored=done.stored, rung=done.rung, took_s=took_s)


async def score_alarmed(context: dict[Any, Any], alarm_id: str) -> Scored | None:
    """Score the hazard of an alarm at once, so that its colour does not wait for the next minute."""
    hazard_id = await hazard_of_alarm(UUID(alarm_id))
    return await score_hazards(clock.now(), [hazard_id], context["bell"]) if hazard_id else None


async def score_grave_news(context: dict[Any, Any]) -> None:
    """Score hazards whose grave alarm no bell told of: the queue may have lost it."""
    if hazard_ids := await hazards_with_grave_news():
        await score_hazards(clock.now(), hazard_ids, context["bell"])


# arq types coroutines by a protocol that plain functions do not match.
FUNCTIONS: list[Function] = [
    func(score_alarmed, name="risk.alarmed", timeout=RUN_TIMEOUT_S),  # type: ignore[arg-type]  # see above.
]
CRON_JOBS: list[CronJob] = [
    cron(score_grave_news, name="risk.swept", second=SWEEP_SECONDS),  # type: ignore[arg-type]  # see above.
    cron(score_all, name="risk.scored", second=0, run_at_startup=True, timeout=RUN_TIMEOUT_S),  # type: ignore[arg-type]  # see above.
]
