"""Points: entering them, with the first version of their limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.announcing import ConfigChange, announce
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.kinds import KINDS
from backend.domains.monitoring.models import Gateway, LimitSet, Point
from backend.domains.monitoring.rules import (
    Damping,
    LimitValues,
    default_damping,
    what_is_wrong_with_damping,
    what_is_wrong_with_limits,
    what_is_wrong_with_range,
)
from backend.errors import Invalid
from backend.kit import audit

LONGEST_TAG = 40


class NewPoint(msgspec.Struct, kw_only=True):
    """A point to enter. Unit, decimals and damping are the kind's usual ones where None, and basis that of the call."""

    tag: str
    kind: PointKind
    name: str = ""
    unit: str | None = None
    decimals: int | None = None
    range_lo: float | None = None
    range_hi: float | None = None
    tank_id: UUID | None = None
    detector_id: UUID | None = None
    limits: LimitValues | None = None
    damping: Damping | None = None
    basis: str | None = None


async def make_point(
    gateway: Gateway,
    point: NewPoint,
    now: datetime,
    *,
    by: Viewer | None,
    reason: str = "initial",
    basis: str = "",
    redis: Redis | None = None,
) -> Point:
    """Enter one point of a gateway."""
    (made,) = await make_points(gateway, [point], now, by=by, reason=reason, basis=basis, redis=redis)
    return made


async def make_points(
    gateway: Gateway,
    points: Sequence[NewPoint],
    now: datetime,
    *,
    by: Viewer | None,
    reason: str = "initial",
    basis: str = "",
    redis: Redis | None = None,
) -> list[Point]:
    """Enter points of a gateway, all or none, in the order given; those with limits get them as version 1."""
    for point in points:
        if complaint := _complaint(point):
            raise Invalid(f"{point.tag}: {complaint}", field="points", tag=point.tag)
    author = by.name if by else "console"
    try:
        async with in_transaction():
            await Point.bulk_create([_row(point, gateway, now) for point in points])
            by_tag = {row.tag: row for row in await Point.filter(gateway_id=gateway.id)}
            made = [by_tag[point.tag] for point in points]
            limits = [
                first_limits(
                    row, point.limits, point.damping, now, by, reason, basis if point.basis is None else point.basis
                )
                for row, point in zip(made, points, strict=True)
                if point.limits is not None
            ]
            await LimitSet.bulk_create(limits)
            await audit.record(
                "points.entered",
                "gateway",
                gateway.id,
                at=now,
                person_id=by.id if by else None,
                person_name=author,
                reason=reason,
                code=gateway.code,
                tags=[point.tag for point in points],
                with_limits=len(limits),
            )
    except IntegrityError as exc:
        raise Invalid(f"a tag of gateway {gateway.code} is taken, or its place is unknown", field="points") from exc
    await announce(redis, ConfigChange("points", gateway.id))
    return made


def first_limits(
    point: Point,
    limits: LimitValues,
    damping: Damping | None,
    now: datetime,
    by: Viewer | None,
    reason: str,
    basis: str,
    version: int = 1,
) -> LimitSet:
    """The row of a version of limits, not yet saved."""
    damping = damping or default_damping(point.kind, limits, point.range_lo, point.range_hi)
    return LimitSet(
        point_id=point.id,
        version=version,
        limit_ll=limits.ll,
        limit_l=limits.l,
        limit_h=limits.h,
        limit_hh=limits.hh,
        deadband=damping.deadband,
        on_delay_s=damping.on_delay_s,
        off_delay_s=damping.off_delay_s,
        author_id=by.id if by else None,
        author_name=by.name if by else "console",
        reason=reason,
        basis=basis,
        effective_from=now,
        created_at=now,
    )


def _row(point: NewPoint, gateway: Gateway, now: datetime) -> Point:
    facts = KINDS[point.kind]
    return Point(
        gateway_id=gateway.id,
        enterprise_id=gateway.enterprise_id,
        tank_id=point.tank_id,
        detector_id=point.detector_id,
        tag=point.tag,
        name=point.name,
        kind=point.kind,
        unit=facts.unit if point.unit is None else point.unit,
        decimals=facts.decimals if point.decimals is None else point.decimals,
        range_lo=point.range_lo,
        range_hi=point.range_hi,
        created_at=now,
    )


def _complaint(point: NewPoint) -> str | None:
    if not 1 <= len(point.tag.strip()) <= LONGEST_TAG:
        return f"a tag has 1 to {LONGEST_TAG} characters"
    unit = KINDS[point.kind].unit if point.unit is None else point.unit
    wrong = what_is_wrong_with_range(point.kind, unit, point.range_lo, point.range_hi)
    if wrong is None and point.limits is not None:
        wrong = what_is_wrong_with_limits(point.kind, point.limits, point.range_lo, point.range_hi)
    if wrong is None and point.damping is not None:
        wrong = what_is_wrong_with_damping(point.damping)
    return wrong
