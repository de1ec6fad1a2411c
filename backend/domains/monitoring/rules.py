"""Decisions about points that need no database: limits, their defaults, and how far a value can be believed."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

import msgspec

from backend.domains.monitoring.enums import PointKind, Quality
from backend.domains.monitoring.kinds import KINDS

# A gateway is lost after 3 min (standards 5.7); a value older than that says nothing about now.
STALE_AFTER = timedelta(seconds=180)
# Level 2 waits at most this long, whatever the delay of the point (standards 6.3).
LEVEL_2_ON_DELAY_S = 5.0
LONGEST_DELAY_S = 600.0
# Qualities that say "this is not the process": such a value is neither judged nor drawn.
NOT_THE_PROCESS = frozenset(
    {
        Quality.OFFLINE,
        Quality.BAD_SENSOR,
        Quality.BAD_DEVICE,
        Quality.OUT_OF_SERVICE,
        Quality.BAD_CONFIG,
        Quality.FROZEN,
        Quality.TIME_ERROR,
    }
)


class LimitValues(msgspec.Struct, frozen=True, rename="camel"):
    """Limits in the unit of the point; None = none. Of gas, `h` is level 1 and `hh` level 2."""

    ll: float | None = None
    l: float | None = None  # noqa: E741 - the plant's own name for it.
    h: float | None = None
    hh: float | None = None

    def given(self) -> list[tuple[str, float]]:
        """Those that exist, in the order in which they must rise."""
        named = (("ll", self.ll), ("l", self.l), ("h", self.h), ("hh", self.hh))
        return [(name, value) for name, value in named if value is not None]


class Damping(msgspec.Struct, frozen=True):
    """What keeps an alarm from trembling: deadband in the unit of the point, delays in seconds."""

    deadband: float
    on_delay_s: float
    off_delay_s: float


class ReadingState(StrEnum):
    """How far a value can be believed. Only `good` may look normal."""

    GOOD = "good"
    BAD = "bad"
    STALE = "stale"
    MISSING = "missing"


def what_is_wrong_with_limits(
    kind: PointKind, limits: LimitValues, range_lo: float | None, range_hi: float | None
) -> str | None:
    """Why these limits cannot be, or None: range_lo <= LL < L < H < HH <= range_hi, and only those the kind carries.

    Source: standards 5.2.
    """
    given = limits.given()
    if foreign := [name.upper() for name, _ in given if name not in KINDS[kind].limits]:
        return f"a point of kind {kind} carries no limit {', '.join(foreign)}"
    if not all(math.isfinite(value) for _, value in given):
        return "a limit is a finite number"
    for (lower, low), (upper, high) in pairwise(given):
        if low >= high:
            return f"{lower.upper()} must be below {upper.upper()}"
    if range_lo is not None and given and given[0][1] < range_lo:
        return f"{given[0][0].upper()} lies below the instrument's range"
    if range_hi is not None and given and given[-1][1] > range_hi:
        return f"{given[-1][0].upper()} lies above the instrument's range"
    return None


def what_is_wrong_with_range(kind: PointKind, unit: str, range_lo: float | None, range_hi: float | None) -> str | None:
    """Why this cannot be an instrument's range, or None. Plausibility is judged in the kind's usual unit only."""
    ends = [end for end in (range_lo, range_hi) if end is not None]
    if not all(math.isfinite(end) for end in ends):
        return "an end of a range is a finite number"
    if range_lo is not None and range_hi is not None and range_lo >= range_hi:
        return "a range begins below its end"
    facts = KINDS[kind]
    if unit == facts.unit and any(not facts.plausible_lo <= end <= facts.plausible_hi for end in ends):
        return f"no instrument of kind {kind} reaches beyond {facts.plausible_lo:g} to {facts.plausible_hi:g} {unit}"
    return None


def default_damping(
    kind: PointKind, limits: LimitValues, range_lo: float | None = None, range_hi: float | None = None
) -> Damping:
    """Deadband and delays to start with (standards 6.3); without a range its span is taken from the limits."""
    facts = KINDS[kind]
    deadband = facts.deadband
    if facts.deadband_pct is not None:
        base = limits.h or 0.0 if facts.of_level_1 else _span(limits, range_lo, range_hi)
        deadband = base * facts.deadband_pct / 100
    return Damping(deadband, facts.on_delay_s, facts.off_delay_s)


def _span(limits: LimitValues, range_lo: float | None, range_hi: float | None) -> float:
    if range_lo is not None and range_hi is not None:
        return range_hi - range_lo
    values = [value for _, value in limits.given()]
    return max(values) - min(values) if len(values) > 1 else abs(values[0]) if values else 0.0


def what_is_wrong_with_damping(damping: Damping) -> str | None:
    """Why this cannot be a damping, or None. A delay longer than 10 min would hide an alarm, not calm it."""
    if not (math.isfinite(damping.deadband) and damping.deadband >= 0):
        return "a deadband is a finite number and not negative"
    if not all(0 <= delay <= LONGEST_DELAY_S for delay in (damping.on_delay_s, damping.off_delay_s)):
        return f"a delay lies between 0 and {LONGEST_DELAY_S:g} s"
    return None


def on_delay_of(level: int, damping: Damping) -> float:
    """Seconds a value must stay beyond a limit of this level before its alarm is raised."""
    return min(damping.on_delay_s, LEVEL_2_ON_DELAY_S) if level == 2 else damping.on_delay_s


def band_of(limits: LimitValues, deadband: float, *, is_high: bool) -> float:
    """The deadband that counts on one side: one wider than half the way from H to HH (L to LL) is cut to that half.

    Source: standards 6.3.
    """
    inner, outer = (limits.h, limits.hh) if is_high else (limits.l, limits.ll)
    if inner is None or outer is None:
        return deadband
    return min(deadband, abs(outer - inner) / 2)


def release_value(limits: LimitValues, deadband: float, *, is_high: bool) -> float | None:
    """The value beyond which an alarm of that side no longer counts as beyond: its innermost limit less the deadband.

    A deadband wider than half the way from H to HH (L to LL) is cut to that half (standards 6.3).
    """
    inner, outer = (limits.h, limits.hh) if is_high else (limits.l, limits.ll)
    band = band_of(limits, deadband, is_high=is_high)
    innermost = outer if inner is None else inner
    if innermost is None:
        return None
    return innermost - band if is_high else innermost + band


def state_of(value: float | None, quality: int, at: datetime | None, gateway_lost: bool, now: datetime) -> ReadingState:
    """How far the newest value of a point can be believed now. Zero is a reading; old and none are never good."""
    if at is None:
        return ReadingState.MISSING
    if gateway_lost or now - at > STALE_AFTER:
        return ReadingState.STALE
    if value is None or not math.isfinite(value):
        return ReadingState.MISSING
    return ReadingState.GOOD if quality == Quality.GOOD else ReadingState.BAD
