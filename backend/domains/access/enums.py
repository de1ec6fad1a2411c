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


class PlaceKind(StrEnum):
    """What has limits of its own."""

    TANK = "tank"
    DETECTOR = "detector"


class WhyUnsigned(StrEnum):
    """Why limits are not signed yet, the nearest to being so first."""

    TO_COME = "to_come"
    WAITS_FOR_APPROVAL = "waits_for_approval"
    WAITS_FOR_EXPERT = "waits_for_expert"
    NOT_VERIFIED = "not_verified"
    NO_LIMITS = "no_limits"
    NO_POINTS = "no_points"


class Contradiction(StrEnum):
    """Where the ledger and the system say different things."""

    FILED_NOT_SEEN = "filed_not_seen"
    SEEN_NOT_FILED = "seen_not_filed"
