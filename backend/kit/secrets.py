"""Secrets that the system makes for itself, once, and keeps in the database."""

from __future__ import annotations

from collections.abc import Callable

from backend.kit import clock
from backend.kit.models import Secret


async def secret(name: str, make: Callable[[], str]) -> str:
    """The secret called `name`; the first caller makes it, and of two at once one wins for both."""
    found = await Secret.get_or_none(name=name)
    if found is None:
        await Secret.bulk_create([Secret(name=name, value=make(), created_at=clock.now())], ignore_conflicts=True)
        found = await Secret.get(name=name)
    return found.value
