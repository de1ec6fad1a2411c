"""Reads of gateways, points and limits; each on behalf of a person starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from tortoise.connection import get_connection
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import GasDetector, Tank
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.models import Gateway, LimitSet, Point, PointFreeze
from backend.domains.monitoring.rules import LimitValues
from backend.domains.regions.queries import branch_codes
from backend.errors import NotVisible
from backend.kit.paging import decode_cursor


def visible_gateways(viewer: Viewer) -> QuerySet[Gateway]:
    """The gateways of the enterprises a viewer may see."""
    return Gateway.filter(active=True, enterprise_id__in=Subquery(visible_enterprises(viewer).values("id")))


def visible_retired_gateways(viewer: Viewer) -> QuerySet[Gateway]:
    """Gateways that were shut out, for those who may let them in again; nobody else sees them."""
    return Gateway.filter(active=False) if viewer.sees_all else Gateway.filter(id__in=[])


async def visible_gateway(viewer: Viewer, gateway_id: int) -> Gateway:
    """One gateway, or NotVisible; administrators see retired ones too."""
    found = None
    if 0 < gateway_id < 2**31:
        found = await visible_gateways(viewer).get_or_none(id=gateway_id)
        found = found or await visible_retired_gateways(viewer).get_or_none(id=gateway_id)
    if found is None:
        raise NotVisible("there is no such gateway in your area", id=gateway_id)
    return found


async def gateways_by_id(gateway_ids: Iterable[int | None]) -> dict[int, Gateway]:
    """Gateways by id, retired ones too. Whoever asks has checked that they are visible."""
    wanted = {each for each in gateway_ids if each is not None}
    return {row.id: row for row in await Gateway.filter(id__in=list(wanted))} if wanted else {}


async def gateways_of_enterprise(enterprise_id: UUID) -> list[Gateway]:
    """The gateways of an enterprise by code. No viewer: sweeps ask."""
    return await Gateway.filter(enterprise_id=enterprise_id, active=True).order_by("code")


async def points_by_id(point_ids: Iterable[int | None]) -> dict[int, Point]:
    """Points by id. Whoever asks has checked that they are visible."""
    wanted = {each for each in point_ids if each is not None}
    return {row.id: row for row in await Point.filter(id__in=list(wanted))} if wanted else {}


async def frozen_since(point_ids: Iterable[int]) -> dict[int, datetime]:
    """Since when points stand still beyond physics; one that moves is absent. Whoever asks has checked the viewer."""
    rows = await PointFreeze.filter(point_id__in=list(point_ids), ended_at__isnull=True)
    return {row.point_id: row.since for row in rows}


def visible_points(viewer: Viewer) -> QuerySet[Point]:
    """The points of the enterprises a viewer may see."""
    return Point.filter(active=True, enterprise_id__in=Subquery(visible_enterprises(viewer).values("id")))


async def visible_point(viewer: Viewer, point_id: int) -> Point:
    """One point, or NotVisible."""
    found = await visible_points(viewer).get_or_none(id=point_id) if -(2**31) <= point_id < 2**31 else None
    if found is None:
        raise NotVisible("there is no such point in your area", id=point_id)
    return found


async def page_of_gateways(
    viewer: Viewer,
    limit: int,
    after: str | None,
    *,
    adcode: str | None = None,
    enterprise_id: UUID | None = None,
    online: bool | None = None,
    retired: bool = False,
) -> list[Gateway]:
    """Up to `limit + 1` gateways in order of their codes; retired: those that were shut out instead."""
    query = visible_retired_gateways(viewer) if retired else visible_gateways(viewer)
    if adcode is not None:
        in_branch = visible_enterprises(viewer).filter(adcode__in=sorted(await branch_codes(adcode)))
        query = query.filter(enterprise_id__in=Subquery(in_branch.values("id")))
    if enterprise_id is not None:
        query = query.filter(enterprise_id=enterprise_id)
    if online is not None:
        query = query.filter(online=online)
    if after is not None:
        (code,) = decode_cursor(after, str)
        query = query.filter(code__gt=code)
    return await query.order_by("code").limit(limit + 1)


async def points_of(*, tank_ids: Iterable[UUID] = (), detector_ids: Iterable[UUID] = ()) -> list[Point]:
    """The points at these tanks and detectors, by tag. Whoever asks has checked that they are visible."""
    at = Q(tank_id__in=list(tank_ids)) | Q(detector_id__in=list(detector_ids))
    return await Point.filter(at, active=True).order_by("tag")


async def page_of_points(
    viewer: Viewer, enterprise_id: UUID, limit: int, after: str | None, *, placed: bool | None = None
) -> list[Point]:
    """Up to `limit + 1` points of an enterprise by tag; placed: at a tank or detector, or at neither."""
    query = visible_points(viewer).filter(enterprise_id=enterprise_id)
    if placed is not None:
        nowhere = Q(tank_id__isnull=True, detector_id__isnull=True)
        query = query.filter(~nowhere if placed else nowhere)
    if after is not None:
        tag, last = decode_cursor(after, str, int)
        query = query.filter(Q(tag__gt=tag) | Q(tag=tag, id__gt=last))
    return await query.order_by("tag", "id").limit(limit + 1)


async def points_of_kind(
    enterprise_id: UUID, kind: PointKind, hazard_id: UUID | None, tag_contains: str, most: int
) -> list[Point]:
    """Up to `most` points of a kind at an enterprise or one of its hazards, by tag; who asks checked it is visible."""
    query = Point.filter(enterprise_id=enterprise_id, kind=kind, active=True)
    if hazard_id is not None:
        query = query.filter(
            Q(tank_id__in=Subquery(Tank.filter(hazard_id=hazard_id).values("id")))
            | Q(detector_id__in=Subquery(GasDetector.filter(hazard_id=hazard_id).values("id")))
        )
    if tag_contains:
        query = query.filter(tag__icontains=tag_contains)
    return await query.order_by("tag", "id").limit(most)


async def limits_in_force(point_ids: Sequence[int], now: datetime) -> dict[int, LimitSet]:
    """The newest effective version of each point's limits; a point that never had any is absent."""
    rows = await get_connection("default").execute_query_dict(
        "select distinct on (point_id) * from limit_set where point_id = any($1::int[]) and effective_from <= $2"
        " order by point_id, version desc",
        [list(point_ids), now],
    )
    return {row["point_id"]: LimitSet(**row) for row in rows}


