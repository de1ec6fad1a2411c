from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domains.risk import score
from backend.domains.risk.models import RiskParamSet, RiskScore, RiskState
from backend.domains.risk.parameters import load_parameters
from backend.domains.risk.service import score_hazards
from backend.kit.live import LiveEvent
from tests.domains.risk.world import Plant, build_plant, set_limits
from tests.people import LINZI, make_enterprise

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEALTHY = (50.0, 20.0, 60.0)


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


class FakeBell:
    """Remembers what was rung."""

    def __init__(self) -> None:
        self.rung: list[tuple[LiveEvent, list[str]]] = []

    async def ring(self, event: LiveEvent, channels: list[str]) -> None:
        self.rung.append((event, channels))


@pytest.fixture
async def plant(db: None) -> Plant:
    enterprise = await make_enterprise("370305777", "淄博测试化工有限公司", LINZI)
    return await build_plant(enterprise, NOW)


async def state_of(plant: Plant) -> RiskState:
    return await RiskState.get(object_id=plant.hazard.id)


async def test_a_quiet_hazard_is_blue_and_its_first_score_is_stored(plant: Plant) -> None:
    await plant.send(NOW, *HEALTHY)
    done = await score_hazards(NOW)
    assert (done.hazards, done.stored) == (1, 1)
    state = await state_of(plant)
    assert (state.level, state.score) == (0, pytest.approx(6.0))
    assert state.parts == pytest.approx({"base": 6.0, "proc": 0.0, "ack": 0.0, "dq": 0.0})
    assert [cause["sentence"] for cause in state.why] == ["固有风险 三级重大危险源，贡献 6.0 分"]
    assert (state.adcode, state.as_of, state.checked_at) == (LINZI, NOW, NOW)
    stored = await RiskScore.get(id=state.score_id)
    assert (stored.object_id, stored.level, stored.param_version) == (plant.hazard.id, 0, "rm-1.0.0")


async def test_a_stored_score_is_reproduced_from_its_input_and_parameters(plant: Plant) -> None:
    await plant.send(NOW, 86.3, 41.7, None, rise=0.21)
    await plant.alarm(after(-17.3))
    await score_hazards(NOW)
    stored = await RiskScore.get(object_id=plant.hazard.id)
    params = (await RiskParamSet.get(version=stored.param_version)).params
    again = score(stored.model, stored.input, load_parameters(params))
    assert again["score"] == pytest.approx(stored.score, abs=1e-9)
    assert again["parts"] == pytest.approx(stored.parts, abs=1e-9)
    assert stored.tree["points"] == pytest.approx(stored.score)
    assert stored.level == stored.level_raw == 2


async def test_what_does_not_change_is_looked_at_and_not_stored(plant: Plant) -> None:
    await plant.send(after(1), *HEALTHY, minutes=16)
    await score_hazards(NOW)
    done = await score_hazards(after(1))
    assert done.stored == 0
    state = await state_of(plant)
    assert (state.as_of, state.checked_at) == (NOW, after(1))
    assert await RiskScore.all().count() == 1


async def test_every_hazard_is_stored_at_least_hourly_and_without_its_tree(plant: Plant) -> None:
    await plant.send(after(60), *HEALTHY, minutes=75)
    await score_hazards(NOW)
    assert (await score_hazards(after(59))).stored == 0
    assert (await score_hazards(after(60))).stored == 1
    newest = await RiskScore.all().order_by("-as_of").first()
    assert newest is not None
    assert (newest.as_of, newest.tree) == (after(60), {})
    assert newest.input["tanks"]


async def test_a_high_high_alarm_turns_the_hazard_orange_at_once_and_pages_are_told(plant: Plant) -> None:
    await plant.send(NOW, *HEALTHY)
    await score_hazards(NOW)
    await plant.send(after(0.5), 91.0, 20.0, 60.0, minutes=0.5)
    await plant.alarm(after(0.4), level=2)
    bell = FakeBell()
    done = await score_hazards(after(0.5), [plant.hazard.id], bell)  # type: ignore[arg-type]  # rings like the real one.
    assert (done.hazards, done.stored, done.rung) == (1, 1, 1)
    state = await state_of(plant)
    assert (state.level, state.level_changed_at) == (2, after(0.5))
    assert "高于高高限 90 %" in state.why[0]["sentence"]
    (event, channels) = bell.rung[0]
    assert event.name == "risk"
    assert (event.data["hazardId"], event.data["level"]) == (str(plant.hazard.id), 2)
    assert channels == [f"enterprise:{plant.hazard.enterprise_id}", f"area:{LINZI}", "area:*"]


async def test_the_level_falls_slowly(plant: Plant) -> None:
    await plant.send(NOW, 91.0, 20.0, 60.0)
    alarm = await plant.alarm(after(-1), level=2, acknowledged_at=NOW)
    await score_hazards(NOW)
    alarm.cleared_at, alarm.level = after(1), None
    await alarm.save()
    await plant.send(after(40), *HEALTHY, minutes=39)
    shown = []
    for minute in (2, 10, 21, 23, 40):
        await score_hazards(after(minute))
        state = await state_of(plant)
        shown.append(state.level)
    assert shown == [2, 2, 2, 1, 1]
    assert state.score < 50


