"""`anlan ingest`: hold the stream for as long as the process lives, whatever breaks around it."""

from __future__ import annotations

import asyncio
import secrets
import signal
from contextlib import suppress

import asyncpg
import structlog
from aiomqtt import MqttError
from arq.connections import ArqRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.db import open_database
from backend.domains.monitoring.announcing import CONFIG_CHANNEL
from backend.ingest.announcing import Announcer
from backend.ingest.link import open_link
from backend.ingest.store import Store, StoreLost
from backend.ingest.stream import Stream
from backend.kit import clock
from backend.kit.live import Bell
from backend.kit.queue import Queue, pack, unpack
from backend.kit.secrets import secret
from backend.settings import Settings

log = structlog.get_logger()

IDENTIFIER = "ingest.identifier"
# On the way out, what was stored is still told, if Redis takes it.
TOLD_WITHIN_S = 2
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)


async def run_ingest(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Drain the broker into the database until `stop` is set or a SIGTERM or SIGINT comes; then finish the batch."""
    assert settings.database_url, "ingest is given its addresses"
    assert settings.redis_url, "ingest is given its addresses"
    assert settings.mqtt_url, "ingest is given its addresses"
    stop = stop or _stop_on_signal()
    changed = asyncio.Event()
    redis: Redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    queue = _queue(settings.redis_url)
    announcer = Announcer(redis, Bell(redis), queue)
    beside = [
        asyncio.create_task(_hear_changes(settings.redis_url, changed)),
        asyncio.create_task(announcer.run()),
    ]
    try:
        await _hold(settings, redis, announcer, changed, stop)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(TOLD_WITHIN_S):
                await announcer.drain()
        await queue.close()
        await redis.aclose()
        log.info("ingest.stopped")


def _queue(redis_url: str) -> Queue:
    """The queue, without waiting for a Redis that may be away: what cannot be rung is found by a sweep."""
    pool = ArqRedis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2)
    pool.job_serializer, pool.job_deserializer = pack, unpack
    return Queue(pool)


async def _hold(
    settings: Settings, redis: Redis, announcer: Announcer, changed: asyncio.Event, stop: asyncio.Event
) -> None:
    failures, identifier = 0, ""
    while not stop.is_set():
        store: Store | None = None
        try:
            identifier = identifier or await _identifier(settings.database_url or "")
            store = await Store.open(settings.database_url or "", redis, clock.now)
            failures = 0
            await _drain(settings, identifier, store, announcer, changed, stop)
        except (StoreLost, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as exc:
            log.warning("ingest.database_lost", error=repr(exc))
        finally:
            if store is not None:
                await store.close()
        failures = await _pause(failures, stop)


async def _drain(
    settings: Settings,
    identifier: str,
    store: Store,
    announcer: Announcer,
    changed: asyncio.Event,
    stop: asyncio.Event,
) -> None:
    """Drain one link after the other; raises StoreLost, for then memory must be read anew."""
    failures = 0
    while not stop.is_set():
        try:
            async with open_link(settings.mqtt_url or "", identifier, clock.now) as link:
                log.info("ingest.ready", gateways=len(store.city.gateways), points=len(store.city.points))
                failures = 0
                await Stream(link, store, announcer, changed, stop).run()
        except MqttError as lost:
            log.warning("ingest.broker_lost", error=str(lost))
        failures = await _pause(failures, stop)


async def _identifier(database_url: str) -> str:
    """Our client identifier: made once, and kept as a secret, because whoever uses it takes our session over."""
    async with open_database(database_url, pool_size=1, everywhere=False):
        return await secret(IDENTIFIER, lambda: f"ingest-{secrets.token_hex(16)}")


async def _hear_changes(redis_url: str, changed: asyncio.Event) -> None:
    """Set `changed` when somebody says that the configuration changed; without Redis the poll finds it."""
    while True:
        with suppress(RedisError, OSError):
            async with Redis.from_url(redis_url) as redis, redis.pubsub() as told:
                await told.subscribe(CONFIG_CHANNEL)
                async for message in told.listen():
                    if message["type"] == "message":
                        changed.set()
        await asyncio.sleep(1)


async def _pause(failures: int, stop: asyncio.Event) -> int:
    if not stop.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(RETRY_S[min(failures, len(RETRY_S) - 1)]):
                await stop.wait()
    return failures + 1


def _stop_on_signal() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
