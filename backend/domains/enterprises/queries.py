"""Reads of enterprises and what stands in them; each starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from tortoise.expressions import Q
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
