"""What is told after a commit, and that a storm or a lost Redis holds nothing up."""

from __future__ import annotations

import asyncio
import time

import pytest
from redis.asyncio import Redis

from backend.domains.monitoring.last_values import read_last_values
from backend.ingest.announcing import BACKLOG, Announcer
from backend.kit.live import Bell, enterprise_channel
from backend.kit.queue import Queue

pytestmark = pytest.mark.anyio


@pytest.fixture
async def announcer(redis, services):
    queue = await Queue.connect(services.redis_url)
    yield Announcer(redis, Bell(redis), queue)
    await queue.close()


async def jobs(redis):
    return sorted(key.decode().removeprefix("arq:job:") for key in await redis.keys("arq:job:*"))


async def test_a_grave_alarm_rings_the_ladder_and_the_scoring(plant, open_store, wire, redis, announcer, con):
    await plant.gateway("G1", "A", "B", h=80, hh=90)
    store = await open_store()
    announcer.tell(store.city, await store.take([wire.birth("G1", "A", "B"), wire.frame("G1", 85, 95)]))
    await announcer.drain()
    level = {row["id"]: row["level"] for row in await con.fetch("select id, level from alarm")}
    expected = [f"alarm.raised:{id_}:{level[id_]}" for id_ in level]
    expected += [f"risk.alarmed:{id_}" for id_ in level if level[id_] == 2]
    assert await jobs(redis) == sorted(expected)
    assert (await read_last_values(redis, [1]))[2].value == 95


async def test_late_alarms_ring_nobody_and_pages_still_learn_of_them(plant, open_store, wire, redis, announcer, clock):
    pages = redis.pubsub()
    await pages.subscribe(enterprise_channel(plant.enterprise_id))
    await plant.gateway("G1", "A", hh=90)
    store = await open_store()
    late = wire.frame("G1", 95, t=clock.ms - 120_000)
    announcer.tell(store.city, await store.take([wire.birth("G1", "A"), late]))
    await announcer.drain()
    assert await jobs(redis) == []
    heard = [await pages.get_message(timeout=1) for _ in range(2)]
    assert b'"name":"alarm"' in heard[-1]["data"]


async def test_a_storm_of_alarms_is_told_quickly(plant, open_store, wire, redis, announcer):
    tags = [f"T{place}" for place in range(1000)]
    await plant.gateway("G1", *tags, hh=90)
    store = await open_store()
    stored = await store.take([wire.birth("G1", *tags), wire.frame("G1", *[95] * 1000)])
    assert len(stored.episodes.rings) == 1000
    began = time.monotonic()
    announcer.tell(store.city, stored)
    await announcer.drain()
    assert time.monotonic() - began < 10
    assert len(await jobs(redis)) == 2000


async def test_a_gateway_that_goes_and_returns_is_shown(plant, open_store, wire, redis, announcer):
    pages = redis.pubsub()
    await pages.subscribe(enterprise_channel(plant.enterprise_id))
    await plant.gateway("G1", "A")
    store = await open_store()
    states = [wire.send("G1", "state", {"online": online}) for online in (True, False, True)]
    announcer.tell(store.city, await store.take(states))
    await announcer.drain()
    heard = [await pages.get_message(timeout=1) for _ in range(3)]
    assert [b'"kind":"lost"' in each["data"] for each in heard[1:]] == [True, False]


async def test_a_backlog_without_redis_is_bounded(plant, open_store, wire):
    away: Redis = Redis.from_url("redis://127.0.0.1:9/0")
    announcer = Announcer(away, Bell(away), Queue(away))
    await plant.gateway("G1", "A")
    store = await open_store()
    stored = await store.take([wire.birth("G1", "A"), wire.frame("G1", 1)])
    for _ in range(BACKLOG * 2):
        announcer.tell(store.city, stored)
    assert len(announcer._told) == BACKLOG
    async with asyncio.timeout(10):
        await announcer.drain()
    await away.aclose()
