"""Words of alarms."""

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Which limit was crossed."""

    HIGH = "high"
    LOW = "low"


class RiskLevel(IntEnum):
    """The four colours; higher is graver."""

    BLUE = 0
    YELLOW = 1
    ORANGE = 2
    RED = 3


class AlarmEventKind(StrEnum):
    """What happened in the life of an alarm."""

    RAISED = "raised"
    WORSENED = "worsened"
    EASED = "eased"
    RECOLOURED = "recoloured"
    WENT_LIVE = "went_live"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
