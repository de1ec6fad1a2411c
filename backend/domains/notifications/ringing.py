"""Deciding whom an alarm wakes, and writing a message to each of their devices into the ledger."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from tortoise.transactions import in_transaction

from backend.domains.accounts.queries import people_in_charge
from backend.domains.alarms.notified import mark_notified, rung_alarm
from backend.domains.alarms.ringing import alarm_ring, channels_of
from backend.domains.notifications.enums import Channel, DeliveryState
from backend.domains.notifications.models import Delivery
from backend.domains.notifications.queries import devices_of, queued_for
from backend.domains.notifications.rules import areas_told
from backend.domains.regions.queries import line_of
from backend.kit.live import LiveEvent
from backend.kit.turns import take_turn


class Rung(Struct, frozen=True):
    """What is to be done now: messages to send, and what to tell open pages (nothing for a repeat)."""

    deliveries: list[UUID]
    event: LiveEvent | None = None
    channels: list[str] = []


async def ring_alarm(alarm_id: UUID, now: datetime) -> Rung:
    """Write the messages for the alarm's colour of this moment, once; a repeat only finds those still waiting.

    An alarm known only from late frames rings nobody.
    """
    async with in_transaction():
        await take_turn("alarm_rung", alarm_id)
        alarm = await rung_alarm(alarm_id)
        if alarm is None or alarm.late:
            return Rung([])
        told = alarm.notified_level
        if told is not None and told >= alarm.risk_level:
            return Rung(await queued_for(alarm_id))
        areas = areas_told(alarm.risk_level, alarm.adcode, await line_of(alarm.adcode))
        people = await people_in_charge(alarm.enterprise_id, areas)
        devices = await devices_of(person.id for person in people)
        rows = [
            Delivery(
                person_id=device.person_id,
                alarm_id=alarm_id,
                risk_level=alarm.risk_level,
                channel=Channel.WEB_PUSH,
                subscription_id=device.id,
                state=DeliveryState.QUEUED,
                queued_at=now,
            )
            for device in devices
        ]
        await Delivery.bulk_create(rows, ignore_conflicts=True)
        reached = len({device.person_id for device in devices})
        event_id = await mark_notified(alarm_id, alarm.risk_level, now, people=reached, devices=len(devices))
        ring = alarm_ring(alarm_id, event_id) if event_id else None
        return Rung(await queued_for(alarm_id), ring, channels_of(alarm.enterprise_id, alarm.adcode))
