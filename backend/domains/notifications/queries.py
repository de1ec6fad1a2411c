"""Reads of subscriptions and of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.queryset import QuerySet

from backend.domains.accounts.queries import signed_out
from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.queries import visible_alarm
from backend.domains.notifications.enums import DeliveryState
from backend.domains.notifications.models import Delivery, PushSubscription
from backend.domains.notifications.rules import STALE_AFTER


def own_subscriptions(viewer: Viewer) -> QuerySet[PushSubscription]:
    """The viewer's own devices; nobody sees those of others."""
    return PushSubscription.filter(person_id=viewer.id)


async def visible_deliveries(viewer: Viewer, alarm_id: UUID | None) -> QuerySet[Delivery]:
    """Without an alarm the viewer's own messages; with one, everybody's about an alarm that the viewer may see."""
    if alarm_id is None:
        return Delivery.filter(person_id=viewer.id)
    alarm = await visible_alarm(viewer, alarm_id)
    return Delivery.filter(alarm_id=alarm.id)


async def devices_of(person_ids: Iterable[UUID]) -> list[PushSubscription]:
    """The devices of these people, without those where they signed out."""
    ids = list(person_ids)
    found = await PushSubscription.filter(person_id__in=ids) if ids else []
    ended = await signed_out({device.session_id for device in found if device.session_id})
    return [device for device in found if device.session_id not in ended]


async def queued_for(alarm_id: UUID) -> list[UUID]:
    """The messages about an alarm that wait to be sent."""
    rows = await Delivery.filter(alarm_id=alarm_id, state=DeliveryState.QUEUED).values_list("id", flat=True)
    return [UUID(str(delivery_id)) for delivery_id in rows]


async def stuck(now: datetime, after: timedelta) -> list[UUID]:
    """Messages that have waited for longer than `after` and are still news."""
    waiting = Delivery.filter(
        state=DeliveryState.QUEUED, queued_at__lt=now - after, queued_at__gt=now - STALE_AFTER
    ).order_by("queued_at")
    return [UUID(str(delivery_id)) for delivery_id in await waiting.limit(1000).values_list("id", flat=True)]
