"""The configuration changes while the stream runs: what is new is taken over, and what runs goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.ingest.plant import NOW
from tests.ingest.reading import rows

pytestmark = pytest.mark.anyio


async def test_new_limits_are_judged_by_and_named(store, con, wire, clock, plant):
    await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 70, 70, 70)])
    await plant.limits("A", version=2, h=60, deadband=1)
    await store.follow_configuration()
    clock.move(1)
    await store.take([wire.frame("G1", 70, 70, 70)])
    ((limit_value, version),) = await con.fetch(
        "select a.limit_value, l.version from alarm a join limit_set l on l.id = a.limit_set_id"
    )
    assert (limit_value, version) == (60, 2)


async def test_limits_wait_for_their_time(store, con, wire, clock, plant):
    await plant.limits("A", version=2, h=60, effective_from=NOW + timedelta(seconds=30))
    await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 70, 70, 70)])
    await store.follow_configuration()
    clock.move(29)
    await store.follow_configuration()
    await store.take([wire.frame("G1", 70, 70, 70)])
    assert await rows(con, "alarm", "id") == []
    clock.move(2)
    await store.follow_configuration()
    await store.take([wire.frame("G1", 70, 70, 70)])
    assert len(await rows(con, "alarm", "id")) == 1


async def test_a_change_keeps_alarms_and_delays(store, con, wire, clock, plant):
    await plant.limits("B", version=2, h=80, on_delay_s=60)
    await store.follow_configuration()
    await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 85, 85, 1)])
    await plant.gateway("G2", "X")
    await store.follow_configuration()
    clock.move(60)
    await store.take([wire.frame("G1", 85, 85, 1)])
    assert await rows(con, "alarm", "point_id", order="point_id") == [(1,), (2,)]


async def test_a_gateway_made_a_moment_ago_is_known(store, con, wire, plant):
    await plant.gateway("G2", "X", "Y")
    stored = await store.take([wire.birth("G2", "X", "Y"), wire.frame("G2", 1, 2)])
    assert (stored.frames, stored.refusals) == (1, 0)


async def test_a_point_made_a_moment_ago_is_known(store, con, wire, clock, plant):
    await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 85, 1, 1)])
    await plant.point("G1", "D", h=80)
    clock.move(1)
    named = wire.send("G1", "frame", {"t": clock.ms, "p": {"D": 95, "Z": 1}})
    stored = await store.take([wire.birth("G1", "A", "B", "C", "D", layout=2), named])
    assert (stored.frames, stored.refusals, len(stored.episodes.rings)) == (1, 1, 1)
    assert await rows(con, "layout", "point_ids", where="number = 2") == [([1, 2, 3, 4],)]
    assert len(await rows(con, "alarm", "id", where="cleared_at is null")) == 2


async def test_births_of_strangers_are_asked_for_again_when_they_become_known(store, wire, plant):
    await store.take([wire.birth("G2", "X")])
    assert not await store.follow_configuration()
    await plant.gateway("G3", "Y")
    assert not await store.follow_configuration()
    await plant.gateway("G2", "X")
    assert await store.follow_configuration()
    assert not await store.follow_configuration()