async def newest_limits(point_ids: Iterable[int]) -> dict[int, LimitSet]:
    """The newest version of each point's limits, also one whose time is to come; who asks checked what is visible."""
    rows = await get_connection("default").execute_query_dict(
        "select distinct on (point_id) * from limit_set where point_id = any($1::int[])"
        " order by point_id, version desc",
        [list(point_ids)],
    )
    return {row["point_id"]: LimitSet(**row) for row in rows}


async def versions_of(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], LimitSet]:
    """These versions of limits by (point id, version). Whoever asks has checked that the points are visible."""
    pairs = list(wanted)
    rows = await get_connection("default").execute_query_dict(
        "select s.* from limit_set s join unnest($1::int[], $2::int[]) as x(point_id, version)"
        " on s.point_id = x.point_id and s.version = x.version",
        [[point_id for point_id, _ in pairs], [version for _, version in pairs]],
    )
    return {(row["point_id"], row["version"]): LimitSet(**row) for row in rows}


def limit_values(row: LimitSet) -> LimitValues:
    """The four limits of a version."""
    return LimitValues(row.limit_ll, row.limit_l, row.limit_h, row.limit_hh)


async def visible_points_by_id(viewer: Viewer, point_ids: Iterable[int]) -> dict[int, Point]:
    """Those of the points that the viewer may see."""
    return {row.id: row for row in await visible_points(viewer).filter(id__in=list(point_ids))}


async def page_of_limits(point_id: int, limit: int, after: str | None) -> list[LimitSet]:
    """Up to `limit + 1` versions of a point's limits, newest first."""
    query = LimitSet.filter(point_id=point_id)
    if after is not None:
        (version,) = decode_cursor(after, int)
        query = query.filter(version__lt=version)
    return await query.order_by("-version").limit(limit + 1)


class GatewayLoginRow(msgspec.Struct, frozen=True):
    """What a broker has to know of a gateway: its code, the branch it may publish in, the hashes of its secret."""

    code: str
    adcode: str
    enterprise: str
    bcrypt_hash: str
    pbkdf2_hash: str


async def gateway_logins() -> list[GatewayLoginRow]:
    """All gateways that may sign in, in order of their codes."""
    rows = await get_connection("default").execute_query_dict(
        "select g.code, e.adcode, e.code as enterprise, g.secret_bcrypt as bcrypt_hash, g.secret_pbkdf2 as pbkdf2_hash"
        " from gateway g join enterprise e on e.id = g.enterprise_id where g.active and e.active order by g.code"
    )
    return [GatewayLoginRow(**row) for row in rows]


class GatewayLogin(msgspec.Struct, frozen=True):
    """What a gateway proves itself by."""

    id: int
    code: str
    bcrypt_hash: str


async def login_of_gateway(code: str) -> GatewayLogin | None:
    """The gateway of this code, if it may sign in."""
    rows = await get_connection("default").execute_query_dict(
        "select g.id, g.code, g.secret_bcrypt as bcrypt_hash from gateway g join enterprise e on e.id = g.enterprise_id"
        " where g.code = $1 and g.active and e.active",
        [code.replace("\0", "")],
    )
    return GatewayLogin(**rows[0]) if rows else None


async def kinds_of_points(point_ids: Iterable[int]) -> dict[int, PointKind]:
    """What points measure. No viewer: sweeps ask."""
    return {row.id: row.kind for row in await Point.filter(id__in=list(point_ids)).only("id", "kind")}


async def limit_set_by_id(limit_set_id: int) -> LimitSet:
    """One version of limits. Whoever asks has checked that its point is visible."""
    return await LimitSet.get(id=limit_set_id)


async def gateway_is_online(gateway_id: int) -> bool:
    """Whether a gateway is there. Whoever asks has checked that it is visible."""
    return await Gateway.exists(id=gateway_id, online=True)
