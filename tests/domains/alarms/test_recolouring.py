"""Colours climb on time, once, and ring again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from redis.asyncio import Redis

from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.alarms.recolouring import recolour
from backend.domains.monitoring.models import Point
from backend.kit.live import Bell, LiveEvent
from backend.kit.queue import Queue
from tests.domains.monitoring.plant import Plant
from tests.people import People

pytestmark = pytest.mark.anyio
T = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


class FakeBell:
    """Keeps what was rung."""

    def __init__(self) -> None:
        self.rung: list[tuple[LiveEvent, list[str]]] = []

    async def ring(self, event: LiveEvent, channels: list[str]) -> None:
        self.rung.append((event, channels))


class FakeQueue:
    """Keeps what was enqueued."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, tuple[object, ...], str | None]] = []

    async def enqueue(self, name: str, *args: object, job_id: str | None = None) -> bool:
        self.jobs.append((name, args, job_id))
        return True


class Sweep:
    """A sweep with ears."""

    def __init__(self) -> None:
        self.bell, self.queue = FakeBell(), FakeQueue()

    async def at(self, minutes: float) -> int:
        """How many climbed."""
        now = T + timedelta(minutes=minutes)
        return len(await recolour(now, cast(Bell, self.bell), cast(Queue, self.queue)))


async def due(plant: Plant, point: Point, minutes: float, **fields: object) -> Alarm:
    return await plant.alarm(point, T, rises_at=T + timedelta(minutes=minutes), **fields)


async def colour(alarm: Alarm) -> tuple[int, datetime | None]:
    row = await Alarm.get(id=alarm.id)
    return row.risk_level, row.rises_at


async def test_level_1_turns_yellow_after_half_an_hour_once(people: People) -> None:
    plant, sweep = await Plant.build(people.own), Sweep()
    alarm = await due(plant, plant.level, 30)
    assert [await sweep.at(29.9), await colour(alarm)] == [0, (0, T + timedelta(minutes=30))]
    assert [await sweep.at(30), await colour(alarm)] == [1, (1, None)]
    assert [await sweep.at(31), await sweep.at(90)] == [0, 0]
    raised, climbed = await AlarmEvent.filter(alarm_id=alarm.id).order_by("id")
    assert (climbed.kind, climbed.risk_level, climbed.level, raised.risk_level) == ("recoloured", 1, 1, 0)
    (ring, channels) = sweep.bell.rung[0]
    assert (ring.name, ring.data, ring.id) == ("alarm", {"id": str(alarm.id)}, climbed.id)
    assert channels == [f"enterprise:{people.own.id}", "area:370305", "area:*"]
    assert sweep.queue.jobs == [("alarm.raised", (str(alarm.id),), f"alarm.raised:{alarm.id}:colour-1")]


@pytest.mark.parametrize(("grade", "after"), [(1, 3), (2, 3), (3, 2)])
async def test_lasting_level_2_turns_red_at_a_grave_hazard(people: People, grade: int, after: int) -> None:
    plant, sweep = await Plant.build(people.own, grade=grade), Sweep()
    alarm = await due(plant, plant.level, 5, level=2)
    await sweep.at(5)
    assert await colour(alarm) == (after, None)


async def test_cleared_and_late_alarms_stay_as_they_are(people: People) -> None:
    plant, sweep = await Plant.build(people.own), Sweep()
    cleared = await due(plant, plant.level, 5, level=2, cleared_at=T)
    late = await due(plant, plant.gas, 5, late=True)
    assert await sweep.at(60) == 0
    assert [(await colour(cleared))[0], (await colour(late))[0]] == [2, 0]


async def test_two_detectors_at_level_2_are_a_leak(people: People) -> None:
    plant, sweep = await Plant.build(people.own, grade=4), Sweep()
    one = await plant.alarm(plant.gas, T, level=2)
    assert await sweep.at(1) == 0
    two = await plant.alarm(plant.gas2, T + timedelta(minutes=4), level=2)
    assert await sweep.at(4) == 2
    assert [await colour(one), await colour(two)] == [(3, None), (3, None)]
    assert await sweep.at(5) == 0


async def test_detectors_far_apart_in_time_or_place_are_no_leak(people: People) -> None:
    plant, other, sweep = await Plant.build(people.own), await Plant.build(people.neighbour), Sweep()
    await plant.alarm(plant.gas, T, level=2)
    await plant.alarm(plant.gas2, T + timedelta(minutes=6), level=2)
    await other.alarm(other.gas, T, level=2)
    await other.alarm(other.gas2, T, level=1)
    assert await sweep.at(6) == 0


async def test_a_tank_and_a_detector_are_no_leak(people: People) -> None:
    plant, sweep = await Plant.build(people.own, grade=4), Sweep()
    await plant.alarm(plant.gas, T, level=2)
    await plant.alarm(plant.level, T, level=2)
    assert await sweep.at(1) == 0


async def test_lost_redis_does_not_stop_the_sweep(people: People) -> None:
    plant = await Plant.build(people.own)
    alarm = await due(plant, plant.level, 30)
    async with Redis(host="127.0.0.1", port=1, socket_connect_timeout=1) as nowhere:
        await recolour(T + timedelta(minutes=30), Bell(nowhere), cast(Queue, FakeQueue()))
    assert await colour(alarm) == (1, None)
