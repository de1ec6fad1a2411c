"""Identifiers made by the server: time-ordered UUIDs, so that indexes grow at one end."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUID version 7."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
