"""Writing episodes from the hot path: set by set on a raw connection, inside the transaction that stores the frames.

What the hot path decides arrives here as finished rows. Ids come from the caller; closing never resurrects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from backend.domains.alarms.enums import AlarmEventKind, Side


@dataclass(slots=True)
class NewEpisode:
    """An episode that begins; it may be over already when its whole course lay in one batch."""

    id: UUID
    point_id: int
    gateway_id: int
    enterprise_id: UUID
    adcode: str
    hazard_id: UUID | None
    side: Side
    start_level: int
    worst_level: int
    level: int | None
    level_since: datetime
    risk_level: int
    rises_at: datetime | None
    raised_at: datetime
    start_value: float
    worst_value: float
    limit_value: float
    limit_set_id: int
    late: bool
    cleared_at: datetime | None = None


@dataclass(slots=True)
class EpisodeMove:
    """What changes on an open episode; None leaves a column as it is. `worse` asks people to acknowledge it anew."""

    id: UUID
    worst_value: float | None = None
    worst_level: int | None = None
    level: int | None = None
    level_since: datetime | None = None
    risk_level: int | None = None
    rises_at: datetime | None = None
    limit_value: float | None = None
    limit_set_id: int | None = None
    goes_live: bool = False
    worse: bool = False
    cleared_at: datetime | None = None


@dataclass(slots=True)
class EpisodeEvent:
    """A line of an episode's life."""

    alarm_id: UUID
    at: datetime
    kind: AlarmEventKind
    level: int | None
    risk_level: int | None
    value: float | None
    detail: dict[str, Any] = field(default_factory=dict)


MOVE = """
update alarm a set
    worst_value = coalesce(x.worst_value, a.worst_value),
    worst_level = greatest(x.worst_level, a.worst_level),
    level = case when x.cleared_at is null then coalesce(x.level, a.level) end,
    level_since = coalesce(x.level_since, a.level_since),
    risk_level = coalesce(x.risk_level, a.risk_level),
    rises_at = case when x.cleared_at is not null then null when x.level is null then a.rises_at else x.rises_at end,
    limit_value = coalesce(x.limit_value, a.limit_value),
    limit_set_id = coalesce(x.limit_set_id, a.limit_set_id),
    late = a.late and not x.goes_live,
    acknowledged_at = case when not x.worse then a.acknowledged_at end,
    acknowledged_by_id = case when not x.worse then a.acknowledged_by_id end,
    cleared_at = x.cleared_at
from unnest($1::uuid[], $2::float8[], $3::int[], $4::int[], $5::timestamptz[], $6::int[], $7::timestamptz[],
            $8::float8[], $9::int[], $10::bool[], $11::bool[], $12::timestamptz[])
    as x(id, worst_value, worst_level, level, level_since, risk_level, rises_at,
         limit_value, limit_set_id, goes_live, worse, cleared_at)
where a.id = x.id and a.cleared_at is null
"""

OPEN = """
insert into alarm (id, point_id, gateway_id, enterprise_id, adcode, hazard_id, side, start_level, worst_level, level,
    level_since, risk_level, rises_at, raised_at, start_value, worst_value, limit_value, limit_set_id, late, cleared_at,
    created_at)
select x.*, $21 from unnest($1::uuid[], $2::int[], $3::int[], $4::uuid[], $5::text[], $6::uuid[], $7::text[],
    $8::int[], $9::int[], $10::int[], $11::timestamptz[], $12::int[], $13::timestamptz[], $14::timestamptz[],
    $15::float8[], $16::float8[], $17::float8[], $18::int[], $19::bool[], $20::timestamptz[]) as x
"""

EVENTS = """
insert into alarm_event (alarm_id, at, kind, level, risk_level, value, detail)
select x.alarm_id, x.at, x.kind, x.level, x.risk_level, x.value, x.detail::jsonb
from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::int[], $5::int[], $6::float8[], $7::text[])
    with ordinality as x(alarm_id, at, kind, level, risk_level, value, detail, place)
order by x.place
returning id
"""


async def move_episodes(con: asyncpg.Connection, moves: Sequence[EpisodeMove]) -> None:
    """Move and clear open episodes; each stands here once. An episode that is cleared stays as it is."""
    if moves:
        await con.execute(
            MOVE,
            *columns(
                (
                    m.id,
                    m.worst_value,
                    m.worst_level,
                    m.level,
                    m.level_since,
                    m.risk_level,
                    m.rises_at,
                    m.limit_value,
                    m.limit_set_id,
                    m.goes_live,
                    m.worse,
                    m.cleared_at,
                )
                for m in moves
            ),
        )


async def open_episodes(con: asyncpg.Connection, episodes: Sequence[NewEpisode], now: datetime) -> None:
    """Begin episodes; call it after `move_episodes`, which clears what stood in their way.

    Raises asyncpg.UniqueViolationError when a point has an open one already.
    """
    if episodes:
        await con.execute(
            OPEN,
            *columns(
                (
                    e.id,
                    e.point_id,
                    e.gateway_id,
                    e.enterprise_id,
                    e.adcode,
                    e.hazard_id,
                    e.side,
                    e.start_level,
                    e.worst_level,
                    None if e.cleared_at else e.level,
                    e.level_since,
                    e.risk_level,
                    None if e.cleared_at else e.rises_at,
                    e.raised_at,
                    e.start_value,
                    e.worst_value,
                    e.limit_value,
                    e.limit_set_id,
                    e.late,
                    e.cleared_at,
                )
                for e in episodes
            ),
            now,
        )


async def append_events(con: asyncpg.Connection, events: Sequence[EpisodeEvent]) -> list[int]:
    """Add lines to the lives of episodes, in this order; the ids by which a live stream resumes."""
    if not events:
        return []
    rows = await con.fetch(
        EVENTS,
        *columns(
            (e.alarm_id, e.at, e.kind, e.level, e.risk_level, e.value, msgspec.json.encode(e.detail).decode())
            for e in events
        ),
    )
    return [row["id"] for row in rows]


def columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows turned into the arrays that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)]
