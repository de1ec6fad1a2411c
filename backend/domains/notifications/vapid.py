"""Our keys towards push services (VAPID, RFC 8292): made at first start, kept in the database, never sent out."""

from __future__ import annotations

import msgspec
from webpush import VAPID

from backend.kit.secrets import secret


class VapidKeys(msgspec.Struct, frozen=True):
    """PEM texts, and the public key as browsers want it (65 bytes, base64url)."""

    private_pem: str
    public_pem: str
    application_server_key: str


def new_keys() -> str:
    """Fresh keys as JSON."""
    private_pem, public_pem, application_server_key = VAPID.generate_keys()
    return msgspec.json.encode(VapidKeys(private_pem.decode(), public_pem.decode(), application_server_key)).decode()


async def vapid_keys() -> VapidKeys:
    """The keys; the first caller makes them."""
    return msgspec.json.decode(await secret("vapid", new_keys), type=VapidKeys)
