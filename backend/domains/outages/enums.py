"""Words of stops that are filed, and of gaps in the data."""

from enum import StrEnum


class OutageScope(StrEnum):
    """What a filed stop takes off line (standards 5.8)."""

    ENTERPRISE = "enterprise"
    GATEWAY = "gateway"
    POINT = "point"


class OutageCause(StrEnum):
    """Why data are missing (standards 5.8)."""

    SHUTDOWN = "shutdown"
    MAINTENANCE = "maintenance"
    POWER = "power"
    NETWORK = "network"
    EQUIPMENT = "equipment"
    RELOCATION = "relocation"
    OTHER = "other"


class StopEnding(StrEnum):
    """How a filed stop was closed."""

    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class StopState(StrEnum):
    """What a filed stop means now; `over` is past its end and nobody has said that it returned."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class GapKind(StrEnum):
    """How data came to be missing: nothing came at all, or some sequence numbers never came."""

    SILENT = "silent"
    MISSING_NUMBERS = "missing_numbers"


class GapChangeKind(StrEnum):
    """What people changed of a gap: who answers for it, or until when."""

    OWNER = "owner"
    DEADLINE = "deadline"


class GapClosing(StrEnum):
    """How a gap was closed: the data came later, people gave the reason, or a stop had been filed beforehand."""

    BACKFILL = "backfill"
    REASON = "reason"
    FILED = "filed"


class GapState(StrEnum):
    """Where a gap stands. `explained` still runs and has its reason; `overdue` has none and its deadline is past."""

    OVERDUE = "overdue"
    OPEN = "open"
    FILED = "filed"
    EXPLAINED = "explained"
    CLOSED = "closed"
