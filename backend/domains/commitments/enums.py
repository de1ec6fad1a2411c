"""Words of the daily safety commitment."""

from enum import StrEnum


class LateReason(StrEnum):
    """Why a commitment came after its deadline."""

    SUDDEN_SPECIAL_OP = "sudden_special_op"
    PRODUCTION_CHANGE = "production_change"
    RESPONSIBLE_ABSENT = "responsible_absent"
    SYSTEM_FAULT = "system_fault"
    POWER_CUT = "power_cut"
    FORGOTTEN = "forgotten"
    LONG_SHUTDOWN_UNREPORTED = "long_shutdown_unreported"
    OTHER = "other"


class CommitmentState(StrEnum):
    """How a day stands: computed, except that a filed day remembers whether it was on time."""

    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    MISSED = "missed"


class CommitmentFilter(StrEnum):
    """What a list of a day may be asked for; `missing` is everyone without a filing, due or not."""

    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    MISSED = "missed"
    MISSING = "missing"


class EvidenceSource(StrEnum):
    """Where a proposed value of the draft comes from."""

    PREVIOUS = "previous"
    WORK_REPORTS = "work_reports"
    SENSORS = "sensors"
    REGISTER = "register"


class WarningKind(StrEnum):
    """What looks wrong in a commitment and is not refused."""

    UNITS_DO_NOT_ADD_UP = "units_do_not_add_up"
    DIFFERS_FROM_WORK_REPORTS = "differs_from_work_reports"
    OPEN_ALARMS = "open_alarms"
    LEVEL_LOWER_THAN_SUGGESTED = "level_lower_than_suggested"
