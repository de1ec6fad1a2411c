"""The worker: collects the jobs and the cron entries of all domains."""

from __future__ import annotations

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from arq.cron import CronJob
from arq.worker import Function, Worker
from redis.asyncio import Redis

from backend.db import open_database
from backend.domains.alarms import jobs as alarm_jobs
from backend.domains.monitoring import jobs as point_jobs
from backend.domains.monitoring.history import jobs as history_jobs
from backend.domains.notifications import jobs as push_jobs
from backend.domains.notifications.sending import open_push
from backend.domains.outages import jobs as gap_jobs
from backend.domains.risk import jobs as risk_jobs
from backend.kit.live import Bell
from backend.kit.queue import JOB_TIMEOUT_S, Queue, pack, redis_settings, unpack
from backend.settings import Settings

log = structlog.get_logger()

FUNCTIONS: list[Function] = [
    *alarm_jobs.FUNCTIONS,
    *history_jobs.FUNCTIONS,
    *push_jobs.FUNCTIONS,
    *risk_jobs.FUNCTIONS,
    *gap_jobs.FUNCTIONS,
    *point_jobs.FUNCTIONS,
]
CRON_JOBS: list[CronJob] = [
    *alarm_jobs.CRON_JOBS,
    *history_jobs.CRON_JOBS,
    *push_jobs.CRON_JOBS,
    *risk_jobs.CRON_JOBS,
    *gap_jobs.CRON_JOBS,
    *point_jobs.CRON_JOBS,
]


async def _ready(_context: dict[str, Any]) -> None:
    log.info("worker.ready")


async def run_worker(settings: Settings) -> None:
    """Work until told to stop; a lost Redis ends it, and the supervisor starts it again.

    Jobs find in their context: settings, queue, bell, redis, push. The ORM is open.
    """
    assert settings.database_url, "the worker is given its addresses"
    assert settings.redis_url, "the worker is given its addresses"
    redis: Redis = Redis.from_url(settings.redis_url)
    async with open_database(settings.database_url), open_push() as push:
        queue = await Queue.connect(settings.redis_url)
        worker = Worker(
            functions=FUNCTIONS,
            cron_jobs=CRON_JOBS,
            redis_settings=redis_settings(settings.redis_url),
            ctx={"settings": settings, "queue": queue, "bell": Bell(redis), "redis": redis, "push": push},
            on_startup=_ready,  # type: ignore[arg-type]  # arq types the context more narrowly than it calls.
            timezone=ZoneInfo(settings.timezone),  # type: ignore[arg-type]  # any tzinfo will do.
            job_serializer=pack,
            job_deserializer=unpack,
            job_timeout=JOB_TIMEOUT_S,
            keep_result=0,  # A finished job must not block the next one of the same id.
            poll_delay=0.1,
            max_jobs=20,
            health_check_interval=30,
        )
        try:
            await worker.async_run()
        except asyncio.CancelledError:
            log.info("worker.stopped")
        finally:
            await worker.close()
            await queue.close()
            await redis.aclose()
