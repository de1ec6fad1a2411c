"""What can be done with alarms."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.enums import AlarmEventKind
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.alarms.queries import visible_alarm, visible_alarms
from backend.domains.alarms.ringing import alarm_ring, channels_of
from backend.kit import audit
from backend.kit.live import Bell


async def acknowledge_alarm(alarm_id: UUID, by: Viewer, now: datetime, bell: Bell) -> Alarm:
    """Say that someone of the enterprise has seen it; the first one counts, and saying it again changes nothing.

    Acknowledged means seen, never solved: the alarm stands until its value is back (IEC 62682).
    """
    async with in_transaction():
        done = (
            await visible_alarms(by)
            .filter(id=alarm_id, acknowledged_at=None)
            .update(acknowledged_at=now, acknowledged_by_id=by.id)
        )
        alarm = await visible_alarm(by, alarm_id)
        if not done:
            return alarm
        event = await AlarmEvent.create(
            alarm_id=alarm.id,
            at=now,
            kind=AlarmEventKind.ACKNOWLEDGED,
            level=alarm.level,
            risk_level=alarm.risk_level,
            person_id=by.id,
            person_name=by.name,
        )
        await audit.record(
            "alarm.acknowledged", "alarm", alarm.id, at=now, person_id=by.id, person_name=by.name, level=alarm.level
        )
    await bell.ring(alarm_ring(alarm.id, event.id), channels_of(alarm.enterprise_id, alarm.adcode))
    return alarm
