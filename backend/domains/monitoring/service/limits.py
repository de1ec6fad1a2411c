"""Limits: a new version of a point's, with its author, reason and basis. Old versions stay."""

from __future__ import annotations

from datetime import datetime

from redis.asyncio import Redis
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.announcing import ConfigChange, announce
from backend.domains.monitoring.models import LimitSet, Point
from backend.domains.monitoring.rules import (
    Damping,
    LimitValues,
    default_damping,
    what_is_wrong_with_damping,
    what_is_wrong_with_limits,
)
from backend.domains.monitoring.service.points import first_limits
from backend.errors import Invalid, Problem
from backend.kit import audit
from backend.kit.turns import take_turn


class LimitsChanged(Problem):
    """Someone else has set the limits of this point since they were read; read them again."""

    status, kind = 409, "limits-changed"


async def set_limits(
    point: Point,
    limits: LimitValues,
    now: datetime,
    *,
    by: Viewer | None,
    reason: str,
    basis: str = "",
    damping: Damping | None = None,
    replaces: int | None = None,
    redis: Redis | None = None,
) -> tuple[LimitSet, bool]:
    """Bring a new version into force, and whether it is new.

    damping: the defaults of the kind where None. replaces: the version the author saw, 0 for none; another one in
    force is refused, unless it is this very change, sent twice. None asks no such question.
    """
    damping = damping or default_damping(point.kind, limits, point.range_lo, point.range_hi)
    if complaint := what_is_wrong_with_limits(point.kind, limits, point.range_lo, point.range_hi):
        raise Invalid(complaint, field="limits")
    if complaint := what_is_wrong_with_damping(damping):
        raise Invalid(complaint, field="damping")
    async with in_transaction():
        await take_turn("limits", point.id)
        newest = await LimitSet.filter(point_id=point.id).order_by("-version").first()
        version = (newest.version if newest else 0) + 1
        row = first_limits(point, limits, damping, now, by, reason, basis, version)
        if replaces is not None and replaces != version - 1:
            if newest is not None and replaces == newest.version - 1 and _same(row, newest):
                return newest, False
            raise LimitsChanged(f"version {version - 1} is in force, not {replaces}", inForce=version - 1)
        await row.save(force_create=True)
        await audit.record(
            "limits.set",
            "point",
            point.id,
            at=now,
            person_id=by.id if by else None,
            person_name=row.author_name,
            reason=reason,
            tag=point.tag,
            version=version,
            limits=limits,
            before=_values(newest) if newest else None,
        )
    await announce(redis, ConfigChange("limits", point.gateway_id))
    return row, True


def _values(row: LimitSet) -> LimitValues:
    return LimitValues(row.limit_ll, row.limit_l, row.limit_h, row.limit_hh)


def _same(mine: LimitSet, theirs: LimitSet) -> bool:
    told = ("deadband", "on_delay_s", "off_delay_s", "author_id", "reason", "basis")
    return _values(mine) == _values(theirs) and all(getattr(mine, name) == getattr(theirs, name) for name in told)
