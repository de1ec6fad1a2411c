from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domains.risk.episodes import Episode, latched, most_repeats, residual, waiting_alarms
from backend.domains.risk.parameters import default_parameters
from tests.domains.risk.farms import level_point

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RM = default_parameters()


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def episode(raised: float = 60.0, **changed: Any) -> Episode:
    """A high alarm on point 7 raised that many minutes ago, at level 1 since then."""
    given: dict[str, Any] = {
        "id": "a1", "point_id": 7, "side": "high", "worst_level": 1, "level": 1, "level_since": ago(raised),
        "raised_at": ago(raised), "worst_value": 86.0,
    }  # fmt: skip  # one alarm is one picture.
    return Episode(**(given | changed))


def cleared(minutes: float, **changed: Any) -> Episode:
    return episode(**({"raised": minutes + 30, "level": None, "cleared_at": ago(minutes)} | changed))


def test_an_open_episode_latches_its_side_and_its_durations_run_on() -> None:
    assert latched([episode()], NOW) == {"latched_high": 1, "dur_any_min": 60.0, "dur_hh_min": 0.0}
    graver = episode(level=2, worst_level=2, level_since=ago(20), second_at=ago(20), side="low")
    assert latched([graver], NOW) == {"latched_low": 2, "dur_any_min": 60.0, "dur_hh_min": 20.0}


def test_an_eased_episode_is_no_longer_in_its_second_band() -> None:
    eased = episode(worst_level=2, level=1, level_since=ago(5), second_at=ago(40))
    assert latched([eased], NOW) == {"latched_high": 1, "dur_any_min": 60.0, "dur_hh_min": 0.0}


def test_cleared_episodes_and_none_latch_nothing() -> None:
    assert latched([cleared(10)], NOW) == {}
    assert latched([], NOW) == {}


def test_a_clock_that_runs_ahead_gives_no_negative_duration() -> None:
    assert latched([episode(raised=-0.5)], NOW)["dur_any_min"] == 0.0


def test_a_cleared_episode_leaves_its_peak() -> None:
    left = residual(level_point(50.0), [cleared(120)], NOW, RM)
    assert left["since_clear_min"] == 120.0
    assert left["residual_peak"] == pytest.approx(1 - (1 - 0.304) * (1 - 0.12 * 0.75))


def test_the_second_band_weighs_by_the_time_spent_in_it() -> None:
    second = cleared(120, worst_level=2, worst_value=91.0, second_at=ago(135))
    peak = residual(level_point(50.0), [second], NOW, RM)["residual_peak"]
    assert peak == pytest.approx(1 - (1 - 0.59) * (1 - 0.30 * 0.5))


def test_the_episode_that_weighs_most_now_is_the_one_that_counts() -> None:
    old_and_grave = cleared(600, worst_level=2, worst_value=95.0, second_at=ago(620))
    new_and_slight = cleared(30)
    assert residual(level_point(), [old_and_grave, new_and_slight], NOW, RM)["since_clear_min"] == 30.0
    assert residual(level_point(), [new_and_slight, cleared(60, worst_value=99.0)], NOW, RM)["since_clear_min"] == 60.0
    assert residual(level_point(), [cleared(25 * 60)], NOW, RM) == {}


@pytest.mark.parametrize(
    ("given", "grade", "overdue_min"),
    [
        (episode(raised=20), 1, 0.0),
        (episode(raised=45), 1, 15.0),
        (episode(raised=20, worst_level=2, level=2, second_at=ago(20)), 2, 5.0),
        (episode(raised=40, worst_level=2, level=2, second_at=ago(2)), 2, 10.0),
        (episode(raised=16, worst_level=2, level=2, second_at=ago(2)), 2, 0.0),
        (episode(raised=300, acknowledged_at=ago(1)), 1, 0.0),
    ],
)
def test_overdue_counts_from_the_deadline_of_the_acknowledgement(
    given: Episode, grade: int, overdue_min: float
) -> None:
    (alarm,) = waiting_alarms([given], {7: "LT-101"}, NOW)
    assert alarm == {"id": "a1", "grade": grade, "overdue_min": overdue_min, "name": "LT-101"}


def test_a_cleared_alarm_nobody_acknowledged_still_waits_and_a_finished_one_does_not() -> None:
    assert [a["overdue_min"] for a in waiting_alarms([cleared(60)], {}, NOW)] == [60.0]
    assert waiting_alarms([cleared(60, acknowledged_at=ago(70))], {}, NOW) == []


def test_repeats_are_counted_by_point_over_a_day() -> None:
    seven = [cleared(minutes) for minutes in (10, 100, 1000, 2000)]
    eight = [cleared(minutes, point_id=8) for minutes in (10, 20)]
    assert most_repeats([*seven, *eight], NOW) == 3
    assert most_repeats([], NOW) == 0
