from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from backend.domains.risk.inputs import Point, read_input
from backend.domains.risk.parameters import RM_1_0_0, default_parameters, load_parameters
from backend.domains.risk.severity import point_severity
from tests.domains.risk.farms import GOLDEN, level_point

RM = default_parameters()


def point(given: dict[str, Any]) -> Point:
    return read_input(Point, given)


def of_t1(tank: int, number: int) -> Point:
    return point(GOLDEN["vectors"]["tank_farm"][0]["input"]["tanks"][tank]["points"][number])


def parts(given: Point, params: Any = RM) -> dict[str, float]:
    return {node.id: node.amount for node in point_severity(given, params).parts}


def test_p1_rising_level_under_the_numbers_it_was_worked_with() -> None:
    """P1 was printed from a draft (pos_h 0.30 + 0.15, dur_h 0.15); T1 holds the same point under the final numbers."""
    draft = deepcopy(RM_1_0_0)
    draft["pt"] |= {"pos_h": 0.30, "pos_h_span": 0.15, "dur_h": 0.15}
    level = of_t1(0, 0)
    assert point_severity(level, load_parameters(draft)).value == pytest.approx(0.441399, abs=1e-6)
    assert parts(level, load_parameters(draft)) == pytest.approx(
        {"pos": 0.33, "dur": 0.060617, "trend": 0.050782}, abs=1e-6
    )
    assert parts(level)["pos"] == pytest.approx(0.28 + 0.12 * 0.2)


def test_p2_pressure_below_its_low_low_limit() -> None:
    pressure = of_t1(1, 0)
    assert point_severity(pressure, RM).value == pytest.approx(0.477971, abs=1e-6)
    assert parts(pressure) == pytest.approx({"pos": 0.469, "dur": 0.008971}, abs=1e-6)


@pytest.mark.parametrize(
    ("value", "pos"),
    [(84.9, 0.0), (85.0, 0.28), (87.5, 0.34), (90.0, 0.55), (92.5, 0.65), (95.0, 0.75), (99.0, 0.75)],
)
def test_distance_past_the_limit_counts_in_spans_of_the_alarm_band(value: float, pos: float) -> None:
    assert point_severity(point(level_point(value)), RM).value == pytest.approx(pos)


def test_only_a_high_limit_has_its_second_one_a_span_above() -> None:
    lone = level_point(90.0, hh=None, l=None, ll=None)
    assert point_severity(point(lone), RM).value == pytest.approx(0.55)
    assert point_severity(point(level_point(89.9, hh=None)), RM).value < 0.40


def test_only_a_second_limit_goes_straight_to_its_severity() -> None:
    assert point_severity(point(level_point(90.0, h=None)), RM).value == pytest.approx(0.55)
    assert point_severity(point(level_point(89.9, h=None)), RM).value == 0.0


def test_crossed_limits_are_swapped() -> None:
    assert point_severity(point(level_point(91.0, h=90.0, hh=85.0)), RM).value == pytest.approx(
        point_severity(point(level_point(91.0)), RM).value
    )


def test_without_a_range_the_span_comes_from_the_limit() -> None:
    bare = level_point(42.0, h=40.0, hh=None, l=None, ll=None, range_lo=None, range_hi=None)
    assert point_severity(point(bare), RM).value == pytest.approx(0.55)


def test_a_latched_level_holds_its_severity_inside_the_deadband() -> None:
    assert point_severity(point(level_point(84.0, latched_high=1)), RM).value == pytest.approx(0.28)
    assert point_severity(point(level_point(84.0, latched_high=2)), RM).value == pytest.approx(0.55)
    assert point_severity(point(level_point(11.0, latched_low=1)), RM).value == pytest.approx(0.6 * 0.28)


def test_duration_counts_only_while_a_limit_is_passed() -> None:
    assert point_severity(point(level_point(80.0, dur_any_min=600.0)), RM).value == 0.0


def test_trend_grows_as_the_time_to_the_second_limit_shrinks() -> None:
    assert parts(point(level_point(80.0, rate_per_min=0.3))) == {}
    assert parts(point(level_point(80.0, rate_per_min=1.0))) == pytest.approx({"trend": 0.25 * (1 - 10 / 30)})
    assert parts(point(level_point(80.0, rate_per_min=-1.0))) == {}
    assert parts(point(level_point(12.0, rate_per_min=-1.0))) == pytest.approx({"trend": 0.6 * 0.25 * (1 - 7 / 30)})


def test_a_cleared_exceedance_fades_with_its_half_life() -> None:
    cleared = level_point(50.0, residual_peak=0.5, since_clear_min=240.0)
    assert parts(point(cleared)) == pytest.approx({"residual": 0.125})


def test_the_residual_is_only_what_exceeds_the_present_severity() -> None:
    again = level_point(85.0, residual_peak=0.8, since_clear_min=0.0)
    assert parts(point(again)) == pytest.approx({"pos": 0.28, "residual": 0.12})


def test_no_value_leaves_only_the_residual() -> None:
    silent = level_point(None, latched_high=2, residual_peak=0.4, since_clear_min=0.0)
    assert point_severity(point(silent), RM).value == pytest.approx(0.2)
