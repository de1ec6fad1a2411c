"""Words of special operations (GB 30871-2022)."""

from enum import StrEnum


class WorkKind(StrEnum):
    """The eight special operations."""

    HOT_WORK = "hot_work"
    CONFINED_SPACE = "confined_space"
    BLIND_PLATE = "blind_plate"
    WORK_AT_HEIGHT = "work_at_height"
    LIFTING = "lifting"
    TEMPORARY_POWER = "temporary_power"
    EXCAVATION = "excavation"
    ROAD_CLOSURE = "road_closure"


class WorkGrade(StrEnum):
    """Grades: hot work special, 1, 2; height I–IV as 1–4; lifting 1–3; the rest none."""

    NONE = "none"
    SPECIAL = "special"
    GRADE_1 = "grade_1"
    GRADE_2 = "grade_2"
    GRADE_3 = "grade_3"
    GRADE_4 = "grade_4"


class ReportState(StrEnum):
    """A report is a plan; whether it runs follows from its hours."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class WorkState(StrEnum):
    """What a report means now: computed from its plan, its hours and the clock."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
