"""Words of the access ledger."""

from enum import StrEnum


class AccessStep(StrEnum):
    """The way of a major hazard onto the system, in order (notice S22)."""

    SURVEYED = "surveyed"
    CONDITIONS_CHECKED = "conditions_checked"
    GATEWAY_INSTALLED = "gateway_installed"
    POWERED = "powered"
    INTEGRATED = "integrated"
    POINTS_AUDITED = "points_audited"
    LIMITS_SIGNED = "limits_signed"
    ACCEPTED = "accepted"


class StepState(StrEnum):
    """Where one step stands."""

    DONE = "done"
    BLOCKED = "blocked"
    OVERDUE = "overdue"
    DUE = "due"
    OPEN = "open"


class Contradiction(StrEnum):
    """Where the ledger and the system say different things."""

    FILED_NOT_SEEN = "filed_not_seen"
    SEEN_NOT_FILED = "seen_not_filed"
