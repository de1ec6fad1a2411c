"""Taking batches of frames in, and letting gateways prove who they are."""

from __future__ import annotations

import asyncio
import base64
import binascii
from contextlib import suppress
from datetime import datetime

import bcrypt
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tortoise.transactions import in_transaction

from backend.domains.monitoring.queries import GatewayLogin, login_of_gateway
from backend.domains.uploads.inbox import CHANNEL
from backend.domains.uploads.models import Upload
from backend.errors import NotAllowed, NotVisible, Problem

MOST_BYTES = 1 << 20
# How long an answer waits for the commit; then it says where to ask.
WAITS_S = 5.0
LOOKS_EVERY_S = 0.05
# A batch of a thousand frames each second is more than a gateway measures; what piles up is somebody's mistake.
MOST_OPEN = 20
FAILURES = 10
FAILURES_OVER_S = 300
# A hash of nothing, so that a code that does not exist takes as long as one that does.
NOBODY = bcrypt.hashpw(b"nobody", bcrypt.gensalt(4)).decode()


class WrongSecret(Problem):
    """No gateway of this code and secret may sign in."""

    status, kind = 401, "not-signed-in"


class TooManyFailures(Problem):
    """Too many wrong secrets from this address; it rests for some minutes."""

    status, kind = 429, "too-many-requests"


class TooLarge(Problem):
    """A batch has at most 1 MB."""

    status, kind = 413, "too-large"


class TooManyOpen(Problem):
    """Batches of this gateway wait to be stored; send this one again when they are."""

    status, kind = 503, "too-many-open"


async def prove_gateway(authorization: str, code: str, address: str, redis: Redis) -> GatewayLogin:
    """The gateway behind HTTP basic credentials, which must be the one the path names.

    Raises WrongSecret, TooManyFailures after ten wrong ones within five minutes, NotAllowed for another's path.
    """
    scheme, _, given = authorization.partition(" ")
    if authorization and scheme.lower() != "basic":
        raise NotAllowed("only the gateway itself may send its frames: with its code and secret (HTTP basic)")
    key = f"gateway-failures:{address}"
    if await _failures(redis, key) >= FAILURES:
        raise TooManyFailures("too many wrong secrets from here; try again in some minutes")
    username, _, secret = _decoded(given).partition(":")
    login = await login_of_gateway(username)
    if not _matches(secret, login.bcrypt_hash if login else NOBODY) or login is None:
        if authorization:
            await _failed(redis, key)
        raise WrongSecret("sign in with the code and the secret of the gateway (HTTP basic)")
    if login.code != code:
        raise NotAllowed(f"{login.code} may send its own frames only", code=code)
    return login


async def take_batch(gateway: GatewayLogin, payload: bytes, now: datetime) -> Upload:
    """Keep a batch; ingest is told and stores it. Raises TooLarge, TooManyOpen."""
    if len(payload) > MOST_BYTES:
        raise TooLarge(f"a batch has at most {MOST_BYTES} bytes, this one has {len(payload)}")
    if await Upload.filter(gateway_id=gateway.id, done_at__isnull=True).count() >= MOST_OPEN:
        raise TooManyOpen(f"{MOST_OPEN} batches of {gateway.code} wait to be stored; send this one again later")
    async with in_transaction() as tx:
        upload = await Upload.create(gateway_id=gateway.id, received_at=now, payload=payload)
        await tx.execute_script(f"notify {CHANNEL}")
    return upload


async def settled(upload: Upload, waits_s: float = WAITS_S) -> Upload:
    """The batch once it is done, or as it stands when that takes too long."""
    loop = asyncio.get_running_loop()
    until = loop.time() + waits_s
    while upload.done_at is None and loop.time() < until:
        await asyncio.sleep(LOOKS_EVERY_S)
        await upload.refresh_from_db(fields=["done_at", "stored", "known", "refused"])
    return upload


async def upload_of(gateway: GatewayLogin, upload_id: int) -> Upload:
    """A batch of this gateway; raises NotVisible."""
    found = await Upload.get_or_none(id=upload_id, gateway_id=gateway.id) if 0 < upload_id < 2**63 else None
    if found is None:
        raise NotVisible("there is no such batch of this gateway; answers are kept for a day", id=upload_id)
    return found


def _decoded(given: str) -> str:
    try:
        return base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _matches(secret: str, known: str) -> bool:
    raw = secret.encode()
    return len(raw) <= 72 and bool(known) and bcrypt.checkpw(raw, known.encode())


async def _failures(redis: Redis, key: str) -> int:
    # A lost Redis must keep no gateway out; its secret is 192 random bits.
    with suppress(RedisError, OSError):
        return int(await redis.get(key) or 0)
    return 0


async def _failed(redis: Redis, key: str) -> None:
    with suppress(RedisError, OSError):
        async with redis.pipeline() as pipe:
            pipe.incr(key)
            pipe.expire(key, FAILURES_OVER_S)
            await pipe.execute()
