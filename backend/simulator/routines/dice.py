"""Dice that fall the same way for the same question."""

from __future__ import annotations

import random
from uuid import UUID, uuid5

_CITY = UUID("5d0c6a5e-3703-4000-8000-616e6c616e21")


def dice_for(*question: object) -> random.Random:
    """Dice for one question, such as (seed, enterprise, day, "works")."""
    return random.Random("/".join(map(str, question)))  # noqa: S311 - plays people, guards nothing


def id_for(*question: object) -> UUID:
    """An identifier that is the same each time, so that sending again is harmless."""
    return uuid5(_CITY, "/".join(map(str, question)))
