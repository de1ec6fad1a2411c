"""Carrying one message of the ledger to its push service, and writing down what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from tortoise.expressions import F

from backend.domains.accounts.enums import Locale
from backend.domains.accounts.queries import locale_of
from backend.domains.alarms.notified import rung_alarm
from backend.domains.notifications.endpoints import is_known
from backend.domains.notifications.enums import DeliveryState
from backend.domains.notifications.models import Delivery, PushSubscription
from backend.domains.notifications.rules import (
    MOST_ATTEMPTS,
    STALE_AFTER,
    Verdict,
    manner_of,
    pause_s,
    verdict_on,
)
from backend.domains.notifications.sealing import PushPayload, Sealed, seal
from backend.domains.notifications.sending import Answer, PushService
from backend.domains.notifications.vapid import vapid_keys
from backend.domains.notifications.words import alarm_text, trial_text
from backend.settings import Settings


class Tried(Struct, frozen=True):
    """How a message stands after a try; wait_s: seconds until the next one, None at its end."""

    state: DeliveryState
    wait_s: float | None = None


async def deliver(delivery_id: UUID, push: PushService, settings: Settings, now: datetime) -> Tried | None:
    """Try once; None when there was nothing to try.

    Only a waiting message is sent, so a job that comes twice rings once.
    """
    delivery = await Delivery.get_or_none(id=delivery_id, state=DeliveryState.QUEUED)
    if delivery is None:
        return None
    device = await PushSubscription.get_or_none(id=delivery.subscription_id, person_id=delivery.person_id)
    if device is None:
        return await _end(delivery, DeliveryState.GONE, "the device was removed")
    if not is_known(device.endpoint, settings.push_hosts):
        return await _end(delivery, DeliveryState.FAILED, "its push service is no longer allowed here")
    if now - delivery.queued_at > STALE_AFTER:
        return await _end(delivery, DeliveryState.FAILED, "waited too long to be news")
    sealed = await _seal(delivery, device, settings, now)
    if sealed is None:
        return await _end(delivery, DeliveryState.FAILED, "its alarm cannot be found")
    await Delivery.filter(id=delivery.id).update(attempts=F("attempts") + 1)
    return await _conclude(delivery, device, await push.post(device.endpoint, sealed), now)


async def _seal(delivery: Delivery, device: PushSubscription, settings: Settings, now: datetime) -> Sealed | None:
    payload = await _payload(delivery, await locale_of(delivery.person_id), settings.plant_zone, now)
    if payload is None:
        return None
    return seal(
        payload,
        device.endpoint,
        device.p256dh,
        device.auth,
        keys=await vapid_keys(),
        subject=settings.push_subject,
        manner=manner_of(delivery.risk_level, delivery.alarm_id),
    )


async def _payload(delivery: Delivery, locale: Locale, zone: ZoneInfo, now: datetime) -> PushPayload | None:
    if delivery.alarm_id is None:
        text = trial_text(locale, now, zone)
        return PushPayload(text.title, text.body, "test", "/me", str(delivery.id))
    alarm = await rung_alarm(delivery.alarm_id)
    if alarm is None:
        return None
    text, alarm_id = alarm_text(alarm, locale, zone), str(alarm.id)
    return PushPayload(
        text.title,
        text.body,
        f"alarm-{alarm_id}",
        f"/alarms/{alarm_id}",
        str(delivery.id),
        risk_level=alarm.risk_level,
        alarm_id=alarm_id,
    )


async def _conclude(delivery: Delivery, device: PushSubscription, answer: Answer, now: datetime) -> Tried:
    match verdict_on(answer.status):
        case Verdict.ACCEPTED:
            await PushSubscription.filter(id=device.id).update(last_accepted_at=now)
            await Delivery.filter(id=delivery.id).update(accepted_at=now, detail="")
            # The device may have shown it before the service's answer arrived here.
            return await _end(delivery, DeliveryState.ACCEPTED, "")
        case Verdict.GONE:
            await PushSubscription.filter(id=device.id).delete()
            return await _end(delivery, DeliveryState.GONE, answer.detail)
        case Verdict.AGAIN if delivery.attempts + 1 < MOST_ATTEMPTS:
            await Delivery.filter(id=delivery.id).update(detail=answer.detail)
            return Tried(DeliveryState.QUEUED, pause_s(delivery.attempts + 1, answer.retry_after_s))
        case Verdict.AGAIN | Verdict.REFUSED:
            return await _end(delivery, DeliveryState.FAILED, answer.detail)


async def _end(delivery: Delivery, state: DeliveryState, detail: str) -> Tried:
    await Delivery.filter(id=delivery.id, state=DeliveryState.QUEUED).update(state=state, detail=detail)
    return Tried(state)
