"""Reads of enterprises and what stands in them; each starts from the viewer."""

from __future__ import annotations

from uuid import UUID

from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise


def visible_enterprises(viewer: Viewer) -> QuerySet[Enterprise]:
    """The enterprises a viewer may see: their own, those of their area, or all."""
    if viewer.sees_all:
        return Enterprise.filter(active=True)
    if viewer.is_enterprise:
        return Enterprise.filter(active=True, id=viewer.enterprise_id)
    return Enterprise.filter(active=True, adcode__in=sorted(viewer.adcodes))


async def enterprise_name(enterprise_id: UUID) -> str | None:
    """The full name of an enterprise, or None."""
    found = await Enterprise.get_or_none(id=enterprise_id)
    return found.name if found else None
