"""Accounts on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.accounts.enums import Locale, Role


class Credentials(Struct, rename="camel", forbid_unknown_fields=True):
    """What is typed on the sign-in page."""

    username: Annotated[str, Meta(min_length=1, max_length=64, examples=["cheng.guodong"])]
    password: Annotated[str, Meta(min_length=1, max_length=200, examples=["a long pass phrase"])]


class RefreshRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """A client without cookies renews with the token itself."""

    refresh_token: Annotated[str, Meta(max_length=200)]


class TokenPair(Struct, rename="camel"):
    """Tokens for a client without cookies."""

    access_token: str
    refresh_token: str
    expires_in_s: int
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme, not a secret.


class Me(Struct, rename="camel"):
    """The signed-in person."""

    id: UUID
    username: str
    name: str
    role: Role
    locale: Locale
    adcode: str | None
    region_name: str | None
    region_name_en: str | None
    enterprise_id: UUID | None
    enterprise_name: str | None


class MeChange(Struct, rename="camel", forbid_unknown_fields=True):
    """What people may change about themselves."""

    locale: Locale


class SessionOut(Struct, rename="camel"):
    """One place where the person is signed in."""

    id: UUID
    created_at: datetime
    rotated_at: datetime
    address: str
    device: str
    current: bool


class SignedOut(Struct, rename="camel"):
    """How many sessions were ended."""

    ended: int
