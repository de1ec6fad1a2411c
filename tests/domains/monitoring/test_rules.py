"""Limits, their defaults, and how far a value can be believed."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.monitoring.enums import PointKind, Quality
from backend.domains.monitoring.kinds import KINDS
from backend.domains.monitoring.rules import (
    Damping,
    LimitValues,
    ReadingState,
    default_damping,
    on_delay_of,
    release_value,
    state_of,
    what_is_wrong_with_damping,
    what_is_wrong_with_limits,
    what_is_wrong_with_range,
)

NOW = datetime(2026, 11, 24, 1, 44, tzinfo=UTC)
LEVEL, GAS, TOXIC, OXYGEN = PointKind.LEVEL, PointKind.COMB_GAS, PointKind.TOXIC_GAS, PointKind.OXYGEN


def test_every_kind_is_described() -> None:
    assert set(KINDS) == set(PointKind)
    assert all(facts.plausible_lo < facts.plausible_hi for facts in KINDS.values())


@pytest.mark.parametrize(
    ("kind", "limits", "complaint"),
    [
        (LEVEL, LimitValues(10, 15, 85, 90), None),
        (LEVEL, LimitValues(), None),
        (LEVEL, LimitValues(h=85), None),
        (LEVEL, LimitValues(ll=0, hh=100), None),
        (LEVEL, LimitValues(15, 15, 85, 90), "LL must be below L"),
        (LEVEL, LimitValues(l=85, h=85), "L must be below H"),
        (LEVEL, LimitValues(h=90, hh=85), "H must be below HH"),
        (LEVEL, LimitValues(ll=50, hh=40), "LL must be below HH"),
        (LEVEL, LimitValues(hh=101), "HH lies above the instrument's range"),
        (LEVEL, LimitValues(l=-1), "L lies below the instrument's range"),
        (LEVEL, LimitValues(h=math.nan), "a limit is a finite number"),
        (LEVEL, LimitValues(hh=math.inf), "a limit is a finite number"),
        (GAS, LimitValues(h=25, hh=50), None),
        (GAS, LimitValues(l=5, h=25), "a point of kind comb_gas carries no limit L"),
        (TOXIC, LimitValues(ll=1), "a point of kind toxic_gas carries no limit LL"),
        (OXYGEN, LimitValues(l=19.5, h=23.5), None),
        (OXYGEN, LimitValues(l=19.5, hh=30), "a point of kind oxygen carries no limit HH"),
    ],
)
def test_limits_stand_in_order_within_the_range(kind: PointKind, limits: LimitValues, complaint: str | None) -> None:
    assert what_is_wrong_with_limits(kind, limits, 0, 100) == complaint


def test_limits_without_a_range_are_judged_by_their_order_alone() -> None:
    assert what_is_wrong_with_limits(LEVEL, LimitValues(ll=-500, hh=500), None, None) is None


@given(st.lists(st.floats(0, 100, allow_nan=False), min_size=4, max_size=4))
def test_accepted_limits_always_rise(values: list[float]) -> None:
    accepted = what_is_wrong_with_limits(LEVEL, LimitValues(*values), 0, 100) is None
    assert accepted == (values[0] < values[1] < values[2] < values[3])


@pytest.mark.parametrize(
    ("kind", "unit", "lo", "hi", "fits"),
    [
        (LEVEL, "%", 0, 100, True),
        (LEVEL, "%", 0, 120, False),
        (LEVEL, "m", 0, 120, True),
        (LEVEL, "%", 100, 0, False),
        (LEVEL, "%", None, None, True),
        (LEVEL, "m", 0, math.inf, False),
        (PointKind.TEMPERATURE, "℃", -300, 100, False),
        (GAS, "%LEL", 0, 100, True),
    ],
)
def test_range_is_one_that_an_instrument_can_have(
    kind: PointKind, unit: str, lo: float | None, hi: float | None, fits: bool
) -> None:
    assert (what_is_wrong_with_range(kind, unit, lo, hi) is None) is fits


@pytest.mark.parametrize(
    ("kind", "limits", "lo", "hi", "damping"),
    [
        (LEVEL, LimitValues(h=85, hh=90), 0, 100, Damping(5.0, 60, 60)),
        (PointKind.FLOW, LimitValues(h=100), 0, 200, Damping(10.0, 15, 15)),
        (PointKind.PRESSURE, LimitValues(h=1.5), 0, 5, Damping(0.1, 15, 15)),
        (PointKind.TEMPERATURE, LimitValues(h=35), -20, 80, Damping(1.0, 60, 60)),
        (GAS, LimitValues(h=25, hh=50), 0, 100, Damping(2.0, 3, 30)),
        (TOXIC, LimitValues(h=10, hh=20), 0, 100, Damping(0.5, 3, 30)),
        (OXYGEN, LimitValues(l=19.5, h=23.5), 0, 25, Damping(0.3, 3, 30)),
        (LEVEL, LimitValues(l=20, h=80), None, None, Damping(3.0, 60, 60)),
        (LEVEL, LimitValues(h=80), None, None, Damping(4.0, 60, 60)),
        (LEVEL, LimitValues(), None, None, Damping(0.0, 60, 60)),
    ],
)
def test_damping_to_start_with(
    kind: PointKind, limits: LimitValues, lo: float | None, hi: float | None, damping: Damping
) -> None:
    found = default_damping(kind, limits, lo, hi)
    assert found.deadband == pytest.approx(damping.deadband)
    assert (found.on_delay_s, found.off_delay_s) == (damping.on_delay_s, damping.off_delay_s)


def test_level_2_waits_at_most_five_seconds() -> None:
    slow, quick = Damping(5, 60, 60), Damping(2, 3, 30)
    assert [on_delay_of(1, slow), on_delay_of(2, slow), on_delay_of(2, quick)] == [60, 5, 3]


@pytest.mark.parametrize(
    ("value", "quality", "age_s", "lost", "state"),
    [
        (12.5, Quality.GOOD, 0, False, ReadingState.GOOD),
        (0.0, Quality.GOOD, 0, False, ReadingState.GOOD),
        (12.5, Quality.GOOD, 180, False, ReadingState.GOOD),
        (12.5, Quality.GOOD, 181, False, ReadingState.STALE),
        (12.5, Quality.GOOD, 1, True, ReadingState.STALE),
        (12.5, Quality.BAD_SENSOR, 1, False, ReadingState.BAD),
        (12.5, Quality.UNCERTAIN_LAST, 1, False, ReadingState.BAD),
        (12.5, Quality.BAD_SENSOR, 999, False, ReadingState.STALE),
        (None, Quality.GOOD, 1, False, ReadingState.MISSING),
        (math.nan, Quality.GOOD, 1, False, ReadingState.MISSING),
        (12.5, 77, 1, False, ReadingState.BAD),
        (None, Quality.GOOD, None, False, ReadingState.MISSING),
    ],
)
def test_only_a_fresh_good_value_is_good(
    value: float | None, quality: int, age_s: float | None, lost: bool, state: ReadingState
) -> None:
    at = None if age_s is None else NOW - timedelta(seconds=age_s)
    assert state_of(value, quality, at, lost, NOW) is state


@pytest.mark.parametrize(
    ("limits", "deadband", "is_high", "value"),
    [
        (LimitValues(h=85, hh=90), 2, True, 83),
        (LimitValues(h=85, hh=90), 5, True, 82.5),
        (LimitValues(hh=90), 5, True, 85),
        (LimitValues(h=85), 5, True, 80),
        (LimitValues(ll=10, l=15), 1, False, 16),
        (LimitValues(ll=10, l=15), 5, False, 17.5),
        (LimitValues(ll=10), 5, False, 15),
        (LimitValues(h=85), 5, False, None),
    ],
)
def test_value_at_which_an_alarm_ends(limits: LimitValues, deadband: float, is_high: bool, value: float | None) -> None:
    assert release_value(limits, deadband, is_high=is_high) == value


@pytest.mark.parametrize(
    ("damping", "fits"),
    [
        (Damping(0, 0, 0), True),
        (Damping(5, 600, 600), True),
        (Damping(-0.1, 0, 0), False),
        (Damping(math.inf, 0, 0), False),
        (Damping(1, 601, 0), False),
        (Damping(1, 0, -1), False),
        (Damping(1, math.nan, 0), False),
    ],
)
def test_damping_stays_within_reason(damping: Damping, fits: bool) -> None:
    assert (what_is_wrong_with_damping(damping) is None) is fits
