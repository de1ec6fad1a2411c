"""What people do with notifications: subscribe a device, remove it, ring it for a test, say that it showed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.notifications.endpoints import (
    AUTH_BYTES,
    P256DH_BYTES,
    clean_key,
    is_curve_point,
    is_known,
)
from backend.domains.notifications.enums import Channel, DeliveryState
from backend.domains.notifications.models import Delivery, PushSubscription
from backend.domains.notifications.queries import devices_of, own_subscriptions
from backend.domains.notifications.rules import MOST_DEVICES, TESTS_A_MINUTE
from backend.domains.notifications.schemas import SubscriptionRequest
from backend.errors import Invalid, NotVisible, Problem
from backend.kit.ids import new_id


class PushHostNotKnown(Problem):
    """The endpoint does not lie with a push service that the operator knows."""

    status, kind = 422, "push-host-not-known"


class TooManyTests(Problem):
    """A device was rung for a test several times within a minute."""

    status, kind = 429, "too-many-requests"


async def subscribe(
    asked: SubscriptionRequest, by: Viewer, device: str, push_hosts: Iterable[str], now: datetime
) -> tuple[PushSubscription, bool]:
    """Ring the viewer on this device from now on; returns the row and whether it is new.

    An endpoint has one row: subscribing it again moves it to the person who is signed in there now. Of more than
    MOST_DEVICES of one person the oldest are forgotten.
    """
    if not is_known(asked.endpoint, push_hosts):
        raise PushHostNotKnown("this browser's push service is not among those allowed here", field="endpoint")
    p256dh, auth = clean_key(asked.keys.p256dh, P256DH_BYTES), clean_key(asked.keys.auth, AUTH_BYTES)
    if p256dh is None or not is_curve_point(p256dh):
        raise Invalid("p256dh is a public key of 65 bytes on P-256, as base64url", field="keys.p256dh")
    if auth is None:
        raise Invalid("auth is a secret of 16 bytes, as base64url", field="keys.auth")
    row = PushSubscription(
        person_id=by.id,
        session_id=by.session_id,
        endpoint=asked.endpoint,
        p256dh=p256dh,
        auth=auth,
        device=(asked.device or device)[:200],
        created_at=now,
    )
    async with in_transaction():
        moved = ["person_id", "session_id", "p256dh", "auth", "device"]
        await PushSubscription.bulk_create([row], on_conflict=["endpoint"], update_fields=moved)
        kept = await PushSubscription.get(endpoint=asked.endpoint)
        newest = await own_subscriptions(by).order_by("-created_at").limit(MOST_DEVICES).values_list("id", flat=True)
        await own_subscriptions(by).exclude(id__in=[*newest, kept.id]).delete()
    return kept, kept.id == row.id


async def unsubscribe(subscription_id: UUID, by: Viewer) -> None:
    """Forget one of the viewer's devices; the ledger keeps what was sent to it."""
    if not await own_subscriptions(by).filter(id=subscription_id).delete():
        raise NotVisible("you have no such device", id=str(subscription_id))


async def ring_own_devices(by: Viewer, now: datetime) -> list[Delivery]:
    """Write a test message to each of the viewer's devices into the ledger; the caller rings for them."""
    devices = await devices_of([by.id])
    recent = Delivery.filter(person_id=by.id, alarm_id=None, queued_at__gt=now - timedelta(minutes=1))
    if await recent.count() >= TESTS_A_MINUTE * max(len(devices), 1):
        raise TooManyTests("these devices were rung several times just now; wait a minute")
    rows = [
        Delivery(
            id=new_id(),
            person_id=by.id,
            channel=Channel.WEB_PUSH,
            subscription_id=device.id,
            state=DeliveryState.QUEUED,
            queued_at=now,
        )
        for device in devices
    ]
    await Delivery.bulk_create(rows)
    return rows


async def mark_shown(delivery_id: UUID, by: Viewer, now: datetime) -> None:
    """The device says that it showed a message. The first time counts; it may come before the push service's answer."""
    own = Delivery.filter(id=delivery_id, person_id=by.id)
    if not await own.exists():
        raise NotVisible("you have no such message", id=str(delivery_id))
    unshown = (DeliveryState.QUEUED, DeliveryState.ACCEPTED)
    await own.filter(state__in=unshown).update(state=DeliveryState.SHOWN, shown_at=now)
