"""Lists of alarms: the page is cut on the alarm table alone, along an index, and only then joined with its words.

One statement instead of seven, because this list is what everyone looks at all day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from tortoise.connection import get_connection

from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.enums import RiskLevel
from backend.domains.alarms.schemas import AlarmCounts, AlarmState, ColourCounts
from backend.domains.regions.queries import branch_codes
from backend.kit.paging import decode_cursor, encode_cursor

WORDS = """
select a.*, p.tag, p.kind, p.unit, p.decimals, p.range_lo, p.range_hi, p.tank_id, p.detector_id,
       l.limit_ll, l.limit_l, l.limit_h, l.limit_hh, l.version,
       t.code as tank_code, t.name as tank_name, t.medium as tank_medium,
       d.code as detector_code, d.name as detector_name, d.area, d.medium as detector_medium,
       h.name as hazard_name, h.grade as hazard_grade, e.short_name as enterprise_name, b.name as acknowledged_by
from page a
join point p on p.id = a.point_id
join limit_set l on l.id = a.limit_set_id
join enterprise e on e.id = a.enterprise_id
left join tank t on t.id = p.tank_id
left join gas_detector d on d.id = p.detector_id
left join major_hazard h on h.id = a.hazard_id
left join person b on b.id = a.acknowledged_by_id
"""
STATES = {
    AlarmState.UNACKNOWLEDGED: "acknowledged_at is null and not late",
    AlarmState.ACKNOWLEDGED: "cleared_at is null and acknowledged_at is not null",
    AlarmState.OPEN: "cleared_at is null",
    AlarmState.TODAY: "true",
    AlarmState.ALL: "true",
}
GRAVEST_FIRST = ("risk_level", "raised_at", "id")
NEWEST_FIRST = ("raised_at", "id")
COUNTS = """
select risk_level, true as unacknowledged, false as open, count(*) as count
from alarm where {scope} and acknowledged_at is null and not late group by 1
union all
select risk_level, acknowledged_at is null, true, count(*) from alarm where {scope} and cleared_at is null group by 1, 2
"""
TODAY = "select count(*) as count from alarm where {scope} and raised_at >= ${since}"


class AlarmFilter(msgspec.Struct, kw_only=True):
    """Which alarms are asked for; None = any. day_start: the instant at which this plant day began."""

    state: AlarmState
    day_start: datetime
    risk_level: int | None = None
    adcode: str | None = None
    enterprise_id: UUID | None = None


class Conditions:
    """Conditions of a statement with their numbered arguments; the viewer's scope is always the first."""

    def __init__(self, viewer: Viewer) -> None:
        scope, self.arguments = viewer.scope_sql()
        self._conditions = [scope]

    @classmethod
    async def within(cls, viewer: Viewer, adcode: str | None = None, enterprise_id: UUID | None = None) -> Conditions:
        """The viewer's scope, narrowed to a branch of areas and to an enterprise."""
        made = cls(viewer)
        areas = viewer.adcodes if viewer.is_regulator else None
        if adcode is not None:
            branch = await branch_codes(adcode)
            areas = branch if areas is None else branch & areas
            made.add("adcode = any({}::text[])", sorted(areas))
        if areas is not None and len(areas) == 1:
            # Said again with `=`, because only then can an index give the rows of one area in their order.
            made.add("adcode = {}", next(iter(areas)))
        if enterprise_id is not None:
            made.add("enterprise_id = {}", enterprise_id)
        return made

    def add(self, condition: str, *values: object) -> None:
        """Add a condition with `{}` where its values go."""
        first = len(self.arguments) + 1
        self._conditions.append(condition.format(*(f"${first + place}" for place in range(len(values)))))
        self.arguments.extend(values)

    def __str__(self) -> str:
        return " and ".join(self._conditions)


async def page_of_alarms(viewer: Viewer, wanted: AlarmFilter, limit: int, after: str | None) -> list[dict[str, Any]]:
    """Up to `limit + 1` alarms with their words: unacknowledged ones gravest first, then newest; all others newest."""
    where = await conditions_of(viewer, wanted, after)
    statement = with_words(where, order_of(wanted.state), limit + 1)
    return await get_connection("default").execute_query_dict(statement, where.arguments)


async def conditions_of(viewer: Viewer, wanted: AlarmFilter, after: str | None) -> Conditions:
    """What the rows of a page have in common."""
    where = await Conditions.within(viewer, wanted.adcode, wanted.enterprise_id)
    where.add(STATES[wanted.state])
    if wanted.risk_level is not None:
        where.add("risk_level = {}", wanted.risk_level)
    if wanted.state is AlarmState.TODAY:
        where.add("raised_at >= {}", wanted.day_start)
    if after is not None:
        keys = order_of(wanted.state)
        kinds = {"risk_level": RiskLevel, "raised_at": datetime, "id": UUID}
        places = ", ".join("{}" for _ in keys)
        where.add(f"({', '.join(keys)}) < ({places})", *decode_cursor(after, *(kinds[key] for key in keys)))
    return where


def order_of(state: AlarmState) -> tuple[str, ...]:
    """The columns by which a list is sorted, all descending."""
    return GRAVEST_FIRST if state is AlarmState.UNACKNOWLEDGED else NEWEST_FIRST


def cursor_after(row: dict[str, Any], state: AlarmState) -> str:
    """The mark of the page that follows this row."""
    return encode_cursor(*(row[key] for key in order_of(state)))


async def alarms_with_words(viewer: Viewer, alarm_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """These alarms with their words, as far as the viewer may see them; newest first."""
    where = Conditions(viewer)
    ids = list(alarm_ids)
    where.add("id = any({}::uuid[])", ids)
    statement = with_words(where, NEWEST_FIRST, len(ids))
    return await get_connection("default").execute_query_dict(statement, where.arguments)


def with_words(where: Conditions, keys: tuple[str, ...], most: int) -> str:
    """The statement that cuts a page and joins it with its words."""
    order = ", ".join(f"{key} desc" for key in keys)
    joined = ", ".join(f"a.{key} desc" for key in keys)
    return (
        f"with page as materialized (select * from alarm where {where} order by {order} limit {most})"  # noqa: S608 - values travel as arguments.
        f" {WORDS} order by {joined}"
    )


async def count_alarms(viewer: Viewer, now: datetime, day_start: datetime, adcode: str | None = None) -> AlarmCounts:
    """How many there are by colour, and how many were raised today."""
    where = await Conditions.within(viewer, adcode)
    connection = get_connection("default")
    rows = await connection.execute_query_dict(COUNTS.format(scope=where), where.arguments)
    since = len(where.arguments) + 1
    (today,) = await connection.execute_query_dict(
        TODAY.format(scope=where, since=since), [*where.arguments, day_start]
    )
    return AlarmCounts(
        at=now,
        unacknowledged=_by_colour(row for row in rows if not row["open"]),
        acknowledged=_by_colour(row for row in rows if row["open"] and not row["unacknowledged"]),
        open=_by_colour(row for row in rows if row["open"]),
        today=today["count"],
    )


def _by_colour(rows: Iterable[dict[str, Any]]) -> ColourCounts:
    counts = ColourCounts()
    for row in rows:
        name = RiskLevel(row["risk_level"]).name.lower()
        setattr(counts, name, getattr(counts, name) + row["count"])
        counts.total += row["count"]
    return counts
