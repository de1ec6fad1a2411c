"""`anlan ingest`: hold the streams of our regions for as long as the process lives, whatever breaks around it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import asyncpg
import structlog
from arq.connections import ArqRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.domains.monitoring.announcing import CONFIG_CHANNEL
from backend.ingest.announcing import Announcer
from backend.ingest.identifiers import identifiers_of
from backend.ingest.leases import RENEW_EVERY_S, Leases
from backend.ingest.links import Links
from backend.ingest.meter import TELL_EVERY_S, Meter
from backend.ingest.retiring import retire_undivided
from backend.ingest.store import Store, StoreLost
from backend.ingest.stream import Stream
from backend.ingest.tasks import end
from backend.kit import clock
from backend.kit.live import Bell
from backend.kit.meters import forget_meters, tell_meters
from backend.kit.queue import Queue, pack, unpack
from backend.settings import Settings

log = structlog.get_logger()

# On the way out, what was stored is still told, if Redis takes it.
TOLD_WITHIN_S = 2
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)


async def run_ingest(
    settings: Settings,
    stop: asyncio.Event | None = None,
    *,
    wished: Sequence[str] | None = None,
    stands_in: bool = True,
) -> None:
    """Drain the broker into the database until `stop` is set or a SIGTERM or SIGINT comes; then finish the batch.

    wished: the regions to hold, None = all. stands_in: also take those that have been left without an owner.
    """
    assert settings.database_url, "ingest is given its addresses"
    assert settings.redis_url, "ingest is given its addresses"
    assert settings.mqtt_url, "ingest is given its addresses"
    stop = stop or _stop_on_signal()
    changed, meter = asyncio.Event(), Meter()
    redis: Redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    queue = _queue(settings.redis_url)
    announcer = Announcer(redis, Bell(redis), queue)
    beside = [
        asyncio.create_task(_hear_changes(settings.redis_url, changed)),
        asyncio.create_task(announcer.run()),
    ]
    try:
        await _hold(settings, redis, announcer, meter, changed, stop, wished, stands_in)
    finally:
        await end(beside)
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
    settings: Settings,
    redis: Redis,
    announcer: Announcer,
    meter: Meter,
    changed: asyncio.Event,
    stop: asyncio.Event,
    wished: Sequence[str] | None,
    stands_in: bool,
) -> None:
    """One store after the other: a database that was lost, or a right to our regions, means reading memory anew."""
    failures, url = 0, settings.database_url or ""
    while not stop.is_set():
        store: Store | None = None
        beside: list[asyncio.Task[None]] = []
        links: Links | None = None
        try:
            store = await Store.open(url, redis, clock.now, wished, stands_in=stands_in)
            links = Links(settings.mqtt_url or "", partial(identifiers_of, store.con), clock.now)
            beside = [
                asyncio.create_task(_renew(url, store.leases)),
                asyncio.create_task(_tell_meter(redis, store.leases.owner, meter)),
                asyncio.create_task(_retire(settings, links)),
            ]
            failures = 0
            await Stream(links, store, announcer, changed, stop, meter).run()
        except (StoreLost, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as exc:
            log.warning("ingest.database_lost", error=repr(exc))
        finally:
            await end(beside)
            if links is not None:
                await links.close()
            if store is not None:
                await store.close()
                with suppress(RedisError, OSError):
                    await forget_meters(redis, store.leases.owner)
        failures = await _pause(failures, stop)


async def _renew(database_url: str, leases: Leases) -> None:
    """Say that we are alive for as long as we are; on a connection of its own, for a batch may keep the other busy."""
    while True:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            con = await asyncpg.connect(database_url, timeout=RENEW_EVERY_S, command_timeout=RENEW_EVERY_S)
            try:
                while True:
                    await leases.renew(con)
                    await asyncio.sleep(RENEW_EVERY_S)
            finally:
                con.terminate()
        await asyncio.sleep(RENEW_EVERY_S / 2)


async def _retire(settings: Settings, links: Links) -> None:
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        await retire_undivided(settings.database_url or "", settings.mqtt_url or "", clock.now, links.came)


async def _tell_meter(redis: Redis, process: str, meter: Meter) -> None:
    while True:
        with suppress(RedisError, OSError):
            await tell_meters(redis, process, meter.families())
        await asyncio.sleep(TELL_EVERY_S)


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
