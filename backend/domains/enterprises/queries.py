"""Reads of enterprises and what stands in them; each starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from tortoise.expressions import Q, Subquery
from tortoise.functions import Count, Min
from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise, GasDetector, MajorHazard, Tank
from backend.domains.regions.queries import branch_codes
from backend.errors import NotVisible
from backend.kit.paging import decode_cursor


def visible_enterprises(viewer: Viewer) -> QuerySet[Enterprise]:
    """The enterprises a viewer may see: their own, those of their area, or all."""
    if viewer.sees_all:
        return Enterprise.filter(active=True)
    if viewer.is_enterprise:
        return Enterprise.filter(active=True, id=viewer.enterprise_id)
    return Enterprise.filter(active=True, adcode__in=sorted(viewer.adcodes))


async def visible_enterprise(viewer: Viewer, enterprise_id: UUID) -> Enterprise:
    """One enterprise, or NotVisible."""
    found = await visible_enterprises(viewer).get_or_none(id=enterprise_id)
    if found is None:
        raise NotVisible("there is no such enterprise in your area", id=str(enterprise_id))
    return found


async def asked_for(viewer: Viewer, words: str = "", adcode: str | None = None) -> QuerySet[Enterprise]:
    """Visible enterprises whose name, short name, code or initials contain `words`, in the branch below `adcode`."""
    query = visible_enterprises(viewer)
    if adcode is not None:
        query = query.filter(adcode__in=sorted(await branch_codes(adcode)))
    if words := words.strip():
        query = query.filter(
            Q(name__icontains=words)
            | Q(short_name__icontains=words)
            | Q(code__icontains=words)
            | Q(initials__icontains=words)
        )
    return query


async def page_by_code(query: QuerySet[Enterprise], limit: int, after: str | None) -> list[Enterprise]:
    """Up to `limit + 1` enterprises in order of their codes."""
    if after is not None:
        (code,) = decode_cursor(after, str)
        query = query.filter(code__gt=code)
    return await query.order_by("code").limit(limit + 1)


async def page_by_name(query: QuerySet[Enterprise], limit: int, after: str | None) -> list[Enterprise]:
    """Up to `limit + 1` enterprises in order of their initials, which is the order of their names in pinyin."""
    if after is not None:
        initials, code = decode_cursor(after, str, str)
        query = query.filter(Q(initials__gt=initials) | Q(initials=initials, code__gt=code))
    return await query.order_by("initials", "code").limit(limit + 1)


async def enterprise_by_code(code: str) -> Enterprise:
    """The enterprise with that code, for the console, which sees all; raises NotVisible when there is none."""
    found = await Enterprise.get_or_none(code=code)
    if found is None:
        raise NotVisible(f"there is no enterprise {code}", code=code)
    return found


async def enterprise_name(enterprise_id: UUID) -> str | None:
    """The full name of an enterprise, or None."""
    found = await Enterprise.get_or_none(id=enterprise_id)
    return found.name if found else None


class HazardSummary(msgspec.Struct, frozen=True):
    """How many major hazards an enterprise has, and the gravest grade among them (1 is the gravest)."""

    count: int = 0
    gravest: int | None = None


async def hazard_summaries(enterprise_ids: Iterable[UUID]) -> dict[UUID, HazardSummary]:
    """By enterprise; one without hazards is absent."""
    rows = (
        await MajorHazard.filter(enterprise_id__in=list(enterprise_ids))
        .annotate(count=Count("id"), gravest=Min("grade"))
        .group_by("enterprise_id")
        .values("enterprise_id", "count", "gravest")
    )
    return {row["enterprise_id"]: HazardSummary(row["count"], row["gravest"]) for row in rows}


async def hazards_of(enterprise_id: UUID) -> list[MajorHazard]:
    """The major hazards of an enterprise, gravest first. Whoever asks has checked that the enterprise is visible."""
    return await MajorHazard.filter(enterprise_id=enterprise_id).order_by("grade", "code")


async def counts_by_hazard(model: type[Tank] | type[GasDetector], enterprise_id: UUID) -> dict[UUID | None, int]:
    """How many tanks or detectors stand at each hazard; None for detectors that belong to no hazard."""
    rows = (
        await model.filter(enterprise_id=enterprise_id)
        .annotate(count=Count("id"))
        .group_by("hazard_id")
        .values("hazard_id", "count")
    )
    return {row["hazard_id"]: row["count"] for row in rows}


def visible_tanks(viewer: Viewer) -> QuerySet[Tank]:
    """The tanks of the enterprises a viewer may see."""
    return Tank.filter(enterprise_id__in=Subquery(visible_enterprises(viewer).values("id")))


def visible_detectors(viewer: Viewer) -> QuerySet[GasDetector]:
    """The gas detectors of the enterprises a viewer may see."""
    return GasDetector.filter(enterprise_id__in=Subquery(visible_enterprises(viewer).values("id")))


def visible_hazards(viewer: Viewer) -> QuerySet[MajorHazard]:
    """The major hazards of the enterprises a viewer may see."""
    return MajorHazard.filter(enterprise_id__in=Subquery(visible_enterprises(viewer).values("id")))


async def hazards_by_id(hazard_ids: Iterable[UUID | None]) -> dict[UUID, MajorHazard]:
    """Hazards by id. Whoever asks has checked that they are visible."""
    wanted = {each for each in hazard_ids if each is not None}
    return {row.id: row for row in await MajorHazard.filter(id__in=list(wanted))} if wanted else {}


async def tanks_by_id(tank_ids: Iterable[UUID | None]) -> dict[UUID, Tank]:
    """Tanks by id. Whoever asks has checked that they are visible."""
    wanted = {each for each in tank_ids if each is not None}
    return {row.id: row for row in await Tank.filter(id__in=list(wanted))} if wanted else {}


async def enterprises_by_id(enterprise_ids: Iterable[UUID]) -> dict[UUID, Enterprise]:
    """Enterprises by id. Whoever asks has checked that they are visible."""
    return {row.id: row for row in await Enterprise.filter(id__in=list(set(enterprise_ids)))}


async def visible_hazard(viewer: Viewer, hazard_id: UUID) -> MajorHazard:
    """One major hazard, or NotVisible."""
    found = await visible_hazards(viewer).get_or_none(id=hazard_id)
    if found is None:
        raise NotVisible("there is no such major hazard in your area", id=str(hazard_id))
    return found


async def visible_tank(viewer: Viewer, tank_id: UUID) -> Tank:
    """One tank, or NotVisible."""
    found = await visible_tanks(viewer).get_or_none(id=tank_id)
    if found is None:
        raise NotVisible("there is no such tank in your area", id=str(tank_id))
    return found


async def page_of_tanks(query: QuerySet[Tank], limit: int, after: str | None) -> list[Tank]:
    """Up to `limit + 1` tanks of one enterprise in order of their codes."""
    if after is not None:
        (code,) = decode_cursor(after, str)
        query = query.filter(code__gt=code)
    return await query.order_by("code").limit(limit + 1)


async def page_of_detectors(query: QuerySet[GasDetector], limit: int, after: str | None) -> list[GasDetector]:
    """Up to `limit + 1` detectors of one enterprise in order of area and code."""
    if after is not None:
        area, code = decode_cursor(after, str, str)
        query = query.filter(Q(area__gt=area) | Q(area=area, code__gt=code))
    return await query.order_by("area", "code").limit(limit + 1)
