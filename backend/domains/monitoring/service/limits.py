"""Limits: a new version of a point's, with its author, reason and basis. Old versions stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.announcing import ConfigChange, announce
from backend.domains.monitoring.models import LimitSet, Point
from backend.domains.monitoring.queries import limit_values, newest_limits
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


class LimitsApproved(Problem):
    """The limits of this point were verified on site and approved; only another proposal changes them."""

    status, kind = 409, "limits-approved"


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
    """Bring a new version into force, and whether it is new: for the first limits of a point, and for tools.

    Raises LimitsApproved where the newest version, in force or to come, was verified on site and approved.
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
        if newest is not None and newest.proposal_id is not None:
            raise LimitsApproved(
                f"{point.tag}: version {newest.version} was verified on site and approved; propose other limits",
                inForce=newest.version,
            )
        await row.save(force_create=True)
        await _record(point, row, newest, now, by.id if by else None, row.author_name)
    await announce(redis, ConfigChange("limits", point.gateway_id))
    return row, True


class NewVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Limits to bring into force for a point; `replaces` is the newest version their author saw, 0 for none."""

    point: Point
    limits: LimitValues
    damping: Damping
    replaces: int


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Whose limits they are, why, on what basis, and the proposal that was verified and approved."""

    id: UUID
    name: str
    reason: str
    basis: str
    proposal_id: UUID


async def bring_into_force(
    changes: Sequence[NewVersion], author: Author, effective_from: datetime, now: datetime, *, by: Viewer
) -> list[LimitSet]:
    """New versions for several points in the caller's transaction, all or none; call `announce_limits` after it.

    effective_from: from when they hold, also a time to come. by: who approved. Raises LimitsChanged when a point got
    another version meanwhile; its `conflicts` name each with the newer one.
    """
    for change in sorted(changes, key=lambda each: each.point.id):
        await take_turn("limits", change.point.id)
    newest = await newest_limits([change.point.id for change in changes])
    conflicts = [
        {"pointId": each.point.id, "tag": each.point.tag, "replaces": each.replaces, "inForce": row.version}
        for each in changes
        if (row := newest.get(each.point.id)) is not None and row.version != each.replaces
    ]
    if conflicts:
        tags = ", ".join(str(each["tag"]) for each in conflicts[:5])
        raise LimitsChanged(f"limits of {tags} were changed since they were proposed", conflicts=conflicts)
    rows = []
    for each in changes:
        before = newest.get(each.point.id)
        row = first_limits(
            each.point, each.limits, each.damping, now, None, author.reason, author.basis, each.replaces + 1
        )
        row.author_id, row.author_name, row.proposal_id = author.id, author.name, author.proposal_id
        row.effective_from = effective_from
        await row.save(force_create=True)
        await _record(each.point, row, before, now, by.id, by.name)
        rows.append(row)
    return rows


async def announce_limits(redis: Redis | None, gateway_ids: Iterable[int]) -> None:
    """Tell ingest, after the commit, that these gateways' points have new limits."""
    for gateway_id in sorted(set(gateway_ids)):
        await announce(redis, ConfigChange("limits", gateway_id))


async def _record(
    point: Point, row: LimitSet, before: LimitSet | None, now: datetime, by_id: UUID | None, by_name: str
) -> None:
    proposal = {"proposal": row.proposal_id, "effective_from": row.effective_from} if row.proposal_id else {}
    await audit.record(
        "limits.set",
        "point",
        point.id,
        at=now,
        person_id=by_id,
        person_name=by_name,
        reason=row.reason,
        tag=point.tag,
        version=row.version,
        limits=limit_values(row),
        before=limit_values(before) if before else None,
        **proposal,
    )


def _same(mine: LimitSet, theirs: LimitSet) -> bool:
    told = ("deadband", "on_delay_s", "off_delay_s", "author_id", "reason", "basis")
    return limit_values(mine) == limit_values(theirs) and all(
        getattr(mine, name) == getattr(theirs, name) for name in told
    )
