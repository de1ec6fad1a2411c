from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domains.monitoring.enums import Quality
from backend.domains.monitoring.rules import ReadingState
from backend.domains.monitoring.states import PointState, Seen, point_state, reading_state

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def seen(**changes: Any) -> Seen:
    usual: dict[str, Any] = {"value": 50.0, "quality": 0, "at": NOW, "range_lo": 0.0, "range_hi": 100.0}
    return Seen(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, PointState.LIVE),
        ({"value": 0.0}, PointState.LIVE),
        ({"value": 103.0}, PointState.LIVE),
        ({"value": 103.1}, PointState.OUT_OF_RANGE),
        ({"value": -3.1}, PointState.OUT_OF_RANGE),
        ({"value": 1e9, "range_lo": None, "range_hi": None}, PointState.LIVE),
        ({"value": -1.0, "range_hi": None}, PointState.OUT_OF_RANGE),
        ({"quality": Quality.OUT_OF_RANGE}, PointState.OUT_OF_RANGE),
        ({"quality": Quality.UNCERTAIN_SENSOR}, PointState.BAD),
        ({"quality": Quality.MANUAL}, PointState.BAD),
        ({"value": None, "quality": Quality.BAD_SENSOR}, PointState.BAD),
        ({"value": None}, PointState.BAD),
        ({"quality": Quality.FROZEN}, PointState.FROZEN),
        ({"frozen": True}, PointState.FROZEN),
        ({"quality": Quality.OUT_OF_SERVICE}, PointState.OUT_OF_SERVICE),
        ({"at": NOW - timedelta(seconds=181)}, PointState.STALE),
        ({"at": NOW - timedelta(seconds=181), "frozen": True}, PointState.STALE),
        ({"gateway_lost": True}, PointState.STALE),
        ({"at": None}, PointState.NEVER_SEEN),
        ({"at": None, "filed": True}, PointState.FILED),
        ({"filed": True}, PointState.FILED),
        ({"gateway_lost": True, "filed": True}, PointState.FILED),
    ],
)
def test_a_point_is_in_the_state_that_says_most(changes: dict[str, Any], state: PointState) -> None:
    assert point_state(seen(**changes), NOW) is state


@pytest.mark.parametrize("state", [state for state in PointState if state is not PointState.LIVE])
def test_nothing_but_a_live_point_reads_good(state: PointState) -> None:
    assert reading_state(state, ReadingState.GOOD) is ReadingState.BAD
    assert reading_state(state, ReadingState.STALE) is ReadingState.STALE
    assert reading_state(PointState.LIVE, ReadingState.GOOD) is ReadingState.GOOD
