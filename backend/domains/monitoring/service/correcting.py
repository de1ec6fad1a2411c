"""Correcting what is on record of gateways and points: never what a point measures, which would rewrite its history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.models import Gateway, Point
from backend.domains.monitoring.rules import what_is_wrong_with_range
from backend.errors import Invalid
from backend.kit import audit

# Kind, unit and gateway make a point what it is; another instrument is another point.
CORRECTABLE = frozenset({"name", "decimals", "range_lo", "range_hi", "tank_id", "detector_id"})


async def correct_point(
    point: Point, changes: dict[str, Any], now: datetime, *, by: Viewer | None, reason: str
) -> Point:
    """Change the name, decimals, range or place of a point; its limits are set by `set_limits`. Raises Invalid."""
    if foreign := set(changes) - CORRECTABLE:
        raise Invalid(f"{', '.join(sorted(foreign))} of a point on record do not change", field=min(foreign))
    before = {name: getattr(point, name) for name in changes}
    for name, value in changes.items():
        setattr(point, name, value)
    if words := what_is_wrong_with_range(point.kind, point.unit, point.range_lo, point.range_hi):
        raise Invalid(words, field="range")
    try:
        async with in_transaction():
            await point.save(update_fields=list(changes))
            await _record("point.changed", "point", point, point.tag, before, changes, now, by, reason)
    except IntegrityError as exc:
        raise Invalid(f"{point.tag} cannot stand there: its place is unknown", field="place") from exc
    return point


async def rename_gateway(gateway: Gateway, name: str, now: datetime, *, by: Viewer | None, reason: str) -> Gateway:
    """Give a gateway another name; its code and its secret stay."""
    before, gateway.name, gateway.updated_at = gateway.name, name, now
    async with in_transaction():
        await gateway.save(update_fields=["name", "updated_at"])
        await _record(
            "gateway.renamed", "gateway", gateway, gateway.code, {"name": before}, {"name": name}, now, by, reason
        )
    return gateway


async def _record(
    verb: str,
    kind: str,
    row: Gateway | Point,
    code: str,
    before: dict[str, Any],
    after: dict[str, Any],
    now: datetime,
    by: Viewer | None,
    reason: str,
) -> None:
    await audit.record(
        verb,
        kind,
        row.id,
        at=now,
        person_id=by.id if by else None,
        person_name=by.name if by else "console",
        reason=reason,
        code=code,
        before=before,
        after=after,
    )
