"""Gateways that go and return: told once each time, and never because we were away ourselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.ingest.presence import SILENT_AFTER_MS
from tests.ingest.plant import NOW

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(plant, open_store):
    await plant.gateway("G1", "A")
    return await open_store()


async def told(con):
    return [kind for (kind,) in await con.fetch("select kind from gateway_event where kind <> 'birth' order by id")]


async def row(con):
    return tuple(await con.fetchrow("select online, lost_at from gateway"))


async def test_never_seen_is_not_lost(store, con, wire, clock):
    await store.take([wire.send("G1", "state", {"online": False}, retained=True)])
    clock.move(3600)
    await store.watch(0)
    assert await told(con) == []
    assert await row(con) == (False, None)


async def test_the_last_will_is_told_once_and_the_return_once(store, con, wire, clock):
    await store.take([wire.send("G1", "state", {"online": True})])
    assert await row(con) == (True, None)
    for _ in range(3):
        stored = await store.take([wire.send("G1", "state", {"online": False})])
    assert stored.presence == []
    assert await row(con) == (False, NOW)
    clock.move(10)
    await store.take([wire.send("G1", "state", {"online": True}), wire.send("G1", "state", {"online": True})])
    assert await told(con) == ["lost", "returned"]
    assert await row(con) == (True, None)


async def test_three_minutes_of_silence_are_told_once_and_a_frame_returns(store, con, wire, clock):
    await store.take([wire.birth("G1", "A"), wire.frame("G1", 1)])
    clock.move(SILENT_AFTER_MS / 1000)
    assert (await store.watch(0)).presence == []
    clock.move(1)
    assert len((await store.watch(0)).presence) == 1
    assert (await store.watch(0)).presence == []
    clock.move(1)
    await store.take([wire.frame("G1", 1)])
    assert await told(con) == ["lost", "returned"]


async def test_silence_counts_only_while_we_listen(store, con, wire, clock):
    await store.take([wire.birth("G1", "A"), wire.frame("G1", 1)])
    clock.move(3600)
    listening_since = clock.ms
    clock.move(179)
    assert (await store.watch(listening_since)).presence == []
    clock.move(2)
    assert len((await store.watch(listening_since)).presence) == 1


async def test_a_restart_remembers_who_is_lost(store, con, wire, clock, open_store):
    await store.take([wire.birth("G1", "A"), wire.frame("G1", 1), wire.send("G1", "state", {"online": False})])
    store = await open_store()
    # What brokers retain comes again at every subscription and proves nothing.
    await store.take([wire.send("G1", "state", {"online": False}, retained=True)])
    await store.take([wire.send("G1", "state", {"online": True}, retained=True), wire.birth("G1", "A")])
    assert await told(con) == ["lost"]
    await store.take([wire.frame("G1", 1, t=clock.move(1))])
    assert await told(con) == ["lost", "returned"]


async def test_lost_while_we_were_away_is_told_when_we_learn_it(store, con, wire, open_store):
    await store.take([wire.birth("G1", "A"), wire.frame("G1", 1)])
    store = await open_store()
    await store.take([wire.send("G1", "state", {"online": False}, retained=True)])
    assert await told(con) == ["lost"]


async def test_the_last_arrival_is_stored_now_and_then(store, con, wire, clock):
    await store.take([wire.birth("G1", "A"), wire.frame("G1", 1)])
    clock.move(5)
    await store.take([wire.frame("G1", 1)])
    assert await con.fetchval("select last_frame_at from gateway") == NOW
    clock.move(5)
    await store.take([wire.frame("G1", 1)])
    assert await con.fetchval("select last_frame_at from gateway") == NOW + timedelta(seconds=10)
