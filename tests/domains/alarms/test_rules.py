"""Colours, deadlines and codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.alarms.enums import RiskLevel, Side
from backend.domains.alarms.rules import Colour, colour_of, deadlines, is_leak, limit_code, rises_to
from backend.domains.monitoring.enums import PointKind

T = datetime(2026, 11, 24, 1, 41, 8, tzinfo=UTC)
BLUE, YELLOW, ORANGE, RED = RiskLevel
LEVEL, GAS, TOXIC, OXYGEN = PointKind.LEVEL, PointKind.COMB_GAS, PointKind.TOXIC_GAS, PointKind.OXYGEN


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("kind", "level", "grade", "age", "colour", "rises_after"),
    [
        (LEVEL, 1, 1, 0, BLUE, 30),
        (LEVEL, 1, 1, 29.99, BLUE, 30),
        (LEVEL, 1, 1, 30, YELLOW, None),
        (LEVEL, 1, None, 31, YELLOW, None),
        (GAS, 1, 2, 0, BLUE, 30),
        (TOXIC, 1, 2, 45, YELLOW, None),
        (LEVEL, 2, 1, 0, ORANGE, 5),
        (LEVEL, 2, 2, 4.9, ORANGE, 5),
        (LEVEL, 2, 2, 5, RED, None),
        (LEVEL, 2, 3, 60, ORANGE, None),
        (LEVEL, 2, None, 60, ORANGE, None),
        (PointKind.PRESSURE, 2, 1, 6, RED, None),
        (GAS, 2, 1, 0, ORANGE, None),
        (GAS, 2, 1, 60, ORANGE, None),
        (OXYGEN, 2, 1, 6, RED, None),
    ],
)
def test_colour_follows_level_grade_and_age(
    kind: PointKind, level: int, grade: int | None, age: float, colour: RiskLevel, rises_after: float | None
) -> None:
    found = colour_of(kind, level, grade, raised_at=T, level_since=T, now=T + minutes(age))
    assert found == Colour(colour, None if rises_after is None else T + minutes(rises_after))


def test_level_2_counts_from_when_it_was_reached() -> None:
    found = colour_of(LEVEL, 2, 1, raised_at=T, level_since=T + minutes(40), now=T + minutes(42))
    assert found == Colour(ORANGE, T + minutes(45))


def test_eased_to_level_1_counts_from_the_start_of_the_episode() -> None:
    found = colour_of(LEVEL, 1, 1, raised_at=T, level_since=T + minutes(40), now=T + minutes(42))
    assert found == Colour(YELLOW, None)


def test_leak_turns_gas_red_and_leaves_tanks_alone() -> None:
    gas = colour_of(TOXIC, 2, 4, raised_at=T, level_since=T, now=T, is_leak=True)
    tank = colour_of(LEVEL, 2, 4, raised_at=T, level_since=T, now=T, is_leak=True)
    assert (gas.risk_level, tank.risk_level) == (RED, ORANGE)


@pytest.mark.parametrize(
    ("began", "leak"),
    [
        ([], False),
        ([0], False),
        ([0, 5], True),
        ([0, 5.01], False),
        ([10, 0, 4], True),
        ([0, 20, 40], False),
        ([0, 20, 24], True),
    ],
)
def test_leak_needs_two_detectors_within_five_minutes(began: list[float], leak: bool) -> None:
    assert is_leak([T + minutes(each) for each in began]) is leak


def test_next_colour() -> None:
    assert [rises_to(colour) for colour in RiskLevel] == [YELLOW, None, RED, None]


def test_level_2_is_answered_within_15_minutes_whatever_its_colour() -> None:
    since = T + minutes(3)
    for colour in (ORANGE, RED):
        assert deadlines(2, colour, T, since) == (since + minutes(15), since + minutes(30), since + minutes(60))


def test_level_1_is_answered_within_2_hours_and_sooner_once_yellow() -> None:
    assert deadlines(1, BLUE, T, T) == (T + minutes(120), None, None)
    assert deadlines(1, YELLOW, T, T) == (T + minutes(90), None, None)


@pytest.mark.parametrize(
    ("kind", "side", "level", "code"),
    [
        (LEVEL, Side.HIGH, 1, "H"),
        (LEVEL, Side.HIGH, 2, "HH"),
        (LEVEL, Side.LOW, 1, "L"),
        (LEVEL, Side.LOW, 2, "LL"),
        (GAS, Side.HIGH, 1, "1"),
        (TOXIC, Side.HIGH, 2, "2"),
        (OXYGEN, Side.LOW, 1, "L"),
    ],
)
def test_codes_of_limits(kind: PointKind, side: Side, level: int, code: str) -> None:
    assert limit_code(kind, side, level) == code
