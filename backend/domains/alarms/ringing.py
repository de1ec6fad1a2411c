"""How open pages learn of an alarm: the bell says which one, and the page's own stream reads the rest.

So a ring costs its sender next to nothing, and what a page gets is what its viewer may see at that moment.
"""

from __future__ import annotations

from uuid import UUID

from backend.kit.live import LiveEvent, area_channel, enterprise_channel

ALARM = "alarm"


def alarm_ring(alarm_id: UUID, event_id: int) -> LiveEvent:
    """The ring for a line of an alarm's life; `event_id` is `alarm_event.id`, from which a page resumes."""
    return LiveEvent(ALARM, {"id": str(alarm_id)}, event_id)


def channels_of(enterprise_id: UUID, adcode: str) -> list[str]:
    """Who hears of an enterprise: its own people, the regulators of its area and above, administrators."""
    return [enterprise_channel(enterprise_id), area_channel(adcode), area_channel("*")]
