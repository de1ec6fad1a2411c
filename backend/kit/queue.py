"""The job queue: a bell on top of the database. Losing it delays work, and never loses any."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import structlog
from arq import create_pool
from arq.connections import ArqRedis, RedisSettings
from redis.exceptions import RedisError

log = structlog.get_logger()

# Retries and in-progress marks follow from it: a killed worker's job runs again after this plus 10 s.
JOB_TIMEOUT_S = 30


def redis_settings(redis_url: str) -> RedisSettings:
    """Where the queue lives; waits briefly for a Redis that is just starting."""
    settings = RedisSettings.from_dsn(redis_url)
    settings.conn_retries, settings.conn_retry_delay = 20, 1
    return settings


def pack(job: dict[str, Any]) -> bytes:
    """Jobs are MessagePack, never pickle: whoever can write to Redis must not be able to run code here."""
    return msgspec.msgpack.encode(job, enc_hook=repr)


def unpack(raw: bytes) -> dict[str, Any]:
    """The inverse of `pack`."""
    return msgspec.msgpack.decode(raw, type=dict[str, Any])


class Queue:
    """Enqueues jobs; a lost Redis is logged, because a sweep finds again what was not rung."""

    def __init__(self, pool: ArqRedis) -> None:
        self.pool = pool

    @classmethod
    async def connect(cls, redis_url: str) -> Queue:
        """A queue on `redis_url`."""
        return cls(await create_pool(redis_settings(redis_url), job_serializer=pack, job_deserializer=unpack))

    async def enqueue(self, name: str, *args: Any, job_id: str | None = None, delay: timedelta | None = None) -> bool:
        """Ring for job `name` with ids as arguments; False when it was already waiting or Redis is away."""
        try:
            return await self.pool.enqueue_job(name, *args, _job_id=job_id, _defer_by=delay) is not None
        except (RedisError, OSError) as exc:
            log.warning("queue.not_rung", job=name, error=str(exc))
            return False

    async def close(self) -> None:
        """Let go of the connections."""
        await self.pool.aclose()
