"""Hours of frames: the same as counted one by one, whatever is bad, missing or alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.monitoring.history.hours import HOUR_US, SECOND_US, frames_as_arrays, roll_up
from backend.domains.monitoring.history.pieces import Pieces, bucketed, gaps_between
from backend.domains.monitoring.rules import NOT_THE_PROCESS

BAD = sorted(NOT_THE_PROCESS)
values = st.one_of(st.none(), st.floats(-1e6, 1e6, width=32))
codes = st.integers(0, 11)
frame = st.tuples(st.integers(0, 6 * 3600 - 1), st.lists(st.tuples(values, codes), min_size=2, max_size=2))
streams = st.lists(frame, min_size=1, max_size=120, unique_by=lambda each: each[0]).map(sorted)


def rolled(stream: Sequence[tuple[int, list[tuple[float | None, int]]]]) -> Pieces:
    v, q = frames_as_arrays([([v for v, _ in each], [q for _, q in each]) for _, each in stream])
    return Pieces.of_hours(roll_up(np.array([t for t, _ in stream]) * SECOND_US, v, q), 1)


@given(streams)
def test_an_hour_is_what_its_frames_are(stream: list[tuple[int, list[tuple[float | None, int]]]]) -> None:
    pieces = rolled(stream)
    assert pieces.start_us.tolist() == sorted({t // 3600 * HOUR_US for t, _ in stream})
    for place, start in enumerate(pieces.start_us.tolist()):
        of_hour = [(t, *each[1]) for t, each in stream if t // 3600 * HOUR_US == start]
        present = [(t, v, q) for t, v, q in of_hour if v is not None]
        usable = [(t, v, q) for t, v, q in present if q not in BAD]
        assert pieces.n[place] == len(present)
        assert pieces.usable[place] == len(usable)
        assert pieces.good[place] == sum(q == 0 for _, _, q in usable)
        if usable:
            assert pieces.low[place] == min(v for _, v, _ in usable)
            assert pieces.high[place] == max(v for _, v, _ in usable)
            assert pieces.mean[place] == pytest.approx(np.mean([v for _, v, _ in usable]), rel=1e-5, abs=1e-2)
            assert (pieces.first_us[place], pieces.last_us[place]) == (usable[0][0] * 1e6, usable[-1][0] * 1e6)
        else:
            assert math.isnan(pieces.low[place])


@given(streams, st.integers(1, 4))
def test_no_bucket_hides_a_spike(stream: list[tuple[int, list[tuple[float | None, int]]]], hours: int) -> None:
    buckets = bucketed(rolled(stream), 0, hours * HOUR_US)
    usable = [(t, each[1][0]) for t, each in stream if each[1][0] is not None and each[1][1] not in BAD]
    found = dict(zip((buckets.t_us // (hours * HOUR_US)).tolist(), zip(*buckets[1:3], strict=True), strict=True))
    assert found.keys() == {t // (hours * 3600) for t, _ in usable}
    for number, (low, high) in found.items():
        inside = [v for t, v in usable if t // (hours * 3600) == number]
        assert (low, high) == (min(inside), max(inside))
    assert ((buckets.good >= 0) & (buckets.good <= 1)).all()


def test_the_last_value_is_the_newest_usable_one() -> None:
    v, q = frames_as_arrays([([1.0, 5.0], None), ([2.0, 6.0], [0, 5]), ([None, 7.0], [0, 4])])
    hours = roll_up(np.array([0, 10, 20]) * SECOND_US, v, q)
    assert hours.last.tolist() == [[2.0, 5.0]]


def test_gaps_reach_to_the_second_across_hours() -> None:
    kept = [t for t in range(0, 8 * 3600, 10) if not 5000 <= t < 15000]
    pieces = rolled([(t, [(1.0, 0), (2.0, 0)]) for t in kept]).only_usable()
    assert gaps_between(pieces) == [(4990 * SECOND_US, 15000 * SECOND_US)]


def test_a_slow_pace_is_no_gap() -> None:
    pieces = rolled([(t, [(1.0, 0), (2.0, 0)]) for t in range(0, 12 * 3600, 1800)])
    assert gaps_between(pieces) == []
    sparse = rolled([(t, [(1.0, 0), (2.0, 0)]) for t in range(0, 40 * 3600, 5400)])
    assert gaps_between(sparse) == []
