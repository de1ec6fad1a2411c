"""The rules of special operations that arithmetic can check: grades, validity and states (GB 30871-2022)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from backend.domains.permits.enums import ReportState, WorkGrade, WorkKind, WorkState

MOST_PEOPLE = 500
# A plan is made days ahead, not seasons; and a phone that was offline may bring yesterday's.
FURTHEST_AHEAD = timedelta(days=31)
LATEST_ARRIVAL = timedelta(days=1)


class KindRule(msgspec.Struct, frozen=True):
    """What the standard says of one kind: prefix of its numbers, and the longest validity of each grade it has."""

    prefix: str
    longest: dict[WorkGrade, timedelta]
    clause: str


def _ungraded(prefix: str, longest: timedelta, clause: str) -> KindRule:
    return KindRule(prefix, {WorkGrade.NONE: longest}, clause)


_H8, _H24, _H72, _D7 = timedelta(hours=8), timedelta(hours=24), timedelta(hours=72), timedelta(days=7)
_OURS = "no limit in GB 30871-2022; this is Anlan's"

RULES: dict[WorkKind, KindRule] = {
    WorkKind.HOT_WORK: KindRule(
        "DH", {WorkGrade.SPECIAL: _H8, WorkGrade.GRADE_1: _H8, WorkGrade.GRADE_2: _H72}, "GB 30871-2022, 5.1.5"
    ),
    WorkKind.CONFINED_SPACE: _ungraded("SX", _H24, "GB 30871-2022, 6.10"),
    WorkKind.BLIND_PLATE: _ungraded("MB", _H24, _OURS),
    WorkKind.WORK_AT_HEIGHT: KindRule(
        "GC",
        dict.fromkeys((WorkGrade.GRADE_1, WorkGrade.GRADE_2, WorkGrade.GRADE_3, WorkGrade.GRADE_4), _D7),
        "GB 30871-2022, 8.2.11",
    ),
    WorkKind.LIFTING: KindRule(
        "DZ", dict.fromkeys((WorkGrade.GRADE_1, WorkGrade.GRADE_2, WorkGrade.GRADE_3), _H24), _OURS
    ),
    WorkKind.TEMPORARY_POWER: _ungraded("LSYD", timedelta(days=15), "GB 30871-2022, 10.8"),
    WorkKind.EXCAVATION: _ungraded("DT", _D7, _OURS),
    WorkKind.ROAD_CLOSURE: _ungraded("DL", _D7, _OURS),
}

# A day's list looks back this far for work that is still going on.
LONGEST_VALIDITY = max(longest for rule in RULES.values() for longest in rule.longest.values())


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a report, and in which field (camelCase, as on the wire)."""

    field: str
    words: str


def fault_of_grade(kind: WorkKind, grade: WorkGrade) -> Fault | None:
    """Whether that kind of work has that grade."""
    grades = RULES[kind].longest
    if grade in grades:
        return None
    if set(grades) == {WorkGrade.NONE}:
        return Fault("grade", f"{_words(kind)} has no grades; leave it at none")
    return Fault("grade", f"{_words(kind)} is graded {', '.join(_words(g) for g in grades)}")


def fault_of_hours(
    kind: WorkKind, grade: WorkGrade, planned_from: datetime, planned_to: datetime, now: datetime
) -> Fault | None:
    """Whether the planned hours can be: in order, not long over, not too far ahead, within the permit's validity."""
    if planned_to <= planned_from:
        return Fault("plannedTo", "the work must end after it begins")
    if planned_to < now - LATEST_ARRIVAL:
        return Fault("plannedTo", "this work was over more than a day ago")
    if planned_from > now + FURTHEST_AHEAD:
        return Fault("plannedFrom", f"work is reported at most {FURTHEST_AHEAD.days} days ahead")
    longest = RULES[kind].longest.get(grade)
    if longest is not None and planned_to - planned_from > longest:
        named = _words(kind) if grade is WorkGrade.NONE else f"{_words(grade)} {_words(kind)}"
        return Fault("plannedTo", f"{named} is valid for at most {_span(longest)} ({RULES[kind].clause})")
    return None


def state_of(state: ReportState, planned_from: datetime, planned_to: datetime, now: datetime) -> WorkState:
    """What a report means at `now`: work begins at `planned_from` and is over at `planned_to`."""
    if state is ReportState.CANCELLED:
        return WorkState.CANCELLED
    if now < planned_from:
        return WorkState.PLANNED
    return WorkState.RUNNING if now < planned_to else WorkState.ENDED


def next_number(kind: WorkKind, day: date, taken: Iterable[str]) -> str:
    """The number after the highest one taken on that plant day, such as DH-1124-003."""
    head = f"{RULES[kind].prefix}-{day:%m%d}-"
    used = [int(tail) for number in taken if number.startswith(head) and (tail := number[len(head) :]).isdigit()]
    return f"{head}{max(used, default=0) + 1:03d}"


def _words(word: WorkKind | WorkGrade) -> str:
    return word.value.replace("_", " ")


def _span(span: timedelta) -> str:
    return f"{span.days} days" if span > timedelta(hours=72) else f"{int(span.total_seconds() // 3600)} h"
