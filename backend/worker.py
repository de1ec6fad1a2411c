"""The worker: collects the jobs and the cron entries of all domains."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import structlog
from arq.connections import RedisSettings
from arq.cron import CronJob
from arq.worker import Function, Worker
from redis.asyncio import Redis

from backend.db import open_database
from backend.kit.live import Bell
from backend.kit.queue import JOB_TIMEOUT_S, Queue, pack, redis_settings, unpack
from backend.settings import Settings

log = structlog.get_logger()

FUNCTIONS: list[Function] = []
CRON_JOBS: list[CronJob] = []


class WorkerSettings:
    """What arq reads; everything stands here, because inherited fields are not seen."""

    functions: ClassVar[list[Function]] = FUNCTIONS
    cron_jobs: ClassVar[list[CronJob]] = CRON_JOBS
    job_timeout = JOB_TIMEOUT_S
    # A finished job must not block the next one of the same id.
    keep_result = 0
    poll_delay = 0.1
    max_jobs = 20
    health_check_interval = 30
    job_serializer = pack
    job_deserializer = unpack


async def run_worker(settings: Settings) -> None:
    """Work until told to stop; a lost Redis ends it, and the supervisor starts it again."""
    assert settings.database_url and settings.redis_url, "the worker is given both addresses"
    connection: RedisSettings = redis_settings(settings.redis_url)
    async with open_database(settings.database_url):
        redis: Redis = Redis.from_url(settings.redis_url)
        queue = await Queue.connect(settings.redis_url)
        context: dict[str, Any] = {"settings": settings, "queue": queue, "bell": Bell(redis), "redis": redis}
        options: dict[str, Any] = {
            name: value for name, value in vars(WorkerSettings).items() if not name.startswith("_")
        }
        options["job_serializer"], options["job_deserializer"] = pack, unpack
        worker = Worker(
            **options, redis_settings=connection, ctx=context, timezone=ZoneInfo(settings.timezone), handle_signals=True
        )
        try:
            await worker.async_run()
        except asyncio.CancelledError:
            log.info("worker.stopped")
        finally:
            await worker.close()
            await queue.close()
            await redis.aclose()
