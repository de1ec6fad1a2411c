"""Words of delivery."""

from enum import StrEnum


class Channel(StrEnum):
    """The rungs of the ladder that exist so far."""

    WEB_PUSH = "web_push"


class DeliveryState(StrEnum):
    """How far a message came."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    SHOWN = "shown"
    FAILED = "failed"
    GONE = "gone"
