"""Decisions about alarms: the colour now and next, the deadlines, the words. No database, no clock.

Source of colours and minutes: default rules of standards 7.3.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from backend.domains.alarms.enums import RiskLevel, Side
from backend.domains.monitoring.enums import PointKind

GAS_KINDS = frozenset({PointKind.COMB_GAS, PointKind.TOXIC_GAS})
# A major hazard of these grades turns red when level 2 lasts.
GRAVE_GRADES = frozenset({1, 2})
RED_AFTER = timedelta(minutes=5)
YELLOW_AFTER = timedelta(minutes=30)
# Level 2 of two detectors of one hazard within this span is a leak, not a faulty instrument.
LEAK_WINDOW = timedelta(minutes=5)

ANSWER_WITHIN = {1: timedelta(hours=2), 2: timedelta(minutes=15)}
# A yellow one, which is a level 1 that lasted, must be answered within an hour from turning yellow.
YELLOW_ANSWER_WITHIN = timedelta(hours=1)
DISTRICT_AFTER, CITY_AFTER = timedelta(minutes=30), timedelta(minutes=60)


class Colour(NamedTuple):
    """The colour of an alarm now, and when it turns graver if nothing changes (None = it does not)."""

    risk_level: RiskLevel
    rises_at: datetime | None


class Deadlines(NamedTuple):
    """When people must have answered: the enterprise, then whoever is told of its silence (level 2 only)."""

    answer_due_at: datetime
    district_told_at: datetime | None
    city_told_at: datetime | None


def colour_of(
    kind: PointKind,
    level: int,
    hazard_grade: int | None,
    *,
    raised_at: datetime,
    level_since: datetime,
    now: datetime,
    is_leak: bool = False,
) -> Colour:
    """The colour of an open alarm.

    level: 1 or 2, as it is now. raised_at: start of the episode, so that an HH which eased to H counts from there.
    level_since: since when this level holds. is_leak: another detector of the hazard is at level 2 (see `is_leak`).
    Level 2 is orange at once; of a tank at a hazard of grade 1–2 it turns red after 5 min, gas turns red as a leak.
    Level 1 is blue, and yellow after 30 min.
    """
    if level == 2:
        if kind in GAS_KINDS:
            return Colour(RiskLevel.RED if is_leak else RiskLevel.ORANGE, None)
        if hazard_grade not in GRAVE_GRADES:
            return Colour(RiskLevel.ORANGE, None)
        return _rising(RiskLevel.ORANGE, RiskLevel.RED, level_since + RED_AFTER, now)
    return _rising(RiskLevel.BLUE, RiskLevel.YELLOW, raised_at + YELLOW_AFTER, now)


def _rising(low: RiskLevel, high: RiskLevel, at: datetime, now: datetime) -> Colour:
    return Colour(high, None) if at <= now else Colour(low, at)


def rises_to(risk_level: int) -> RiskLevel | None:
    """The colour that comes next when an alarm of this colour has a `rises_at`."""
    return {RiskLevel.BLUE: RiskLevel.YELLOW, RiskLevel.ORANGE: RiskLevel.RED}.get(RiskLevel(risk_level))


def is_leak(level_2_since: list[datetime]) -> bool:
    """Whether open level-2 gas alarms of one hazard make a leak: two that began within LEAK_WINDOW of each other."""
    began = sorted(level_2_since)
    return any(later - earlier <= LEAK_WINDOW for earlier, later in pairwise(began))


def deadlines(level: int, risk_level: int, raised_at: datetime, level_since: datetime) -> Deadlines:
    """When an open alarm must be answered; level 2 within 15 min of reaching it, whatever its colour does."""
    if level == 2:
        return Deadlines(level_since + ANSWER_WITHIN[2], level_since + DISTRICT_AFTER, level_since + CITY_AFTER)
    if risk_level >= RiskLevel.YELLOW:
        return Deadlines(raised_at + YELLOW_AFTER + YELLOW_ANSWER_WITHIN, None, None)
    return Deadlines(raised_at + ANSWER_WITHIN[1], None, None)


def limit_code(kind: PointKind, side: Side, level: int) -> str:
    """What was crossed, as the plant says it: HH, H, L, LL, and for gas its level, 1 or 2."""
    if kind in GAS_KINDS:
        return str(level)
    return ("H" if side is Side.HIGH else "L") * level
