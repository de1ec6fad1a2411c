"""A gateway of the demo city, running."""

from __future__ import annotations

import asyncio

import pytest

from backend.simulator.city import make_city
from backend.simulator.dynamics.troubles import Troubles
from backend.simulator.gateway_client import BrokerAddress
from backend.simulator.incidents import plan_incident
from backend.simulator.live_gateway import LiveGateway, RunningIncident
from tests.services import Services
from tests.simulator.test_gateway_client import listening

pytestmark = pytest.mark.anyio

INTERVAL_S = 1.0


@pytest.fixture
def no_troubles(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour in which nothing fails by itself; which one it is depends on the day of the test."""
    for name in ("excursions", "ailments", "outages"):
        monkeypatch.setattr(Troubles, name, lambda self, start, end: [])


async def test_it_measures_in_step_and_an_incident_bends_what_it_measures(
    services: Services, no_troubles: None
) -> None:
    city = make_city()
    incident = plan_incident(city, "overfill")
    plan, enterprise = incident.gateway, incident.enterprise
    broker = services.broker
    secret = broker.admit(plan.code, enterprise.adcode, enterprise.code)
    gateway = LiveGateway(
        plan, enterprise, secret, BrokerAddress(broker.host, broker.port), seed=city.seed, interval_s=INTERVAL_S
    )
    stop = asyncio.Event()
    told: list[str] = []
    async with listening(broker, plan.code) as heard:
        running = asyncio.create_task(gateway.run(stop))
        await heard.until(lambda: len(heard.numbers) >= 3)
        level = next(i for i, p in enumerate(plan.points) if p.tank == incident.target and p.kind == "level")
        course = incident.course(gateway.usual(1_790_000_000.0), 20.0)
        h = plan.points[level].in_force.h
        assert h is not None
        happening = gateway.begin(course, told.append, hold=False)
        frames = [payload for kind, payload, _ in heard.heard if kind == "frame"]
        assert all(frame["v"][level] < h for frame in frames)
        await heard.until(lambda: any(f["v"][level] >= h for k, f, _ in heard.heard if k == "frame"))
        assert gateway.incidents == [happening]
        stop.set()
        await asyncio.wait_for(running, 10)
        await heard.until(lambda: heard.states()[-1] is False)
    frames = [payload for kind, payload, _ in heard.heard if kind == "frame"]
    assert [frame["n"] for frame in frames] == list(range(1, len(frames) + 1))
    times = [frame["t"] for frame in frames]
    assert times == sorted(set(times))
    assert times[1] - times[0] == times[2] - times[1] == round(INTERVAL_S * 1000)
    assert all(len(frame["v"]) == len(plan.points) for frame in frames)
    assert told
    assert incident.target in told[0]
    broker.dismiss(plan.code)


def test_a_held_incident_stands_still_until_it_is_let_go() -> None:
    city = make_city()
    course = plan_incident(city, "overfill").course([50.0] * 200, 1.0)
    running = RunningIncident(course, 1000.0, lambda words: None, hold=True)
    assert running.at_s(1010.0) == 10.0
    assert running.at_s(1000.0 + course.lasts_s) == course.holds_at_s
    assert running.at_s(1000.0 + 3 * course.lasts_s) == course.holds_at_s
    running.hold = False
    let_go = 1000.0 + 3 * course.lasts_s
    assert running.at_s(let_go + 30) == pytest.approx(course.holds_at_s + 30)


def test_each_stage_is_told_once_and_the_last_ends_it() -> None:
    told: list[str] = []
    course = plan_incident(make_city(), "leak").course([0.0] * 200, 1.0)
    running = RunningIncident(course, 0.0, told.append, hold=False)
    for second in range(0, int(course.lasts_s) + 10, 7):
        running.tell_stages(float(second))
    assert len(told) == len(course.stages)
    assert running.over.is_set()
