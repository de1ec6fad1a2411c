"""Reads of alarms; each on behalf of a person starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.errors import NotVisible


def visible_alarms(viewer: Viewer) -> QuerySet[Alarm]:
    """The alarms a viewer may see; the only start of a query on behalf of a person."""
    return Alarm.filter(**viewer.scope())


async def visible_alarm(viewer: Viewer, alarm_id: UUID) -> Alarm:
    """One alarm, or NotVisible."""
    found = await visible_alarms(viewer).get_or_none(id=alarm_id)
    if found is None:
        raise NotVisible("there is no such alarm in your area", id=str(alarm_id))
    return found


async def open_alarms_of(point_ids: Sequence[int]) -> dict[int, Alarm]:
    """The open alarm of each point that has one. Whoever asks has checked that the points are visible."""
    if not point_ids:
        return {}
    return {row.point_id: row for row in await Alarm.filter(point_id__in=list(point_ids), cleared_at__isnull=True)}


async def events_of(alarm_id: UUID) -> list[AlarmEvent]:
    """The life of an alarm in the order in which it was written. Whoever asks has checked that it is visible."""
    return await AlarmEvent.filter(alarm_id=alarm_id).order_by("id")
