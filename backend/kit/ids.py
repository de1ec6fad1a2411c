"""Identifiers made by the server: time-ordered UUIDs, so that indexes grow at one end."""

from __future__ import annotations

import base64
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUID version 7."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def short_id(whole: UUID) -> str:
    """The same identifier in 22 characters of the base64url alphabet."""
    return base64.urlsafe_b64encode(whole.bytes).decode().rstrip("=")
