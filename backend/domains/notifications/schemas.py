"""Notifications on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.accounts.enums import Role
from backend.domains.notifications.enums import Channel, DeliveryState
from backend.kit.text import ANY_TEXT


class PushKey(Struct, rename="camel"):
    """Our public key, for `applicationServerKey` of `PushManager.subscribe`: 65 bytes, base64url."""

    key: Annotated[
        str, Meta(examples=["BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U"])
    ]


class SubscriptionKeys(Struct, rename="camel"):
    """The browser's own keys."""

    p256dh: Annotated[str, Meta(min_length=80, max_length=120)]
    auth: Annotated[str, Meta(min_length=16, max_length=60)]


class SubscriptionRequest(Struct, rename="camel"):
    """What `PushSubscription.toJSON()` of the browser says."""

    endpoint: Annotated[
        str,
        Meta(
            min_length=10,
            max_length=1000,
            pattern=ANY_TEXT,
            examples=["https://updates.push.services.mozilla.com/wpush/v2/gAAAA"],
        ),
    ]
    keys: SubscriptionKeys
    device: Annotated[str, Meta(max_length=200, pattern=ANY_TEXT)] = ""


class SubscriptionOut(Struct, rename="camel"):
    """A device of one's own that is rung."""

    id: UUID
    endpoint: Annotated[str, Meta(examples=["https://updates.push.services.mozilla.com/wpush/v2/gAAAA"])]
    device: Annotated[str, Meta(examples=["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Firefox/140.0"])]
    created_at: datetime
    last_accepted_at: datetime | None


class TrialRung(Struct, rename="camel"):
    """How many devices are being rung, and the messages to ask for."""

    queued: int
    deliveries: list[UUID]


class DeliveryOut(Struct, rename="camel"):
    """One message to one device of one person, and how far it came."""

    id: UUID
    person_id: UUID
    person_name: str
    role: Role
    alarm_id: UUID | None
    risk_level: int | None
    channel: Channel
    state: DeliveryState
    attempts: int
    queued_at: datetime
    accepted_at: datetime | None
    shown_at: datetime | None
    detail: Annotated[str, Meta(examples=["HTTP 503"])]


class Shown(Struct, rename="camel", forbid_unknown_fields=True):
    """A message was shown on its device; `id` stands in the push."""

    delivery_id: UUID
