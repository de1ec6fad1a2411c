"""Reads of photos; each starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.media.models import Photo
from backend.errors import NotVisible


def visible_photos(viewer: Viewer) -> QuerySet[Photo]:
    """The photos of enterprises the viewer may see: whoever may see the record may see its photos."""
    return Photo.filter(enterprise_id__in=Subquery(visible_enterprises(viewer).values("id")))


async def visible_photo(viewer: Viewer, photo_id: UUID) -> Photo:
    """One photo, or NotVisible."""
    found = await visible_photos(viewer).get_or_none(id=photo_id)
    if found is None:
        raise NotVisible("there is no such photo in your area", id=str(photo_id))
    return found


async def photos_by_id(viewer: Viewer, photo_ids: Iterable[UUID]) -> dict[UUID, Photo]:
    """Those of the photos that the viewer may see."""
    return {row.id: row for row in await visible_photos(viewer).filter(id__in=list(photo_ids))}
