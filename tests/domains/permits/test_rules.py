from datetime import UTC, date, datetime, timedelta

import pytest

from backend.domains.permits.enums import ReportState, WorkGrade, WorkKind, WorkState
from backend.domains.permits.rules import RULES, fault_of_grade, fault_of_hours, next_number, state_of

START = datetime(2026, 11, 24, 1, tzinfo=UTC)
LONGEST_H = [
    ("hot_work", "special", 8),
    ("hot_work", "grade_1", 8),
    ("hot_work", "grade_2", 72),
    ("confined_space", "none", 24),
    ("blind_plate", "none", 24),
    ("work_at_height", "grade_1", 168),
    ("work_at_height", "grade_4", 168),
    ("lifting", "grade_3", 24),
    ("temporary_power", "none", 360),
    ("excavation", "none", 168),
    ("road_closure", "none", 168),
]


@pytest.mark.parametrize(("kind", "grade", "hours"), LONGEST_H)
def test_validity_ends_exactly_at_its_limit(kind: str, grade: str, hours: int) -> None:
    work = WorkKind(kind), WorkGrade(grade)
    longest = timedelta(hours=hours)
    assert fault_of_hours(*work, START, START + longest, START) is None
    fault = fault_of_hours(*work, START, START + longest + timedelta(minutes=1), START)
    assert fault is not None
    assert fault.field == "plannedTo"
    assert kind.replace("_", " ") in fault.words


@pytest.mark.parametrize(
    ("kind", "grade", "fits"),
    [
        ("hot_work", "special", True),
        ("hot_work", "grade_3", False),
        ("hot_work", "none", False),
        ("work_at_height", "grade_4", True),
        ("work_at_height", "special", False),
        ("lifting", "grade_3", True),
        ("lifting", "grade_4", False),
        ("confined_space", "none", True),
        ("confined_space", "grade_1", False),
    ],
)
def test_each_kind_has_its_own_grades(kind: str, grade: str, fits: bool) -> None:
    assert (fault_of_grade(WorkKind(kind), WorkGrade(grade)) is None) is fits


def test_a_limit_is_told_with_its_clause() -> None:
    fault = fault_of_hours(WorkKind.HOT_WORK, WorkGrade.GRADE_1, START, START + timedelta(hours=9), START)
    assert fault is not None
    assert fault.words == "grade 1 hot work is valid for at most 8 h (GB 30871-2022, 5.1.5)"


@pytest.mark.parametrize(
    ("from_h", "to_h", "field"),
    [(2, 2, "plannedTo"), (2, 1, "plannedTo"), (-30, -25, "plannedTo"), (24 * 32, 24 * 32 + 1, "plannedFrom")],
)
def test_hours_that_cannot_be_are_refused(from_h: int, to_h: int, field: str) -> None:
    hours = START + timedelta(hours=from_h), START + timedelta(hours=to_h)
    fault = fault_of_hours(WorkKind.HOT_WORK, WorkGrade.GRADE_1, *hours, START)
    assert fault is not None
    assert fault.field == field


def test_a_phone_that_was_offline_may_still_bring_work_of_this_night() -> None:
    hours = START - timedelta(hours=10), START - timedelta(hours=6)
    assert fault_of_hours(WorkKind.HOT_WORK, WorkGrade.GRADE_1, *hours, START) is None


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(-1, WorkState.PLANNED), (0, WorkState.RUNNING), (59, WorkState.RUNNING), (60, WorkState.ENDED)],
)
def test_work_runs_from_its_first_instant_to_before_its_last(minutes: int, state: WorkState) -> None:
    end = START + timedelta(hours=1)
    assert state_of(ReportState.PLANNED, START, end, START + timedelta(minutes=minutes)) is state
    assert state_of(ReportState.CANCELLED, START, end, START) is WorkState.CANCELLED


def test_numbers_count_up_and_skip_nothing_that_was_given() -> None:
    day = date(2026, 11, 24)
    assert next_number(WorkKind.HOT_WORK, day, []) == "DH-1124-001"
    assert next_number(WorkKind.HOT_WORK, day, ["DH-1124-001", "DH-1124-007", "DH-1123-030"]) == "DH-1124-008"
    assert next_number(WorkKind.TEMPORARY_POWER, day, ["LSYD-1124-999"]) == "LSYD-1124-1000"


def test_every_kind_has_a_rule_and_a_prefix_of_its_own() -> None:
    assert set(RULES) == set(WorkKind)
    assert len({rule.prefix for rule in RULES.values()}) == len(WorkKind)
