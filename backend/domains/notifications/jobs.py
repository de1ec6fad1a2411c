"""Jobs of the worker: ring an alarm, send a message, and find again what was not rung."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from arq import Retry, cron, func
from arq.cron import CronJob
from arq.worker import Function

from backend.domains.alarms.notified import not_rung
from backend.domains.notifications.delivering import deliver
from backend.domains.notifications.queries import stuck
from backend.domains.notifications.ringing import ring_alarm
from backend.domains.notifications.rules import STALE_AFTER
from backend.kit import clock

log = structlog.get_logger()

# A job that was rung is served within a second; what waits longer lost its bell.
LOST_AFTER = timedelta(seconds=30)


async def alarm_raised(ctx: dict[str, Any], alarm_id: str) -> int:
    """Decide whom the alarm wakes and ring for each message; a repeat wakes nobody twice."""
    rung = await ring_alarm(UUID(alarm_id), clock.now())
    for delivery_id in rung.deliveries:
        await _ring(ctx, delivery_id)
    if rung.event:
        await ctx["bell"].ring(rung.event, rung.channels)
    return len(rung.deliveries)


async def push_send(ctx: dict[str, Any], delivery_id: str) -> None:
    """Send one message; tries again later when the push service is busy or away."""
    tried = await deliver(UUID(delivery_id), ctx["push"], ctx["settings"], clock.now())
    if tried is not None and tried.wait_s is not None:
        raise Retry(defer=timedelta(seconds=tried.wait_s))


async def sweep(ctx: dict[str, Any]) -> None:
    """Ring again for alarms that nobody was told of and messages that still wait: the queue may have lost them."""
    now = clock.now()
    alarms, messages = await not_rung(now, STALE_AFTER), await stuck(now, LOST_AFTER)
    for alarm_id in alarms:
        await ctx["queue"].enqueue("alarm.raised", str(alarm_id), job_id=f"alarm.raised:{alarm_id}:sweep")
    for delivery_id in messages:
        await _ring(ctx, delivery_id)
    if alarms or messages:
        log.info("push.swept", alarms=len(alarms), messages=len(messages))


async def _ring(ctx: dict[str, Any], delivery_id: UUID) -> None:
    await ctx["queue"].enqueue("push.send", str(delivery_id), job_id=f"push.send:{delivery_id}")


FUNCTIONS: list[Function] = [func(alarm_raised, name="alarm.raised"), func(push_send, name="push.send")]
CRON_JOBS: list[CronJob] = [cron(sweep, name="push.sweep", second={5, 35})]
