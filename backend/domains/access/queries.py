"""Reads of the access ledger; each starts from the viewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from backend.domains.access.enums import AccessStep
from backend.domains.access.models import AccessContact, AccessEntry, AccessPhoto
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprise
from backend.domains.regions.queries import line_of
from backend.errors import NotVisible

Seat = tuple[UUID, UUID | None]


def visible_entries(viewer: Viewer) -> QuerySet[AccessEntry]:
    """The steps a viewer may see; the only start of a query on behalf of a person."""
    return AccessEntry.filter(**viewer.scope())


async def entries_in_view(viewer: Viewer, enterprise_ids: Iterable[UUID]) -> dict[Seat, dict[AccessStep, AccessEntry]]:
    """What was filed of these enterprises, by enterprise and hazard."""
    found: dict[Seat, dict[AccessStep, AccessEntry]] = defaultdict(dict)
    for row in await visible_entries(viewer).filter(enterprise_id__in=list(set(enterprise_ids))):
        found[row.enterprise_id, row.hazard_id][row.step] = row
    return found


async def photos_of_enterprise(
    viewer: Viewer, enterprise_id: UUID
) -> dict[tuple[UUID | None, AccessStep], list[AccessPhoto]]:
    """The photos of one enterprise's ledger by hazard and step, in the order in which they were added."""
    found: dict[tuple[UUID | None, AccessStep], list[AccessPhoto]] = defaultdict(list)
    for row in await AccessPhoto.filter(**viewer.scope()).filter(enterprise_id=enterprise_id).order_by("id"):
        found[row.hazard_id, row.step].append(row)
    return found


async def photo_counts(
    viewer: Viewer, enterprise_ids: Iterable[UUID]
) -> dict[tuple[UUID, UUID | None, AccessStep], int]:
    """How many photos each step of these enterprises has; one without any is absent."""
    rows = (
        await AccessPhoto.filter(**viewer.scope())
        .filter(enterprise_id__in=list(set(enterprise_ids)))
        .annotate(count=Count("id"))
        .group_by("enterprise_id", "hazard_id", "step")
        .values("enterprise_id", "hazard_id", "step", "count")
    )
    return {(row["enterprise_id"], row["hazard_id"], AccessStep(row["step"])): row["count"] for row in rows}


async def visible_contacts(viewer: Viewer, *, former: bool = False) -> QuerySet[AccessContact]:
    """The contacts a viewer may see: of the area and its enterprises, or of the own enterprise and its district.

    former: also those who are it no more.
    """
    query = AccessContact.all() if former else AccessContact.filter(left_at__isnull=True)
    if viewer.sees_all:
        return query
    if viewer.is_enterprise:
        if viewer.enterprise_id is None:
            return query.filter(id__in=[])
        own = await visible_enterprise(viewer, viewer.enterprise_id)
        above = sorted(await line_of(own.adcode))
        return query.filter(Q(enterprise_id=own.id) | Q(enterprise_id__isnull=True, adcode__in=above))
    return query.filter(adcode__in=sorted(viewer.adcodes))


async def visible_contact(viewer: Viewer, contact_id: UUID) -> AccessContact:
    """One contact, or NotVisible."""
    found = await (await visible_contacts(viewer)).get_or_none(id=contact_id)
    if found is None:
        raise NotVisible("there is no such contact in your area", id=str(contact_id))
    return found
