"""Gateways: letting them in, giving them new secrets, shutting them out.

The broker learns of it from the list of logins (`queries.gateway_logins`), which the caller has rendered anew.
"""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.announcing import ConfigChange, announce
from backend.domains.monitoring.models import Gateway
from backend.errors import Invalid, NotVisible
from backend.kit import audit
from backend.kit.broker_secrets import bcrypt_hash, new_secret, pbkdf2_hash

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
# The back end's own user name at the broker.
RESERVED = frozenset({"backend"})


class GatewayMade(msgspec.Struct):
    """A gateway, and the secret it signs in with; only hashes of it are kept, so this is the one time it is seen."""

    gateway: Gateway
    secret: str


async def make_gateway(
    enterprise_id: UUID,
    code: str,
    now: datetime,
    *,
    by: Viewer | None,
    name: str = "",
    secret: str | None = None,
    redis: Redis | None = None,
) -> GatewayMade:
    """Enter a gateway; its code is its user name at the broker and its level in topics."""
    if CODE.fullmatch(code) is None:
        raise Invalid("the code of a gateway has 1 to 40 letters, digits, - and _", field="code")
    if code in RESERVED:
        raise Invalid(f"{code} is the back end's own user name", field="code")
    secret = secret or new_secret()
    gateway = Gateway(
        code=code,
        enterprise_id=enterprise_id,
        name=name,
        secret_bcrypt=bcrypt_hash(secret),
        secret_pbkdf2=pbkdf2_hash(secret),
        created_at=now,
        updated_at=now,
    )
    try:
        async with in_transaction():
            await gateway.save(force_create=True)
            await _record("gateway.entered", gateway, now, by)
    except IntegrityError as exc:
        taken = await Gateway.exists(code=code)
        words = f"the code {code} is taken" if taken else "there is no such enterprise"
        raise Invalid(words, field="code" if taken else "enterpriseId") from exc
    await announce(redis, ConfigChange("gateway", gateway.id))
    return GatewayMade(gateway, secret)


async def renew_secret(
    code: str, now: datetime, *, by: Viewer | None, reason: str = "", redis: Redis | None = None
) -> GatewayMade:
    """Give a gateway a new secret; the old one stops working when the broker has the new list."""
    gateway = await _known(code)
    secret = new_secret()
    gateway.secret_bcrypt, gateway.secret_pbkdf2, gateway.updated_at = bcrypt_hash(secret), pbkdf2_hash(secret), now
    async with in_transaction():
        await gateway.save(update_fields=["secret_bcrypt", "secret_pbkdf2", "updated_at"])
        await _record("gateway.secret_renewed", gateway, now, by, reason)
    await announce(redis, ConfigChange("gateway", gateway.id))
    return GatewayMade(gateway, secret)


async def set_gateway_active(
    code: str, active: bool, now: datetime, *, by: Viewer | None, reason: str, redis: Redis | None = None
) -> Gateway:
    """Shut a gateway out, or let it in again; what it has sent stays."""
    gateway = await _known(code)
    gateway.active, gateway.updated_at = active, now
    async with in_transaction():
        await gateway.save(update_fields=["active", "updated_at"])
        await _record("gateway.let_in" if active else "gateway.shut_out", gateway, now, by, reason)
    await announce(redis, ConfigChange("gateway", gateway.id))
    return gateway


async def _known(code: str) -> Gateway:
    gateway = await Gateway.get_or_none(code=code)
    if gateway is None:
        raise NotVisible(f"there is no gateway {code}", code=code)
    return gateway


async def _record(verb: str, gateway: Gateway, now: datetime, by: Viewer | None, reason: str = "") -> None:
    await audit.record(
        verb,
        "gateway",
        gateway.id,
        at=now,
        person_id=by.id if by else None,
        person_name=by.name if by else "console",
        reason=reason,
        code=gateway.code,
    )
