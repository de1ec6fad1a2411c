"""Replaying a series against limits: the cases a person can check, and the live judging on random series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.monitoring.replaying import Rung, Span, replay
from backend.domains.monitoring.rules import Damping, LimitValues
from backend.ingest.engine import judge
from backend.ingest.slots import Limits, PointLimits
from backend.ingest.state import Change, State
from tests.ingest.judging import EPOCH_MS, readings

LEVEL = LimitValues(10, 15, 85, 90)
QUICK = Damping(2, 0, 0)
RANGE = Span(0, 100)


def rung(
    rows: list[tuple[float, float | None]], limits: LimitValues = LEVEL, damping: Damping = QUICK, span: Span = RANGE
) -> Rung:
    t = np.array([EPOCH_MS + round(at * 1000) for at, _ in rows], np.int64)
    values = np.array([np.nan if value is None else value for _, value in rows], np.float32)
    return replay(t, values, limits, damping, span)


@pytest.mark.parametrize(
    ("rows", "damping", "expected"),
    [
        ([], QUICK, Rung()),
        ([(0, 50), (10, None)], QUICK, Rung()),
        ([(0, 50), (10, 85), (20, 50)], QUICK, Rung(1, 0, 10)),
        # Above the release value it is still in alarm.
        ([(0, 86), (10, 84), (20, 86), (30, 82)], QUICK, Rung(1, 0, 30)),
        # H, HH, H and back is one episode, of level 2.
        ([(0, 86), (10, 91), (20, 86), (30, 50)], QUICK, Rung(0, 1, 30)),
        # From high to low without a moment between: two episodes.
        ([(0, 86), (10, 9), (20, 50)], QUICK, Rung(1, 1, 20)),
        # What still stands lasts until the last sample.
        ([(0, 50), (10, 9), (25, 9)], QUICK, Rung(0, 1, 15)),
        # On-delay of 60 s: reached at the sample 60 s after the first; HH waits 5 s at most.
        ([(0, 86), (30, 86), (59, 86), (70, 50)], Damping(2, 60, 0), Rung()),
        ([(0, 86), (30, 86), (60, 86), (70, 50)], Damping(2, 60, 0), Rung(1, 0, 10)),
        ([(0, 95), (5, 95), (10, 50)], Damping(2, 60, 0), Rung(0, 1, 5)),
        # Back for less than the off-delay is not back.
        ([(0, 86), (10, 50), (20, 86), (30, 50), (90, 50)], Damping(2, 0, 60), Rung(1, 0, 90)),
        # A value that is missing in between holds the clocks.
        ([(0, 86), (30, None), (60, 86), (70, 50)], Damping(2, 60, 0), Rung(1, 0, 10)),
        # What the instrument cannot have measured may raise.
        ([(0, 50), (10, 200), (20, 50)], QUICK, Rung(0, 1, 10)),
    ],
)
def test_cases(rows: list[tuple[float, float | None]], damping: Damping, expected: Rung) -> None:
    assert rung(rows, damping=damping) == expected


def test_a_broken_wire_does_not_clear() -> None:
    assert rung([(0, 86), (10, -50), (20, 86), (30, 50)], LimitValues(h=85, hh=90)) == Rung(1, 0, 30)


def test_without_limits_nothing_rings() -> None:
    assert rung([(0, 1000.0)], LimitValues()) == Rung()


def judged(rows: list[tuple[float, float | None]], limits: LimitValues, damping: Damping, span: Span) -> Rung:
    """The same by the live judging, sample after sample."""
    state, arrays = State(1), Limits(1)
    arrays.put(
        [0],
        [
            PointLimits(
                limits.ll,
                limits.l,
                limits.h,
                limits.hh,
                damping.deadband,
                damping.on_delay_s,
                damping.off_delay_s,
                span.lo,
                span.hi,
            )
        ],
    )
    changes = judge(state, arrays, readings(rows))
    counts, worst, began, ms = {1: 0, 2: 0}, 0, 0, 0
    for kind, level, t in zip(changes.kind.tolist(), changes.level.tolist(), changes.t.tolist(), strict=True):
        if kind == Change.RAISED:
            worst, began = abs(level), t
        elif kind == Change.CLEARED:
            counts[worst] += 1
            ms += t - began
        else:
            worst = max(worst, abs(level))
    if state.level[0]:
        counts[worst] += 1
        usable = [at for at, value in rows if value is not None]
        ms += EPOCH_MS + round(usable[-1] * 1000) - began
    return Rung(counts[1], counts[2], ms / 1000)


BOUNDS = st.lists(st.integers(5, 95), min_size=4, max_size=4, unique=True).map(sorted)


@st.composite
def wanted_limits(draw: st.DrawFn) -> LimitValues:
    names = [value if draw(st.booleans()) else None for value in draw(BOUNDS)]
    return LimitValues(*names)


# Up to 103, the edge of what is believed; what lies beyond has its own cases above.
VALUES = st.one_of(st.none(), st.floats(-3, 103, width=32), st.sampled_from([10.0, 15.0, 85.0, 90.0]))
ROWS = st.lists(st.tuples(st.integers(1, 40), VALUES), max_size=60)
DELAYS = st.sampled_from([0.0, 3.0, 15.0, 60.0])


@settings(max_examples=400, deadline=None)
@given(steps=ROWS, limits=wanted_limits(), deadband=st.floats(0, 30), on_s=DELAYS, off_s=DELAYS)
def test_it_finds_the_episodes_of_the_live_judging(
    steps: list[tuple[int, float | None]], limits: LimitValues, deadband: float, on_s: float, off_s: float
) -> None:
    at, rows = 0, []
    for step, value in steps:
        at += step
        rows.append((float(at), value))
    damping = Damping(deadband, on_s, off_s)
    assert rung(rows, limits, damping) == judged(rows, limits, damping, RANGE)
