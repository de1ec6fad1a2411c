from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.risk import hyst_step
from backend.domains.risk.levels import START, level_of
from backend.domains.risk.parameters import default_parameters
from tests.domains.risk.farms import GOLDEN

MINUTES = st.floats(0, 60)
SCORES = st.floats(0, 100)


def levels(steps: list[tuple[float, float]]) -> list[int]:
    state: dict[str, Any] = dict(START)
    shown = []
    for minute, score in steps:
        state = hyst_step(state, score, minute)
        shown.append(state["level"])
    return shown


@pytest.mark.parametrize(
    ("score", "level"), [(0, 0), (24.9999, 0), (24.9999999, 1), (25, 1), (50, 2), (75, 3), (100, 3)]
)
def test_raw_level_counts_the_cut_offs_reached(score: float, level: int) -> None:
    assert level_of(score, default_parameters()) == level


@pytest.mark.parametrize("case", GOLDEN["hysteresis"], ids=lambda case: case["id"])
def test_worked_examples_are_reproduced(case: dict[str, Any]) -> None:
    assert levels([(minute, score) for minute, score in case["input"]]) == case["expect"]


def test_red_falls_only_after_half_an_hour_and_only_as_far_as_was_proved() -> None:
    assert levels([(0, 90), (1, 60), (20, 10), (30, 10)]) == [3, 3, 3, 3]
    assert levels([(0, 90), (1, 60), (20, 10), (31, 10)]) == [3, 3, 3, 2]


def test_a_score_within_the_band_holds_the_level_for_ever() -> None:
    assert levels([(0, 50), (1, 45), (1000, 45.1)]) == [2, 2, 2]


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(MINUTES, SCORES), min_size=1, max_size=12), st.sampled_from([25.0, 50.0, 75.0]))
def test_a_score_swinging_by_four_about_a_cut_off_changes_the_level_at_most_once(
    swings: list[tuple[float, float]], cut: float
) -> None:
    minute, steps = 0.0, []
    for wait, place in swings:
        minute += wait
        steps.append((minute, cut - 4.0 + 8.0 * place / 100.0))
    shown = levels([(0.0, cut - 4.0), *steps])
    assert sum(a != b for a, b in itertools.pairwise(shown)) <= 1


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(MINUTES, SCORES), min_size=1, max_size=12), st.floats(-1e5, 1e5))
def test_a_second_step_at_the_same_instant_changes_nothing_and_time_has_no_origin(
    waits: list[tuple[float, float]], shift: float
) -> None:
    state: dict[str, Any] = dict(START)
    minute = 0.0
    steps = []
    for wait, score in waits:
        minute += round(wait)
        steps.append((minute, score))
        state = hyst_step(state, score, minute)
        assert hyst_step(state, score, minute)["level"] == state["level"]
        assert state["level"] >= level_of(score, default_parameters())
    assert levels([(minute + round(shift), score) for minute, score in steps]) == levels(steps)
