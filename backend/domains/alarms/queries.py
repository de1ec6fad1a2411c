"""Reads of alarms; each on behalf of a person starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.enums import AlarmEventKind
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


class Happened(msgspec.Struct, frozen=True):
    """A line of an alarm's life, as a live stream needs it."""

    id: int
    alarm_id: UUID
    kind: AlarmEventKind


# Ids are given before the commit, so of two writers the later id may be seen first: who resumes looks back a little.
OVERLAP_IDS = 200
OVERLAP = timedelta(minutes=2)
# So many lines are looked through for those in view; who missed more loads the lists anew.
MOST_LINES = 5000

MISSED = """
select distinct on (e.alarm_id) e.id, e.alarm_id, e.kind
from alarm_event e join alarm a on a.id = e.alarm_id
where {scope} and e.id > $2 and (e.id > $3 or e.at > $4)
order by e.alarm_id, e.id desc
limit $5
"""


async def happened(alarm_id: UUID, event_id: int) -> Happened | None:
    """One line of an alarm's life. No viewer: the alarm itself is read in the viewer's scope."""
    found = await AlarmEvent.get_or_none(id=event_id, alarm_id=alarm_id)
    return Happened(found.id, found.alarm_id, found.kind) if found else None


async def newest_event_id() -> int:
    """The id of the newest line, 0 when there is none."""
    newest = await AlarmEvent.all().order_by("-id").first()
    return newest.id if newest else 0


async def missed_events(viewer: Viewer, last: int, newest: int, now: datetime, most: int) -> list[Happened] | None:
    """The newest line of each alarm in view that moved after line `last`, oldest first.

    newest: the newest line there is. None for more than `most` alarms, and for a `last` that is not of this database.
    """
    if not 0 <= newest - last <= MOST_LINES:
        return None
    scope, arguments = viewer.scope_sql(table="a")
    rows = await get_connection("default").execute_query_dict(
        MISSED.format(scope=scope), [*arguments, last - OVERLAP_IDS, last, now - OVERLAP, most + 1]
    )
    if len(rows) > most:
        return None
    found = [Happened(row["id"], row["alarm_id"], AlarmEventKind(row["kind"])) for row in rows]
    return sorted(found, key=lambda event: event.id)
