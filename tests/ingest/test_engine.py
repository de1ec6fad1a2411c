"""Judging by tables of cases, and against the same rules written the slow way."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.monitoring.enums import Quality
from backend.ingest.engine import judge
from backend.ingest.slots import Limits, PointLimits
from backend.ingest.state import Change, Readings, State
from tests.ingest.judging import Chart, SlowPoint, readings

AT_ONCE = PointLimits(ll=5, l=10, h=80, hh=90, deadband=2, range_lo=0, range_hi=100)
SLOW = PointLimits(ll=5, l=10, h=80, hh=90, deadband=2, on_delay_s=60, off_delay_s=60, range_lo=0, range_hi=100)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        pytest.param([50, 79.9, 50], [], id="under the limit: nothing"),
        pytest.param([50, 80], [("raised", 1, 1)], id="at the limit counts"),
        pytest.param([50, 85, 79, 81, 79, 78.1], [("raised", 1, 1)], id="trembling inside the deadband: one episode"),
        pytest.param([50, 85, 77.9], [("raised", 1, 1), ("cleared", 1, 2)], id="back past the deadband: cleared"),
        pytest.param(
            [50, 85, 95, 87, 50],
            [("raised", 1, 1), ("worsened", 2, 2), ("eased", 1, 3), ("cleared", 1, 4)],
            id="H, HH, H, normal: one episode whose level moves",
        ),
        pytest.param([50, 99], [("raised", 2, 1)], id="straight to HH: one raising"),
        pytest.param([50, 10], [("raised", -1, 1)], id="L"),
        pytest.param([50, 0], [("raised", -2, 1)], id="zero is a reading"),
        pytest.param([50, 95, 3], [("raised", 2, 1), ("cleared", 2, 2), ("raised", -2, 2)], id="from HH to LL: two"),
        pytest.param([50, None, 50], [], id="missing raises nothing"),
        pytest.param([85, None, float("nan"), float("inf"), 85], [("raised", 1, 0)], id="missing clears nothing"),
        pytest.param([85, -40, 85], [("raised", 1, 0)], id="out of range clears nothing and turns nothing round"),
        pytest.param([50, 140], [("raised", 2, 1)], id="over the range raises"),
        pytest.param([50, -40], [("raised", -2, 1)], id="under the range raises where no alarm stands"),
    ],
)
def test_episodes_of_a_point_without_delays(values, told):
    assert Chart(AT_ONCE).draw(*enumerate(values)) == told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([(0, 85), (59, 85)], [], id="not yet"),
        pytest.param([(0, 85), (60, 85)], [("raised", 1, 60)], id="raised when the on-delay is over"),
        pytest.param([(0, 85), (50, 79), (51, 85), (100, 85)], [], id="a dip under the limit starts the delay anew"),
        pytest.param([(0, 85), (30, None), (60, 85)], [("raised", 1, 60)], id="a missing value does not"),
        pytest.param([(0, 95), (5, 95)], [("raised", 2, 5)], id="level 2 waits at most 5 s"),
        pytest.param([(0, 95), (5, 95), (10, 85), (69, 85)], [("raised", 2, 5)], id="easing waits out the off-delay"),
        pytest.param(
            [(0, 95), (5, 95), (10, 85), (70, 85), (80, 85)],
            [("raised", 2, 5), ("eased", 1, 70)],
            id="level 2 stands on level 1: easing raises nothing new",
        ),
        pytest.param(
            [(0, 85), (60, 85), (70, 50), (100, 79), (110, 50), (169, 50)],
            [("raised", 1, 60)],
            id="a value in the deadband starts the off-delay anew",
        ),
        pytest.param(
            [(0, 85), (60, 85), (70, 50), (130, 50)], [("raised", 1, 60), ("cleared", 1, 130)], id="cleared after it"
        ),
        pytest.param([(100, 85), (40, 85), (101, 85)], [("raised", 1, 101)], id="a clock set back delays nothing more"),
    ],
)
def test_delays(rows, told):
    assert Chart(SLOW).draw(*rows) == told


@pytest.mark.parametrize("quality", list(Quality))
def test_only_qualities_of_the_process_raise(quality):
    process = {
        Quality.GOOD,
        Quality.UNCERTAIN_LAST,
        Quality.UNCERTAIN_SENSOR,
        Quality.OUT_OF_RANGE,
        Quality.MANUAL,
    }
    assert bool(Chart(AT_ONCE).draw((0, 95), quality=quality)) == (quality in process)


@pytest.mark.parametrize("quality", [Quality.OFFLINE, Quality.BAD_SENSOR, Quality.OUT_OF_SERVICE])
def test_bad_quality_clears_nothing(quality):
    chart = Chart(AT_ONCE)
    chart.draw((0, 95))
    assert chart.draw((1, 0), (2, 50), quality=quality) == []


def test_deadband_is_at_most_half_the_way_from_h_to_hh():
    chart = Chart(PointLimits(h=80, hh=82, deadband=5))
    assert chart.draw((0, 83), (1, 81), (2, 80.9), (3, 78.9)) == [
        ("raised", 2, 0),
        ("eased", 1, 2),
        ("cleared", 1, 3),
    ]


def test_gas_with_two_levels_and_nothing_below():
    chart = Chart(PointLimits(h=25, hh=50, deadband=2, on_delay_s=3, off_delay_s=30, range_lo=0, range_hi=100))
    assert chart.draw((0, 0), (10, 30), (13, 60), (16, 60), (20, 0), (50, 0)) == [
        ("raised", 1, 13),
        ("worsened", 2, 16),
        ("cleared", 2, 50),
    ]


def test_a_point_with_only_hh():
    assert Chart(PointLimits(hh=90)).draw((0, 95), (1, 85)) == [("raised", 2, 0), ("cleared", 2, 1)]


def test_a_limit_that_is_taken_away_clears_and_one_that_moves_keeps_the_episode():
    chart = Chart(AT_ONCE)
    chart.draw((0, 85))
    chart.limits.put([0], [AT_ONCE._replace(h=70)])
    assert chart.draw((1, 75)) == []
    chart.limits.put([0], [PointLimits()])
    assert chart.draw((2, 75)) == [("cleared", 1, 2)]


class TestLate:
    def test_late_readings_make_a_late_episode_of_their_own(self):
        chart = Chart(AT_ONCE)
        assert chart.draw((0, 85), (1, 50), late=True) == [("raised", 1, 0), ("cleared", 1, 1)]

    def test_a_live_reading_still_beyond_turns_it_live_once(self):
        chart = Chart(AT_ONCE)
        chart.draw((0, 85), late=True)
        assert chart.state.late[0]
        assert chart.draw((1, 86), (2, 86)) == [("went_live", 1, 1)]
        assert not chart.state.late[0]

    def test_a_live_reading_in_the_deadband_leaves_it_late(self):
        chart = Chart(AT_ONCE)
        chart.draw((0, 85), late=True)
        assert chart.draw((1, 79)) == []
        assert chart.draw((2, 50)) == [("cleared", 1, 2)]

    def test_late_readings_do_not_clear_or_ease_a_live_episode(self):
        chart = Chart(AT_ONCE)
        chart.draw((0, 95))
        assert chart.draw((1, 85), (2, 50), (3, 3), late=True) == []
        assert chart.draw((4, 50)) == [("cleared", 2, 4)]

    def test_late_readings_that_are_worse_are_recorded_once_and_a_live_one_decides(self):
        chart = Chart(AT_ONCE)
        chart.draw((0, 85))
        assert chart.draw((1, 95), (2, 99), late=True) == [("was_worse", 2, 1)]
        assert chart.state.worst_value[0] == 99
        assert chart.draw((3, 95)) == [("worsened", 2, 3)]

    def test_delays_that_began_late_end_live(self):
        chart = Chart(SLOW)
        chart.draw((0, 85), late=True)
        assert chart.draw((60, 85)) == [("raised", 1, 60)]
        assert not chart.state.late[0]


POINT_LIMITS = st.builds(
    lambda bounds, deadband, on, off: PointLimits(
        ll=bounds[0], l=bounds[1], h=bounds[2], hh=bounds[3], deadband=deadband, on_delay_s=on, off_delay_s=off
    ),
    st.tuples(
        st.sampled_from([None, 5]),
        st.sampled_from([None, 10]),
        st.sampled_from([None, 80]),
        st.sampled_from([None, 84, 90]),
    ),
    st.sampled_from([0, 2, 5]),
    st.sampled_from([0, 3, 15, 60]),
    st.sampled_from([0, 3, 60]),
)
VALUE = st.one_of(
    st.none(), st.sampled_from([0, 4, 6, 11, 13, 50, 77, 79, 80, 81, 83, 85, 89, 91]), st.floats(-20, 120, width=32)
)
ROW = st.tuples(st.integers(1, 40), VALUE, st.sampled_from([0, 0, 0, 0, 3, 5, 7]), st.booleans())


@settings(max_examples=300, deadline=None)
@given(POINT_LIMITS, st.lists(ROW, max_size=40))
def test_judges_as_the_rules_written_the_slow_way(limits, rows):
    chart, slow, t = Chart(limits), SlowPoint(limits), 0
    for step, value, quality, late in rows:
        t += step
        told = [each for each in chart.draw((t, value), quality=quality, late=late) if each[0] != "was_worse"]
        assert told == slow.read(t, value, quality, late)


@settings(max_examples=100, deadline=None)
@given(POINT_LIMITS, st.lists(st.tuples(st.integers(1, 40), VALUE), max_size=40), st.integers(0, 40))
def test_a_restart_in_the_middle_changes_nothing(limits, rows, cut):
    """What a restart puts back: level, worst, worst value and timers; everything else follows from them."""
    times = np.cumsum([step for step, _ in rows]).tolist()
    chart, restarted = Chart(limits), Chart(limits)
    drawn = [(t, value) for t, (_, value) in zip(times, rows, strict=True)]
    before, after = drawn[:cut], drawn[cut:]
    whole = [chart.draw(row) for row in drawn]
    first = [restarted.draw(row) for row in before]
    old = restarted.state
    restarted.state = State(1)
    if old.level[0]:
        restarted.state.restore(
            0,
            level=int(old.level[0]),
            worst=int(old.worst[0]),
            worst_value=float(old.worst_value[0]),
            late=bool(old.late[0]),
            has_level_1=limits.of(1 if old.level[0] > 0 else -1) is not None,
        )
    restarted.state.restore_timers(0, tuple(int(each) for each in old.since[:, 0]))
    assert first + [restarted.draw(row) for row in after] == whole


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(78.25, 81.5, width=32), min_size=1, max_size=200))
def test_a_signal_trembling_on_the_limit_is_at_most_one_episode(values):
    told = Chart(AT_ONCE).draw(*enumerate(values))
    assert [what for what, _, _ in told] in ([], ["raised"])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.floats(0, 100, width=32)), min_size=3, max_size=3), min_size=1, max_size=20
    )
)
def test_a_batch_is_judged_as_its_frames_one_by_one(frames):
    def fresh():
        state, limits = State(3), Limits(3)
        given = PointLimits(l=10, hh=95, deadband=3, on_delay_s=2, off_delay_s=2)
        limits.put([0, 1, 2], [given._replace(h=h) for h in (70, 80, 90)])
        return state, limits

    def rows(t, values):
        return Readings(
            np.arange(3),
            np.array([np.nan if each is None else each for each in values], np.float32),
            np.zeros(3, np.uint8),
            np.full(3, t * 1000, np.int64),
            np.zeros(3, np.bool_),
            np.full(3, t, np.int32),
        )

    each_alone = [rows(t, values) for t, values in enumerate(frames)]
    batch = Readings(*(np.concatenate(column) for column in zip(*each_alone, strict=True)))
    state, limits = fresh()
    together = judge(state, limits, batch)
    state, limits = fresh()
    alone = [judge(state, limits, one) for one in each_alone]
    for name in ("slot", "kind", "level", "t"):
        apart = np.concatenate([getattr(one, name) for one in alone])
        assert sorted(getattr(together, name).tolist()) == sorted(apart.tolist())
    assert together.t.tolist() == sorted(together.t.tolist())


def test_growing_keeps_what_is_there():
    chart = Chart(AT_ONCE)
    chart.draw((0, 85))
    chart.state.grow(5)
    chart.limits.grow(5)
    assert chart.state.size == chart.limits.size == 5
    assert chart.draw((1, 95)) == [("worsened", 2, 1)]
    assert len(judge(chart.state, chart.limits, readings([(2, 1000.0)], slot=4)).slot) == 0


def test_a_reading_at_rest_costs_next_to_nothing():
    """The target is 1.5 µs a reading for everything; judging a quiet city takes a small part of it."""
    points, frames = 58 * 760, 1
    state, limits, rng = State(points), Limits(points), np.random.default_rng(1)
    limits.put(range(points), [SLOW] * points)
    values = rng.uniform(20, 70, points).astype(np.float32)
    values[: points // 50] = 85  # one point in fifty waits in a delay or stands in alarm
    batch = Readings(
        np.arange(points),
        values,
        np.zeros(points, np.uint8),
        np.zeros(points, np.int64),
        np.zeros(points, np.bool_),
        np.zeros(points, np.int32),
    )
    best = min(_timed(state, limits, batch._replace(t=np.full(points, t * 10_000))) for t in range(10))
    assert best / (points * frames) < 0.5e-6
    assert (state.level[: points // 50] == 1).all()


def _timed(state, limits, batch):
    began = time.perf_counter()
    judge(state, limits, batch)
    return time.perf_counter() - began


def test_change_kinds_are_the_order_of_events():
    assert [each.name for each in sorted(Change)][:2] == ["CLEARED", "RAISED"]
