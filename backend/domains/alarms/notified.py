"""What notifications and filings ask of alarms: who was told of what, and how many grave ones are open."""

from __future__ import annotations

from uuid import UUID

from backend.domains.alarms.models import Alarm

GRAVE = 2


async def open_grave_alarms(enterprise_id: UUID) -> int:
    """How many live alarms of level 2 (HH, LL, gas level 2) an enterprise has open."""
    return await Alarm.filter(enterprise_id=enterprise_id, cleared_at=None, late=False, level=GRAVE).count()
