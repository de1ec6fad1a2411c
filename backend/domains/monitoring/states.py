"""In which of eight states a point is: one pure function for lists, pages and counts (standards 5.6, 5.7, 5.8)."""

from __future__ import annotations

import math
from datetime import datetime
from enum import StrEnum

import msgspec

from backend.domains.monitoring.enums import Quality
from backend.domains.monitoring.rules import ReadingState, state_of

# Beyond the instrument's range by more than this share of its span is out of range (standards 5.6).
RANGE_MARGIN = 0.03


class PointState(StrEnum):
    """What can be said of a point now. Only `live` may look normal.

    `out_of_service`: the instrument says so itself; `filed`: people filed beforehand that it is off line.
    """

    LIVE = "live"
    OUT_OF_RANGE = "out_of_range"
    FROZEN = "frozen"
    BAD = "bad"
    STALE = "stale"
    OUT_OF_SERVICE = "out_of_service"
    FILED = "filed"
    NEVER_SEEN = "never_seen"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a point at one moment.

    value, quality, at: its newest reading; at None = it never sent. gateway_lost: its gateway is lost.
    range_lo, range_hi: of the instrument, in the unit of the value. frozen: the sweep found it standing still.
    filed: an off-line filing covers it now.
    """

    value: float | None
    quality: int
    at: datetime | None
    gateway_lost: bool = False
    range_lo: float | None = None
    range_hi: float | None = None
    frozen: bool = False
    filed: bool = False


def point_state(seen: Seen, now: datetime) -> PointState:
    """The state of a point; of several that fit, the one that says most about why it cannot be believed.

    A filed stop comes first, because people said beforehand that this point is not to be counted on.
    """
    if seen.filed:
        return PointState.FILED
    if seen.at is None:
        return PointState.NEVER_SEEN
    known = state_of(seen.value, seen.quality, seen.at, seen.gateway_lost, now)
    if known is ReadingState.STALE:
        return PointState.STALE
    if seen.quality == Quality.OUT_OF_SERVICE:
        return PointState.OUT_OF_SERVICE
    if seen.frozen or seen.quality == Quality.FROZEN:
        return PointState.FROZEN
    if seen.quality == Quality.OUT_OF_RANGE or (known is ReadingState.GOOD and _beyond_range(seen)):
        return PointState.OUT_OF_RANGE
    return PointState.LIVE if known is ReadingState.GOOD else PointState.BAD


def reading_state(state: PointState, known: ReadingState) -> ReadingState:
    """How far the reading can be believed, never better than its point's state allows."""
    return ReadingState.BAD if known is ReadingState.GOOD and state is not PointState.LIVE else known


def _beyond_range(seen: Seen) -> bool:
    lo, hi, value = seen.range_lo, seen.range_hi, seen.value
    if value is None:
        return False
    margin = RANGE_MARGIN * (hi - lo) if lo is not None and hi is not None else 0.0
    return value < (-math.inf if lo is None else lo - margin) or value > (math.inf if hi is None else hi + margin)
