from __future__ import annotations

from typing import Any

import pytest

from backend.domains.risk import score
from tests.domains.risk.farms import GOLDEN, level_point, one_tank

HAZARD_LEVELS = [None, 4, 3, 2, 1]


@pytest.mark.parametrize("vector", GOLDEN["vectors"]["tank_farm"], ids=lambda vector: vector["id"])
def test_worked_examples_are_reproduced(vector: dict[str, Any]) -> None:
    found = score("tank_farm", vector["input"])
    expected = vector["expect"]
    assert found["level"] == expected["level"]
    assert found["score"] == pytest.approx(expected["score"], abs=1e-4)
    assert found["parts"] == pytest.approx(expected["parts"], abs=1e-4)
    assert found["objects"] == pytest.approx(expected["objects"], abs=1e-4)
    for output in ("proc", "ack", "dq", "dyn", "F"):
        assert found[output] == pytest.approx(expected[output], abs=1e-6)


@pytest.mark.parametrize(
    ("situation", "scores"),
    [
        (level_point(85.5), [29.2, 32.3, 35.3, 38.2, 41.0]),
        (level_point(85.5, dur_any_min=120.0), [37.7, 40.7, 43.6, 46.4, 49.1]),
        (level_point(90.0), [55.0, 57.7, 60.3, 62.8, 65.1]),
        (level_point(90.0, dur_any_min=120.0, dur_hh_min=120.0), [68.4, 70.8, 73.0, 75.0, 76.9]),
        (level_point(90.0, rate_per_min=0.1), [66.3, 68.7, 70.9, 73.0, 75.0]),
    ],
    ids=["H now", "H for 2 h", "HH now", "HH for 2 h", "HH rising"],
)
def test_published_anchor_scores_hold(situation: dict[str, Any], scores: list[float]) -> None:
    found = [score("tank_farm", one_tank(situation, hazard_level=level))["score"] for level in HAZARD_LEVELS]
    assert found == pytest.approx(scores, abs=0.05)


def test_a_healthy_gauge_makes_blind_minutes_meaningless() -> None:
    filling = {"transfer_active": True, "transfer_measured": True}
    seen = score("tank_farm", one_tank(level_point(50.0, rate_per_min=0.1), **filling))
    assert score("tank_farm", one_tank(level_point(50.0, rate_per_min=0.1), **filling, blind_min=300.0)) == seen


def test_a_declared_transfer_counts_less_than_a_measured_one() -> None:
    frozen = level_point(50.0, frozen=True)
    declared = score("tank_farm", one_tank(frozen, transfer_active=True, blind_min=30.0))
    measured = score("tank_farm", one_tank(frozen, transfer_active=True, transfer_measured=True, blind_min=30.0))
    assert declared["proc"] == pytest.approx(0.4 * 0.55)
    assert measured["proc"] == pytest.approx(0.55)


def test_a_transfer_into_a_tank_without_any_gauge_is_blind() -> None:
    assert score("tank_farm", one_tank(transfer_active=True, transfer_measured=True, blind_min=30.0))["proc"] > 0.5


def test_reckoning_stops_at_the_top_of_the_range() -> None:
    frozen = level_point(95.0, frozen=True, rate_per_min=1.0)
    filling = {"transfer_active": True, "transfer_measured": True}
    assert (
        score("tank_farm", one_tank(frozen, **filling, blind_min=30.0))["score"]
        == score("tank_farm", one_tank(frozen, **filling, blind_min=3000.0))["score"]
    )


def test_reckoning_never_hides_a_low_level() -> None:
    low = level_point(4.0, frozen=True, rate_per_min=0.5)
    seen = score("tank_farm", one_tank(low))["proc"]
    assert (
        score("tank_farm", one_tank(low, transfer_active=True, transfer_measured=True, blind_min=20.0))["proc"] >= seen
    )


def test_temperature_and_pressure_high_together_weigh_more_than_apart() -> None:
    hot = {"id": "TT", "kind": "temperature", "value": 41.0, "h": 40.0, "hh": 50.0, "age_s": 5}
    tight = {"id": "PT", "kind": "pressure", "value": 0.81, "h": 0.8, "hh": 1.0, "age_s": 5}
    together = score("tank_farm", one_tank(hot, tight))["proc"]
    two_levels = score("tank_farm", one_tank(hot, {**tight, "kind": "other"}))["proc"]
    assert together > two_levels


def test_lost_data_and_crossed_limits_are_never_free() -> None:
    healthy = score("tank_farm", one_tank(level_point()))["score"]
    assert healthy == 0.0
    assert score("tank_farm", one_tank(level_point(h=95.0)))["parts"]["dq"] == pytest.approx(20.0)
    assert score("tank_farm", one_tank(level_point(quality="bad")))["parts"]["dq"] == pytest.approx(40.0)
