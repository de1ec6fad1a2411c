"""Sealing a message for one browser (RFC 8291): nobody between us and the phone can read it."""

from __future__ import annotations

import msgspec
from webpush import WebPush, WebPushSubscription
from webpush.types import WebPushKeys

from backend.domains.notifications.rules import Manner
from backend.domains.notifications.vapid import VapidKeys

# Above 3 993 bytes the library seals something that no browser can open.
LARGEST_PAYLOAD = 3900
TOKEN_LIFE_S = 12 * 3600


class Sealed(msgspec.Struct, frozen=True):
    """What is posted to the endpoint."""

    content: bytes
    headers: dict[str, str]


class PushPayload(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What the service worker reads. tag: replaces an earlier notification; id: the delivery, to be told as shown."""

    title: str
    body: str
    tag: str
    url: str
    id: str
    risk_level: int | None = None
    alarm_id: str | None = None


def seal(
    payload: PushPayload, endpoint: str, p256dh: str, auth: str, *, keys: VapidKeys, subject: str, manner: Manner
) -> Sealed:
    """The sealed message with its headers. Raises ValueError for a payload that would not arrive."""
    plain = msgspec.json.encode(payload)
    if len(plain) > LARGEST_PAYLOAD:
        raise ValueError(f"a push carries {LARGEST_PAYLOAD} bytes, this one has {len(plain)}")
    # A WebPush for each message: `get` would change the defaults of one that is kept.
    pen = WebPush(
        private_key=keys.private_pem.encode(),
        public_key=keys.public_pem.encode(),
        subscriber=subject.removeprefix("mailto:"),
        ttl=manner.ttl_s,
        expiration=TOKEN_LIFE_S,
    )
    subscription = WebPushSubscription(endpoint=endpoint, keys=WebPushKeys(p256dh=p256dh, auth=auth))
    sealed = pen.get(plain, subscription)
    own = {"urgency": manner.urgency, "topic": manner.topic, "content-type": "application/octet-stream"}
    return Sealed(sealed.encrypted, {**sealed.headers, **own})
