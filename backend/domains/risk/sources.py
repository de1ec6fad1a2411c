"""What a score is made of, read set by set: hazards with their tanks, frames of the window, alarms of the last day.

Scoring sees everything, so nothing here asks for a viewer. Frames and alarms never pass through the ORM: a city is
forty thousand points every minute. What is read of other domains is read as rows, and never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import numpy as np
from msgspec import Struct, structs
from tortoise.connection import get_connection

from backend.domains.risk.episodes import REMEMBERED_FOR, REPEATS_WITHIN, Episode
from backend.domains.risk.features import PointFacts, TankFacts
from backend.domains.risk.samples import WINDOW_MIN, Frames, Reading, read_points

# A hazard with detectors and no tank is watched by another model; one with nothing at all is not connected.
HAZARDS = """
select h.id, h.enterprise_id, e.adcode, h.grade
from major_hazard h join enterprise e on e.id = h.enterprise_id
where e.active and ($1::uuid[] is null or h.id = any($1))
  and (exists (select from tank t where t.hazard_id = h.id)
       or not exists (select from gas_detector d where d.hazard_id = h.id))
order by h.enterprise_id, h.code
"""

TANKS = """
select t.hazard_id, t.code, t.name as tank_name, p.id, p.gateway_id, p.tag, p.kind, p.unit, p.range_lo, p.range_hi,
    s.limit_ll, s.limit_l, s.limit_h, s.limit_hh
from tank t
left join point p on p.tank_id = t.id and p.active and p.kind in ('level', 'temperature', 'pressure', 'flow', 'other')
left join lateral (
    select * from limit_set s where s.point_id = p.id and s.effective_from <= $2
    order by s.effective_from desc, s.version desc limit 1
) s on true
where t.hazard_id = any($1)
order by t.hazard_id, t.code, p.id
"""

FRAMES = """
select gateway_id, t, layout_id, v, q from frame
where gateway_id = any($1) and t > $2 and t <= $3
order by gateway_id, t
"""

# Open episodes, those nobody has acknowledged, and those of the last day.
EPISODES = """
select a.id, a.point_id, a.side, a.worst_level, a.raised_at, a.worst_value, a.level, a.level_since,
    a.acknowledged_at, a.cleared_at, a.late,
    case when a.level = 2 then a.level_since
         when a.worst_level = 2 then (select min(e.at) from alarm_event e where e.alarm_id = a.id and e.level = 2)
    end as second_at
from alarm a
where a.point_id = any($1)
  and (a.cleared_at is null or a.cleared_at > $2 or a.raised_at > $2
       or a.acknowledged_at is null and a.raised_at > $3)
order by a.raised_at, a.id
"""

# An alarm that came, went and was never acknowledged is not overdue for ever.
UNANSWERED_WITHIN = timedelta(days=7)


class Hazard(Struct, frozen=True):
    """A major hazard with its tanks, and the gateways their points report through."""

    id: UUID
    enterprise_id: UUID
    adcode: str
    grade: int
    tanks: tuple[TankFacts, ...] = ()
    gateways: frozenset[int] = frozenset()

    def point_ids(self) -> list[int]:
        """All points of all tanks."""
        return [point.id for tank in self.tanks for point in tank.points]


async def hazards_to_score(hazard_ids: Iterable[UUID] | None = None) -> list[Hazard]:
    """The hazards the tank-farm model watches (those of `hazard_ids`, or all), by enterprise, still without tanks."""
    rows = await _rows(HAZARDS, None if hazard_ids is None else list(hazard_ids))
    return [Hazard(row["id"], row["enterprise_id"], row["adcode"], row["grade"]) for row in rows]


async def with_tanks(hazards: Sequence[Hazard], now: datetime) -> list[Hazard]:
    """The hazards with their tanks, points, and limits in force at `now`."""
    rows = await _rows(TANKS, [hazard.id for hazard in hazards], now)
    of_hazard = dict(_grouped(rows, "hazard_id"))
    return [
        structs.replace(
            hazard,
            tanks=tuple(
                TankFacts(code, points[0]["tank_name"], tuple(_point(point) for point in points if point["id"]))
                for code, points in _grouped(of_hazard.get(hazard.id, []), "code")
            ),
            gateways=frozenset(point["gateway_id"] for point in of_hazard.get(hazard.id, []) if point["id"]),
        )
        for hazard in hazards
    ]


async def readings_of(gateway_ids: Iterable[int], now: datetime) -> dict[int, Reading]:
    """The readings at `now` of all points of these gateways, by point; a silent gateway's points are absent."""
    rows = await _rows(FRAMES, sorted(gateway_ids), now - timedelta(minutes=WINDOW_MIN), now)
    layout_ids = sorted({row["layout_id"] for row in rows})
    layouts = {
        row["id"]: row["point_ids"]
        for row in await _rows("select id, point_ids from layout where id = any($1)", layout_ids)
    }
    readings: dict[int, Reading] = {}
    for _, frames in _grouped(rows, "gateway_id"):
        point_ids, matrix = gather(frames, layouts)
        readings.update(zip(point_ids, read_points(matrix, round(now.timestamp() * 1000)), strict=True))
    return readings


def gather(rows: Sequence[Any], layouts: dict[int, Sequence[int]]) -> tuple[list[int], Frames]:
    """Frames of one gateway as one matrix, also across a change of its layout; the ids of the columns come first.

    Id 0 stands for tags that are no point of ours; what its column holds means nothing.
    """
    point_ids = sorted(
        {point_id for layout_id in {row["layout_id"] for row in rows} for point_id in layouts[layout_id]}
    )
    column = {point_id: place for place, point_id in enumerate(point_ids)}
    v = np.full((len(rows), len(point_ids)), np.nan)
    q = np.zeros((len(rows), len(point_ids)), dtype=np.int16)
    for layout_id in sorted({row["layout_id"] for row in rows}):
        places = [place for place, row in enumerate(rows) if row["layout_id"] == layout_id]
        columns = [column[point_id] for point_id in layouts[layout_id]]
        v[np.ix_(places, columns)] = np.array([rows[place]["v"] for place in places], dtype=np.float64)
        for place in places:
            if rows[place]["q"] is not None:
                q[place, columns] = rows[place]["q"]
    t = np.array([round(row["t"].timestamp() * 1000) for row in rows], dtype=np.int64)
    return point_ids, Frames(t, v, q)


async def episodes_of(point_ids: Sequence[int], now: datetime) -> dict[int, list[Episode]]:
    """The episodes of these points that still weigh on a score, by point."""
    recent = now - max(REMEMBERED_FOR, REPEATS_WITHIN)
    found: dict[int, list[Episode]] = {}
    for row in await _rows(EPISODES, point_ids, recent, now - UNANSWERED_WITHIN):
        episode = Episode(**{**row, "id": str(row["id"])})
        found.setdefault(episode.point_id, []).append(episode)
    return found


def _point(row: Any) -> PointFacts:
    return PointFacts(
        row["id"],
        row["tag"],
        row["kind"],
        row["unit"],
        row["limit_ll"],
        row["limit_l"],
        row["limit_h"],
        row["limit_hh"],
        row["range_lo"],
        row["range_hi"],
    )


def _grouped(rows: Sequence[Any], name: str) -> list[tuple[Any, list[Any]]]:
    """Neighbouring rows that agree in a column."""
    return [(value, list(group)) for value, group in groupby(rows, key=lambda row: row[name])]


async def _rows(sql: str, *arguments: object) -> Sequence[Any]:
    async with get_connection("default").acquire_connection() as connection:
        rows: Sequence[Any] = await connection.fetch(sql, *arguments)
        return rows
