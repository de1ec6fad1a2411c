"""Whole courses of events through samples, features, score and levels, with the published time limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from backend.domains.risk import hyst_step, score
from backend.domains.risk.episodes import Episode
from backend.domains.risk.features import Before, PointFacts, TankFacts, tank_farm_input
from backend.domains.risk.levels import START
from backend.domains.risk.parameters import default_parameters
from backend.domains.risk.samples import Frames, read_points

T0 = datetime(2026, 3, 1, tzinfo=UTC)
RM = default_parameters()
BLUE, YELLOW, ORANGE, RED = range(4)
EVERY_S = 10

Signal = Callable[[float], float]


class Course:
    """One tank with a level and a flow, sampled every 10 s, judged without delays and scored every minute.

    level, flow: the true signals by minute; read: what the gauge says (the true level when not given).
    silent_from, missing: from when, or at which share of the samples, nothing arrives.
    """

    def __init__(
        self,
        grade: int | None,
        level: Signal,
        minutes: int,
        *,
        flow: Signal = lambda _: 0.0,
        read: Signal | None = None,
        h: float = 85.0,
        hh: float = 90.0,
        silent_from: float = np.inf,
        acknowledged: bool = True,
        missing: float = 0.0,
    ) -> None:
        point = PointFacts(1, "LT", "level", "%", 1.0, 3.0, h, hh, 0.0, 100.0)
        self.tank = TankFacts("T", "T", (point, PointFacts(2, "FT", "flow", range_lo=0.0, range_hi=100.0)))
        self.h, self.hh, self.acknowledged, self.grade = h, hh, acknowledged, grade
        at = np.arange(0, minutes * 60 + 1, EVERY_S) / 60.0
        shown = read or level
        self.v = np.array([[shown(m), flow(m)] for m in at])
        heard = (at < silent_from) & (np.random.default_rng(7).random(len(at)) >= missing)
        self.at, self.v = at[heard], self.v[heard]
        self.t = (T0.timestamp() * 1000 + self.at * 60_000).astype(np.int64)
        self.scores: list[float] = []
        self.levels: list[int] = []
        self.minutes = minutes
        self._run()

    def first(self, level: int) -> float:
        """The first minute at this level or above, infinite if never."""
        return next((minute for minute, shown in enumerate(self.levels) if shown >= level), np.inf)

    def _run(self) -> None:
        state: dict[str, Any] = dict(START)
        before: Before | None = None
        dark_since: int | None = None
        for minute in range(self.minutes + 1):
            as_of = T0 + timedelta(minutes=minute)
            chosen = (self.at <= minute) & (self.at > minute - 20)
            frames = Frames(self.t[chosen], self.v[chosen], np.zeros((chosen.sum(), 2), dtype=np.int16))
            level, flow = read_points(frames, int(as_of.timestamp() * 1000))
            inp = tank_farm_input(
                self.grade, [self.tank], {1: level, 2: flow}, self._episodes(minute, as_of), as_of, RM, before
            )
            if score("tank_farm", inp)["F"] >= 0.5:
                dark_since = minute if dark_since is None else dark_since
                inp["dark_h"] = (minute - dark_since) / 60
            else:
                dark_since = None
            before = Before(inp, as_of)
            found = score("tank_farm", inp)["score"]
            state = hyst_step(state, found, minute)
            self.scores.append(found)
            self.levels.append(state["level"])

    def _episodes(self, minute: float, as_of: datetime) -> list[Episode]:
        """The high-alarm episodes so far: an on-delay of one sample, a deadband of half the alarm span."""
        told: list[Episode] = []
        raised = second = worst = None
        margin = (self.hh - self.h) / 2
        previous = 0.0
        for at, x in zip(self.at.tolist(), self.v[:, 0].tolist(), strict=True):
            if at > minute:
                break
            held, previous = min(previous, x), x
            if raised is None and held >= self.h:
                raised, second, worst = at, None, x
            if raised is not None:
                worst = max(worst, x)
                second = second if second is not None or x < self.hh else at
                if x < self.h - margin:
                    told.append(self._episode(raised, second, worst, at))
                    raised = None
        if raised is not None:
            told.append(self._episode(raised, second, worst, None))
        return told

    def _episode(self, raised: float, second: float | None, worst: float, cleared: float | None) -> Episode:
        def instant(minute: float) -> datetime:
            return T0 + timedelta(minutes=minute)

        return Episode(
            id=f"a{raised}",
            point_id=1,
            side="high",
            worst_level=1 if second is None else 2,
            raised_at=instant(raised),
            worst_value=worst,
            level=None if cleared is not None else 1 if second is None else 2,
            level_since=instant(raised if second is None else second),
            second_at=None if second is None else instant(second),
            acknowledged_at=instant(raised) if self.acknowledged else None,
            cleared_at=None if cleared is None else instant(cleared),
        )


@pytest.mark.parametrize("missing", [0.0, 0.01])
def test_s1_an_overfill_is_yellow_at_h_orange_before_hh_and_red_after(missing: float) -> None:
    course = Course(3, lambda m: 70 + 0.5 * m, 50, flow=lambda _: 50.0, missing=missing)
    slack = 1 if missing else 0
    assert course.first(YELLOW) <= 31 + slack
    assert course.first(ORANGE) <= 35 + slack
    assert course.first(RED) <= 45 + slack


def test_s2_a_gauge_that_freezes_while_filling_is_found_before_the_tank_is_full() -> None:
    def level(m: float) -> float:
        return 87 - 0.153 * 177 + 0.153 * m

    course = Course(1, level, 210, flow=lambda _: 50.0, read=lambda m: level(min(m, 60)), h=87.0, hh=92.0)
    assert course.first(YELLOW) > 60
    assert course.first(ORANGE) <= 80
    assert course.first(RED) <= 199


def test_r1_buncefield_is_red_more_than_an_hour_before_the_tank_was_full() -> None:
    def level(m: float) -> float:
        return 5.28 + 0.1528 * m

    course = Course(1, level, 625, flow=lambda _: 50.0, read=lambda m: level(min(m, 480)), h=87.0, hh=92.0)
    assert course.first(ORANGE) == pytest.approx(495, abs=3)
    assert course.first(RED) <= 542


def test_s8_a_dark_tank_farm_is_yellow_soon_orange_in_hours_and_never_red() -> None:
    course = Course(3, lambda _: 50.0, 24 * 60, silent_from=5.0)
    assert course.first(YELLOW) <= 17
    assert course.first(ORANGE) - 5 == pytest.approx(503, abs=3)
    assert max(course.levels) == ORANGE


def test_s9_a_high_high_level_that_goes_silent_never_looks_better() -> None:
    course = Course(2, lambda m: 91.0 if m >= 3 else 50.0, 24 * 60, silent_from=20.0)
    assert course.first(ORANGE) <= 4
    assert course.first(RED) <= 33
    assert min(course.levels[4:]) >= ORANGE


def test_s10_a_standing_high_level_stays_yellow_at_grade_3_and_turns_orange_at_grade_1() -> None:
    def level(m: float) -> float:
        return 86.0 if m >= 5 else 50.0

    mild = Course(3, level, 365)
    assert set(mild.levels[6:]) == {YELLOW}
    assert Course(1, level, 120).first(ORANGE) - 5 <= 90


def test_s10b_a_standing_high_level_nobody_acknowledges_turns_orange() -> None:
    course = Course(3, lambda m: 86.0 if m >= 5 else 50.0, 120, acknowledged=False)
    assert course.first(ORANGE) - 5 <= 75


def test_s10c_half_an_hour_of_a_high_level_is_forgotten_in_two_and_a_half() -> None:
    course = Course(3, lambda m: 86.0 if 5 <= m < 35 else 50.0, 200)
    assert course.levels[34] == YELLOW
    back = next(minute for minute in range(36, 200) if course.levels[minute] == BLUE)
    assert back - 35 <= 150


def test_n1_a_normal_fill_stays_blue() -> None:
    course = Course(1, lambda m: min(20 + 0.1 * m, 80.0), 660, flow=lambda m: 50.0 if m < 600 else 0.0)
    assert set(course.levels) == {BLUE}


def test_n3_a_spike_of_one_sample_is_not_seen() -> None:
    course = Course(1, lambda m: 99.0 if abs(m - 20) < 0.01 else 60.0, 40)
    assert 99.0 in course.v
    assert set(course.scores) == {course.scores[0]}
