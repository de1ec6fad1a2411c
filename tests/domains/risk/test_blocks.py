from __future__ import annotations

from typing import Any

import pytest

from backend.domains.risk.blocks import alarm_handling, data_quality, hazard_factors, unavailability
from backend.domains.risk.inputs import OpenAlarm, Point, read_input
from backend.domains.risk.parameters import default_parameters
from tests.domains.risk.farms import level_point

RM = default_parameters()


def lost(**changed: Any) -> float:
    return unavailability(read_input(Point, level_point(**changed)), RM.dq).share


@pytest.mark.parametrize(
    ("level", "m", "b"), [(None, 1.0, 0.0), (4, 1.04, 0.03), (3, 1.08, 0.06), (2, 1.12, 0.09), (1, 1.16, 0.12)]
)
def test_hazard_factors_grow_with_the_grade(level: int | None, m: float, b: float) -> None:
    factors = hazard_factors(level, RM.haz)
    assert [factors.m, factors.b] == pytest.approx([m, b])


@pytest.mark.parametrize(
    ("changed", "share"),
    [
        ({}, 0.0),
        ({"age_s": 180.0}, 0.0),
        ({"age_s": 540.0}, 0.5),
        ({"age_s": 900.0}, 1.0),
        ({"age_s": 1e6}, 1.0),
        ({"age_s": None}, 1.0),
        ({"value": None}, 1.0),
        ({"quality": "uncertain"}, 0.5),
        ({"quality": "uncertain", "age_s": 720.0}, 0.75),
        ({"quality": "bad"}, 1.0),
        ({"frozen": True}, 1.0),
        ({"value": 105.0}, 0.0),
        ({"value": 105.1}, 1.0),
        ({"value": -5.1}, 1.0),
        ({"value": 105.1, "range_lo": None}, 0.0),
        ({"oos_declared": True, "quality": "bad"}, 0.5),
        ({"h": 95.0}, 0.5),
        ({"ll": None, "l": None, "h": None, "hh": None}, 0.5),
        ({"ll": None, "l": None, "h": None, "hh": None, "quality": "bad"}, 1.0),
        ({"h": 90.0, "hh": 90.0}, 0.0),
    ],
)
def test_a_point_is_lost_as_far_as_it_cannot_be_relied_on(changed: dict[str, Any], share: float) -> None:
    assert lost(**changed) == pytest.approx(share)


def test_one_lost_point_of_ten_costs_four_points_and_a_key_point_more() -> None:
    healthy = [read_input(Point, level_point(id=f"L{i}")) for i in range(9)]
    dead = read_input(Point, level_point(id="L9", quality="bad"))
    pairs = [(p, unavailability(p, RM.dq)) for p in [*healthy, dead]]
    strength, share, parts = data_quality(pairs, 0.0, RM.dq)
    assert [strength, share] == pytest.approx([0.04, 0.1])
    assert {node.id: node.amount for node in parts} == pytest.approx({"L9": 0.04})
    key = read_input(Point, level_point(id="L9", quality="bad", key=True))
    pairs[-1] = (key, unavailability(key, RM.dq))
    assert data_quality(pairs, 0.0, RM.dq)[1] == pytest.approx(2 / 11)


@pytest.mark.parametrize(("dark_h", "strength"), [(0.0, 0.40), (1.0, 0.40), (13.0, 0.50), (1e4, 0.60)])
def test_silence_alone_reaches_orange_never_red(dark_h: float, strength: float) -> None:
    assert data_quality([], dark_h, RM.dq)[0] == pytest.approx(strength)


def test_alarms_count_by_grade_once_they_are_overdue() -> None:
    waiting = [OpenAlarm("A1", 2, 0.0), OpenAlarm("A2", 1, 30.0)]
    strength, parts = alarm_handling(waiting, 2.0, RM.ack, RM.top)
    assert strength == pytest.approx(0.10)
    assert {node.id: node.amount for node in parts if node.amount} == {"A2": pytest.approx(0.10)}


def test_an_alarm_that_returns_counts_from_the_third_time() -> None:
    assert alarm_handling([], 2.0, RM.ack, RM.top)[0] == 0.0
    assert alarm_handling([], 5.0, RM.ack, RM.top)[0] == pytest.approx(0.10)
