"""Tokens: a short-lived signed one that opens doors, and a random one that renews it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import jwt
import msgspec

ACCESS_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(days=30)
# Two tabs may renew at once; the token just replaced still works this long.
ROTATION_GRACE = timedelta(seconds=30)
_AUDIENCE = "anlan"


class Access(msgspec.Struct, frozen=True):
    """What a valid access token says."""

    person_id: UUID
    session_id: UUID


def sign_access(person_id: UUID, session_id: UUID, now: datetime, key: str) -> str:
    """A signed access token, valid for ACCESS_LIFE."""
    claims = {"sub": str(person_id), "sid": str(session_id), "iat": now, "exp": now + ACCESS_LIFE, "aud": _AUDIENCE}
    return jwt.encode(claims, key, algorithm="HS256")


def read_access(token: str, key: str) -> Access | None:
    """What the token says, or None when it is forged, expired or not ours."""
    try:
        claims = jwt.decode(
            token, key, algorithms=["HS256"], audience=_AUDIENCE, options={"require": ["exp", "sub", "sid"]}
        )
        return Access(person_id=UUID(claims["sub"]), session_id=UUID(claims["sid"]))
    except (jwt.PyJWTError, ValueError):
        return None


def new_refresh_token(session_id: UUID) -> str:
    """A random refresh token that names its session."""
    return f"{session_id.hex}.{secrets.token_urlsafe(32)}"


def session_of(refresh_token: str) -> UUID | None:
    """The session a refresh token names."""
    try:
        return UUID(hex=refresh_token.partition(".")[0])
    except ValueError:
        return None


def token_hash(token: str) -> str:
    """What is stored of a refresh token."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(session_id: UUID, key: str) -> str:
    """The value a page must send back in `x-csrf-token`; it belongs to one session."""
    return hmac.new(key.encode(), b"csrf:" + session_id.bytes, hashlib.sha256).hexdigest()


def new_token_key() -> str:
    """A fresh signing key, made once for the whole system."""
    return secrets.token_urlsafe(48)
