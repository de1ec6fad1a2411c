from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domains.risk import jobs
from backend.domains.risk.models import RiskState
from backend.domains.risk.service import score_hazards
from backend.kit import clock
from backend.kit.live import LiveEvent
from tests.domains.risk.world import Plant, build_plant
from tests.people import LINZI, make_enterprise

pytestmark = pytest.mark.anyio


class FakeBell:
    """Remembers what was rung."""

    def __init__(self) -> None:
        self.rung: list[LiveEvent] = []

    async def ring(self, event: LiveEvent, channels: list[str]) -> None:
        self.rung.append(event)


@pytest.fixture
async def plants(db: None) -> list[Plant]:
    now = datetime.now(UTC)
    enterprise = await make_enterprise("370305777", "淄博测试化工有限公司", LINZI)
    return [await build_plant(enterprise, now, code) for code in "AB"]


def job(name: str) -> Any:
    found = [each for each in (*jobs.FUNCTIONS, *jobs.CRON_JOBS) if each.name == name]
    return found[0].coroutine


async def test_every_minute_all_hazards_are_scored(plants: list[Plant]) -> None:
    bell = FakeBell()
    await job("risk.scored")({"bell": bell})
    assert await RiskState.all().count() == 2
    assert len(bell.rung) == 2


async def test_an_alarm_has_its_hazard_scored_at_once_and_no_other(plants: list[Plant]) -> None:
    alarm = await plants[1].alarm(clock.now(), level=2)
    await job("risk.alarmed")({"bell": FakeBell()}, str(alarm.id))
    assert [state.object_id for state in await RiskState.all()] == [plants[1].hazard.id]


async def test_an_alarm_outside_a_hazard_scores_nothing(plants: list[Plant]) -> None:
    alarm = await plants[1].alarm(clock.now(), level=2, hazard_id=None)
    assert await job("risk.alarmed")({"bell": FakeBell()}, str(alarm.id)) is None
    assert await RiskState.all().count() == 0


async def test_a_grave_alarm_whose_bell_was_lost_is_found_and_not_found_again(plants: list[Plant]) -> None:
    now = clock.now()
    await score_hazards(now - timedelta(minutes=1))
    await plants[0].alarm(now - timedelta(seconds=30), level=2)
    await plants[1].alarm(now - timedelta(seconds=30), level=1)
    bell = FakeBell()
    await job("risk.swept")({"bell": bell})
    states = {state.object_id: state for state in await RiskState.all()}
    assert states[plants[0].hazard.id].checked_at >= now
    assert states[plants[1].hazard.id].checked_at < now
    seen = states[plants[0].hazard.id].checked_at
    await job("risk.swept")({"bell": bell})
    assert (await RiskState.get(object_id=plants[0].hazard.id)).checked_at == seen
