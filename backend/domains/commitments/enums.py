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
