"""What a backfill shows beyond limits: one closed, late record for a stretch, and nothing for what is known already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from backend.domains.alarms.enums import AlarmEventKind
from backend.domains.alarms.recording import EpisodeEvent, NewEpisode, append_events, columns, open_episodes

# Stretches of one point that lie closer together are one record (standards 7.3: events are merged within 10 min).
MERGE_WITHIN = timedelta(minutes=10)

# For each stretch the episode that overlaps it, or else a late record near enough to grow.
KNOWN = """
select x.place, a.id, a.grows
from unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::text[]) with ordinality
    as x(point_id, began, ended, side, place)
join lateral (
    select e.id, e.late and e.cleared_at is not null as grows from alarm e
    where e.point_id = x.point_id and e.side = x.side
      and e.raised_at <= x.ended + $5 and (e.cleared_at is null or e.cleared_at >= x.began - $5)
      and (e.late and e.cleared_at is not null
           or e.raised_at <= x.ended and (e.cleared_at is null or e.cleared_at >= x.began))
    order by grows, e.raised_at desc limit 1
) a on true
"""

GROW = """
update alarm a set
    raised_at = least(a.raised_at, x.began),
    cleared_at = greatest(a.cleared_at, x.ended),
    worst_level = greatest(a.worst_level, x.worst_level),
    worst_value = case a.side when 'high' then greatest(a.worst_value, x.worst_value)
                              else least(a.worst_value, x.worst_value) end
from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int[], $5::float8[])
    as x(id, began, ended, worst_level, worst_value)
where a.id = x.id
"""


@dataclass(slots=True)
class Excursion:
    """A stretch beyond a limit that nobody saw live; the episode it would be, from `raised_at` to `until`."""

    episode: NewEpisode
    until: datetime


async def record_excursions(con: asyncpg.Connection, excursions: Sequence[Excursion], now: datetime) -> int:
    """Record stretches from frames that came out of order; returns how many records are new.

    Stretches of one point and side must lie farther apart than MERGE_WITHIN.
    """
    if not excursions:
        return 0
    rows = await con.fetch(
        KNOWN,
        *columns((e.episode.point_id, e.episode.raised_at, e.until, e.episode.side) for e in excursions),
        MERGE_WITHIN,
    )
    known: dict[int, asyncpg.Record] = {row["place"] - 1: row for row in rows}
    growing: dict[UUID, list[Excursion]] = {}
    for place, row in known.items():
        if row["grows"]:
            growing.setdefault(row["id"], []).append(excursions[place])
    if growing:
        await con.execute(GROW, *columns(_grown(alarm_id, each) for alarm_id, each in growing.items()))
    new = [each for place, each in enumerate(excursions) if place not in known]
    for each in new:
        each.episode.cleared_at = each.until
    await open_episodes(con, [each.episode for each in new], now)
    await append_events(con, [line for each in new for line in _life(each)])
    return len(new)


def _grown(alarm_id: UUID, stretches: list[Excursion]) -> tuple[UUID, datetime, datetime, int, float]:
    episodes = [each.episode for each in stretches]
    farthest = max if episodes[0].side == "high" else min
    return (
        alarm_id,
        min(each.raised_at for each in episodes),
        max(each.until for each in stretches),
        max(each.worst_level for each in episodes),
        farthest(each.worst_value for each in episodes),
    )


def _life(excursion: Excursion) -> list[EpisodeEvent]:
    e, detail = excursion.episode, {"late": True, "backfill": True}
    return [
        EpisodeEvent(e.id, e.raised_at, AlarmEventKind.RAISED, e.start_level, e.risk_level, e.start_value, detail),
        EpisodeEvent(e.id, excursion.until, AlarmEventKind.CLEARED, None, e.risk_level, None, detail),
    ]
