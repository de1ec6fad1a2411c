from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domains.outages.enums import GapClosing, GapState, StopEnding, StopState
from backend.domains.outages.rules import (
    Gap,
    closing_of,
    due_at,
    fault_of_hours,
    fault_of_prolongation,
    gap_state,
    is_late,
    stop_state,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        (HOUR, 9 * HOUR, None),
        (-HOUR, HOUR, None),
        (-7 * DAY, DAY, None),
        (HOUR, HOUR, "endsAt"),
        (-2 * HOUR, -HOUR, "endsAt"),
        (HOUR, HOUR + 181 * DAY, "endsAt"),
        (367 * DAY, 368 * DAY, "startsAt"),
        (-7 * DAY - HOUR, DAY, "startsAt"),
    ],
)
def test_the_hours_of_a_stop(starts: timedelta, ends: timedelta, field: str | None) -> None:
    fault = fault_of_hours(NOW + starts, NOW + ends, NOW)
    assert (fault.field if fault else None) == field


def test_a_stop_is_late_once_it_has_begun_and_a_phone_has_had_its_moment() -> None:
    assert not is_late(NOW, NOW + timedelta(minutes=5))
    assert is_late(NOW, NOW + timedelta(minutes=5, seconds=1))


@pytest.mark.parametrize(
    ("ends", "until", "fine"),
    [
        (HOUR, 2 * HOUR, True),
        (HOUR, HOUR, False),
        (-3 * HOUR, -HOUR, False),
        (-3 * HOUR, HOUR, True),
        (HOUR, 181 * DAY, False),
    ],
)
def test_a_stop_is_prolonged_into_the_future(ends: timedelta, until: timedelta, fine: bool) -> None:
    assert (fault_of_prolongation(NOW + ends, NOW + until, NOW - 4 * HOUR, NOW) is None) is fine


@pytest.mark.parametrize(
    ("starts", "ends", "ending", "state"),
    [
        (HOUR, 2 * HOUR, None, StopState.PLANNED),
        (-HOUR, HOUR, None, StopState.RUNNING),
        (timedelta(0), HOUR, None, StopState.RUNNING),
        (-2 * HOUR, timedelta(0), None, StopState.OVER),
        (-2 * HOUR, -HOUR, StopEnding.RETURNED, StopState.RETURNED),
        (HOUR, 2 * HOUR, StopEnding.WITHDRAWN, StopState.WITHDRAWN),
    ],
)
def test_what_a_stop_means_now(starts: timedelta, ends: timedelta, ending: StopEnding | None, state: StopState) -> None:
    assert stop_state(NOW + starts, NOW + ends, ending, NOW) is state


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, GapState.OPEN),
        ({"due_at": NOW}, GapState.OVERDUE),
        ({"due_at": NOW, "explained_at": NOW - HOUR}, GapState.EXPLAINED),
        ({"due_at": NOW - HOUR, "filed_until": NOW + HOUR}, GapState.FILED),
        ({"filed_until": NOW - HOUR}, GapState.OPEN),
        ({"due_at": NOW - HOUR, "filed_until": NOW - 2 * HOUR}, GapState.OVERDUE),
        ({"due_at": NOW - HOUR, "closed_at": NOW}, GapState.CLOSED),
    ],
)
def test_where_a_gap_stands(fields: dict[str, Any], state: GapState) -> None:
    assert gap_state(Gap(**{"due_at": NOW + HOUR, **fields}), NOW) is state


def test_the_deadline_counts_from_the_end_of_the_filed_stop() -> None:
    assert due_at(NOW, 24, None) == NOW + DAY
    assert due_at(NOW, 24, NOW + 3 * HOUR) == NOW + 27 * HOUR
    assert due_at(NOW, 24, NOW - 3 * HOUR) == NOW + DAY


@pytest.mark.parametrize(
    ("facts", "how"),
    [
        ({"has_ended": False, "is_filled": True, "explained": True}, None),
        ({}, None),
        ({"is_filled": True, "explained": True, "filed_in_advance": True, "within_filing": True}, GapClosing.BACKFILL),
        ({"filed_in_advance": True, "within_filing": True, "explained": True}, GapClosing.FILED),
        ({"filed_in_advance": True}, None),
        ({"within_filing": True}, None),
        ({"within_filing": True, "explained": True}, GapClosing.REASON),
    ],
)
def test_how_a_gap_closes(facts: dict[str, bool], how: GapClosing | None) -> None:
    usual = {
        "has_ended": True,
        "is_filled": False,
        "explained": False,
        "filed_in_advance": False,
        "within_filing": False,
    }
    assert closing_of(**{"has_ended": True, **usual, **facts}) is how
