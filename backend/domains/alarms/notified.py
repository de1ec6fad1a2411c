"""What notifications and filings ask of alarms: what was raised, who was told, how many grave ones are open."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from tortoise.connection import get_connection
from tortoise.expressions import Q

from backend.domains.alarms.enums import AlarmEventKind, Side
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.monitoring.enums import PointKind

GRAVE = 2


class RungAlarm(msgspec.Struct, frozen=True):
    """An alarm as it is told to people. level: now, or the worst once cleared. value: the worst so far.

    subject: the tank; place: where a detector stands."""

    id: UUID
    enterprise_id: UUID
    adcode: str
    risk_level: int
    notified_level: int | None
    late: bool
    side: Side
    level: int
    value: float
    limit_value: float
    raised_at: datetime
    cleared_at: datetime | None
    kind: PointKind
    unit: str
    decimals: int
    subject: str
    place: str
    enterprise: str


# One statement over the tables that a name is made of, because every push waits for it.
RUNG = """
select a.id, a.enterprise_id, a.adcode, a.risk_level, a.notified_level, a.late, a.side,
    coalesce(a.level, a.worst_level) as level,
    a.worst_value as value, a.limit_value, a.raised_at, a.cleared_at, p.kind, p.unit, p.decimals,
    coalesce(t.code, case when d.id is null then p.tag else '' end) as subject,
    coalesce(nullif(concat_ws(' ', nullif(d.area, ''), d.code), ''), '') as place,
    e.short_name as enterprise
from alarm a
    join point p on p.id = a.point_id
    join enterprise e on e.id = a.enterprise_id
    left join tank t on t.id = p.tank_id
    left join gas_detector d on d.id = p.detector_id
where a.id = $1
"""


async def rung_alarm(alarm_id: UUID) -> RungAlarm | None:
    """What a push says of an alarm, or None. No viewer: it is asked by jobs, for people who may see it."""
    rows = await get_connection("default").execute_query_dict(RUNG, [alarm_id])
    return msgspec.convert(dict(rows[0]), RungAlarm, strict=False) if rows else None


async def open_grave_alarms(enterprise_id: UUID) -> int:
    """How many live alarms of level 2 (HH, LL, gas level 2) an enterprise has open."""
    return await Alarm.filter(enterprise_id=enterprise_id, cleared_at=None, late=False, level=GRAVE).count()


async def mark_notified(alarm_id: UUID, risk_level: int, at: datetime, *, people: int, devices: int) -> int | None:
    """Remember that people were told of this colour; the id of the new line of the alarm's life, None for a repeat."""
    told_less = Q(notified_level=None) | Q(notified_level__lt=risk_level)
    if not await Alarm.filter(told_less, id=alarm_id).update(notified_level=risk_level):
        return None
    event = await AlarmEvent.create(
        alarm_id=alarm_id,
        at=at,
        kind=AlarmEventKind.NOTIFIED,
        risk_level=risk_level,
        detail={"people": people, "devices": devices},
    )
    return event.id


# An alarm that was never rung; and an open one that something happened to, such as turning graver or going live late,
# and whose colour is graver than people were told.
NOT_RUNG = """
select a.id from alarm a
where not a.late and a.notified_level is null and a.created_at >= $1 and a.raised_at >= $1
union
select a.id from alarm a
where not a.late and a.cleared_at is null and coalesce(a.notified_level, -1) < a.risk_level
    and exists (select 1 from alarm_event e where e.alarm_id = a.id and e.at >= $1)
"""


async def not_rung(now: datetime, within: timedelta) -> list[UUID]:
    """Alarms of the last `within` whose colour nobody was told: the bell was lost."""
    rows = await get_connection("default").execute_query_dict(NOT_RUNG, [now - within])
    return [UUID(str(row["id"])) for row in rows]