async def test_silence_holds_what_was_read_and_turns_yellow_then_orange(plant: Plant) -> None:
    await plant.send(NOW, *HEALTHY)
    for minute in (0, 1, 4, 8, 12):
        await score_hazards(after(minute))
    state = await state_of(plant)
    assert state.level == 1
    assert state.dark_since is not None
    assert state.input["tanks"][0]["points"][0]["value"] == 50.0
    for hours in (1, 4, 12):
        await score_hazards(after(60 * hours))
    state = await state_of(plant)
    assert state.level == 2
    assert state.input["tanks"][0]["points"][0]["value"] == 50.0
    assert state.input["tanks"][0]["points"][0]["age_s"] == pytest.approx(12 * 3600)
    assert state.input["dark_h"] == pytest.approx(12 - 540 / 3600, abs=0.1)


async def test_a_worker_that_was_away_dates_the_darkness_by_the_last_sample(plant: Plant) -> None:
    await plant.send(NOW, *HEALTHY)
    await score_hazards(NOW)
    await score_hazards(after(6 * 60))
    assert (await state_of(plant)).dark_since == after(9)


async def test_data_that_return_end_the_darkness(plant: Plant) -> None:
    await score_hazards(NOW)
    assert (await state_of(plant)).level == 1
    await plant.send(after(1), *HEALTHY, minutes=1)
    await score_hazards(after(1))
    state = await state_of(plant)
    assert (state.dark_since, state.score) == (None, pytest.approx(6.0))


async def test_the_limits_in_force_are_those_that_count(plant: Plant) -> None:
    await plant.send(after(10), 82.0, 20.0, 60.0, minutes=25)
    await score_hazards(NOW)
    await set_limits(plant.points[0], (5.0, 10.0, 80.0, 90.0), after(5), version=2)
    await score_hazards(after(4))
    assert (await state_of(plant)).score == pytest.approx(6.0)
    await score_hazards(after(6))
    assert (await state_of(plant)).score > 30


async def test_an_older_run_never_overwrites_a_newer_one(plant: Plant) -> None:
    await plant.send(after(2), *HEALTHY, minutes=17)
    await score_hazards(after(2))
    done = await score_hazards(after(1))
    assert done.stored == 0
    assert (await state_of(plant)).checked_at == after(2)


async def test_a_hazard_with_nothing_connected_is_yellow(plant: Plant) -> None:
    from backend.domains.enterprises.models import MajorHazard

    bare = await MajorHazard.create(enterprise_id=plant.hazard.enterprise_id, code="bare", name="空", grade=4)
    await score_hazards(NOW, [bare.id])
    state = await RiskState.get(object_id=bare.id)
    assert (state.level, state.parts["dq"]) == (1, pytest.approx(0.97 * 40))


async def test_a_hazard_that_only_has_detectors_belongs_to_another_model(plant: Plant) -> None:
    from backend.domains.enterprises.models import GasDetector, MajorHazard

    enterprise_id = plant.hazard.enterprise_id
    unit = await MajorHazard.create(enterprise_id=enterprise_id, code="unit", name="装置", grade=4)
    await GasDetector.create(enterprise_id=enterprise_id, hazard_id=unit.id, code="G1", name="G1", gas="comb")
    assert (await score_hazards(NOW, [unit.id])).hazards == 0


async def test_a_change_of_layout_within_the_window_loses_nothing(plant: Plant) -> None:
    await plant.send(after(-6), 50.0, 20.0, 60.0, minutes=9)
    first, second, third = plant.points
    plant.layout = await type(plant.layout).create(
        gateway_id=plant.gateway.id,
        number=2,
        tags=["?", third.tag, first.tag, second.tag],
        point_ids=[0, third.id, first.id, second.id],
        received_at=after(-6),
    )
    await plant.send(NOW, None, 61.0, 51.0, 21.0, minutes=5.9)
    await score_hazards(NOW)
    values = [p["value"] for tank in (await state_of(plant)).input["tanks"] for p in tank["points"]]
    assert values == [51.0, 21.0, 61.0]


async def test_repeats_and_overdue_alarms_are_read_from_the_record(plant: Plant) -> None:
    await plant.send(NOW, *HEALTHY)
    for hours in (5, 4, 3):
        await plant.alarm(
            after(-60 * hours), level=None, start_level=1, worst_level=1, cleared_at=after(-60 * hours + 20),
            acknowledged_at=after(-60 * hours + 5),
        )  # fmt: skip  # one alarm is one line of thought.
    waiting = await plant.alarm(after(-50), cleared_at=after(-40), level=None, start_level=1, worst_level=1)
    await score_hazards(NOW)
    inp: dict[str, Any] = (await state_of(plant)).input
    assert inp["rep_max"] == 4
    assert [(alarm["id"], alarm["overdue_min"]) for alarm in inp["alarms"]] == [(str(waiting.id), 20.0)]
    assert inp["tanks"][0]["points"][0]["since_clear_min"] == 40.0
