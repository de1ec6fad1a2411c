from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domains.risk import score
from backend.domains.risk.episodes import Episode
from backend.domains.risk.features import Before, PointFacts, TankFacts, everything_lost, tank_farm_input
from backend.domains.risk.parameters import default_parameters
from backend.domains.risk.samples import NO_READING, Reading

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RM = default_parameters()
LEVEL = PointFacts(1, "LT-1", "level", "%", 5.0, 10.0, 85.0, 90.0, 0.0, 100.0)
FLOW = PointFacts(2, "FT-1", "flow", "m³/h", range_lo=0.0, range_hi=100.0)
TANK = TankFacts("T-1", "一号罐", (LEVEL, FLOW))

STILL = Reading(50.0, "good", 5.0, 0.0, 50.0, 50.0, 895.0)
MOVING = Reading(50.0, "good", 5.0, 0.3, 46.0, 50.0, 895.0)
FLOWING = Reading(30.0, "good", 5.0, 0.0, 29.0, 31.0, 895.0)
AT_REST = Reading(0.2, "good", 5.0, 0.0, 0.0, 0.4, 895.0)


def features(
    level: Reading = MOVING, flow: Reading = AT_REST, before: Before | None = None, now: datetime = NOW, **given: Any
) -> dict[str, Any]:
    return tank_farm_input(3, [TANK], {1: level, 2: flow}, given.get("episodes", ()), now, RM, before)


def tank(inp: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = inp["tanks"][0]
    return found


def level(inp: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = tank(inp)["points"][0]
    return found


def later(inp: dict[str, Any], minutes: float = 1.0) -> tuple[Before, datetime]:
    return Before(inp, NOW), NOW + timedelta(minutes=minutes)


def test_a_healthy_tank_is_told_as_it_is() -> None:
    inp = features()
    assert inp["hazard_level"] == 3
    assert {name: tank(inp)[name] for name in ("id", "name", "transfer_active", "blind_min")} == {
        "id": "T-1", "name": "一号罐", "transfer_active": False, "blind_min": 0.0,
    }  # fmt: skip  # one tank is one picture.
    assert level(inp) == {
        "id": "1", "name": "LT-1", "unit": "%", "kind": "level", "value": 50.0, "ll": 5.0, "l": 10.0, "h": 85.0,
        "hh": 90.0, "range_lo": 0.0, "range_hi": 100.0, "rate_per_min": 0.3, "age_s": 5.0, "quality": "good",
        "frozen": False,
    }  # fmt: skip  # one point is one picture.
    assert score("tank_farm", inp)["parts"]["dq"] == 0.0


def test_a_flow_without_limits_tells_of_transfers_and_is_no_point() -> None:
    assert [point["id"] for point in tank(features())["points"]] == ["1"]
    limited = TankFacts("T-1", "", (LEVEL, PointFacts(2, "FT-1", "flow", "", h=90.0)))
    inp = tank_farm_input(3, [limited], {1: MOVING, 2: FLOWING}, (), NOW, RM)
    assert [point["id"] for point in tank(inp)["points"]] == ["1", "2"]


def test_a_drift_of_the_instrument_is_no_trend() -> None:
    assert level(features(MOVING._replace(rate=0.019)))["rate_per_min"] == 0.0
    assert level(features(MOVING._replace(rate=-0.021)))["rate_per_min"] == -0.021


def test_when_data_stop_the_value_and_the_trend_are_held_and_the_age_grows() -> None:
    before, now = later(features(), 20)
    held = level(features(NO_READING, before=before, now=now))
    assert (held["value"], held["rate_per_min"], held["age_s"], held["quality"]) == (50.0, 0.3, 1205.0, "good")
    again = level(features(NO_READING, before=Before(features(NO_READING, before=before, now=now), now), now=now))
    assert (again["value"], again["age_s"]) == (50.0, 1205.0)


def test_a_bad_signal_holds_the_last_good_value() -> None:
    before, now = later(features())
    held = level(features(Reading(None, "bad", 4.0, 0.0, None, None, None), before=before, now=now))
    assert (held["value"], held["rate_per_min"], held["quality"]) == (50.0, 0.3, "bad")


def test_a_point_that_never_reported_has_no_value_and_no_age() -> None:
    never = level(features(NO_READING))
    assert "value" not in never
    assert "age_s" not in never
    assert score("tank_farm", features(NO_READING))["F"] == 1.0


def test_a_level_that_stands_still_during_a_measured_transfer_is_frozen() -> None:
    assert level(features(STILL, FLOWING))["frozen"]
    assert tank(features(STILL, FLOWING))["blind_min"] == 15.0
    assert not level(features(MOVING, FLOWING))["frozen"]


def test_a_flat_level_without_a_transfer_or_at_its_start_is_not_frozen() -> None:
    assert not level(features(STILL, AT_REST))["frozen"]
    just_begun = FLOWING._replace(lowest=0.0)
    assert tank(features(STILL, just_begun))["transfer_active"]
    assert not level(features(STILL, just_begun))["frozen"]
    barely_heard = STILL._replace(oldest_s=300.0)
    assert not level(features(barely_heard, FLOWING))["frozen"]


def test_blind_minutes_grow_while_the_transfer_runs_and_end_with_it() -> None:
    before, now = later(features(STILL, FLOWING), 2)
    assert tank(features(STILL, FLOWING, before, now))["blind_min"] == 17.0
    assert tank(features(MOVING, FLOWING, before, now))["blind_min"] == 0.0
    assert tank(features(STILL, AT_REST, before, now))["blind_min"] == 0.0


def test_a_gauge_lost_during_a_transfer_is_blind_from_its_last_sample() -> None:
    before, now = later(features(MOVING._replace(age_s=500.0), FLOWING))
    assert tank(before.input)["blind_min"] == 0.0
    lost = MOVING._replace(age_s=560.0)
    assert tank(features(lost, FLOWING, before, now))["blind_min"] == pytest.approx(560 / 60)


def test_a_gauge_long_dead_is_blind_only_from_the_start_of_the_transfer() -> None:
    dead = Before(features(), NOW - timedelta(days=3))
    at_rest = features(NO_READING, AT_REST, dead, NOW)
    begun = features(NO_READING, FLOWING, Before(at_rest, NOW), NOW + timedelta(minutes=1))
    assert tank(begun)["blind_min"] == 0.0
    on = features(NO_READING, FLOWING, Before(begun, NOW + timedelta(minutes=1)), NOW + timedelta(minutes=2))
    assert tank(on)["blind_min"] == 1.0


def test_a_flow_that_is_not_heard_is_no_transfer() -> None:
    assert not tank(features(MOVING, FLOWING._replace(age_s=400.0)))["transfer_active"]
    assert not tank(features(MOVING, FLOWING._replace(quality="bad")))["transfer_active"]


def test_alarms_reach_the_point_they_belong_to_and_the_object() -> None:
    raised = NOW - timedelta(minutes=50)
    alarm = Episode("a1", 1, "high", 1, raised, 86.0, level=1, level_since=raised)
    inp = features(episodes=[alarm])
    assert (level(inp)["latched_high"], level(inp)["dur_any_min"]) == (1, 50.0)
    assert inp["alarms"] == [{"id": "a1", "grade": 1, "overdue_min": 20.0, "name": "LT-1"}]
    assert inp["rep_max"] == 1


def test_an_input_that_cannot_be_scored_falls_back_to_everything_lost() -> None:
    lost = everything_lost(features())
    assert score("tank_farm", lost)["F"] == 1.0
    assert level(lost)["value"] == 50.0
    assert level(features())["quality"] == "good"
