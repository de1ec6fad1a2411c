"""Putting back what a restart interrupted: open episodes, running delays, streams, gaps and last values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import asyncpg
import numpy as np
from redis.asyncio import Redis

from backend.domains.monitoring.last_values import GatewayValues, read_gateway_values
from backend.ingest.city import City, Gateway, OpenEpisode, ms_of
from backend.ingest.sequence import Gap

OPEN_EPISODES = """
select id, point_id, raised_at, side, level, worst_level, worst_value, late from alarm
where cleared_at is null and gateway_id = any($1::int[])
"""
DELAYS = "select * from judging_delay where point_id = any($1::int[])"
GAPS = "select * from frame_gap where closed_at is null and gateway_id = any($1::int[]) order by id"
# One descent of the key for each gateway; the partitions are tried from the newest day on.
NEWEST_FRAMES = """
select g.id as gateway_id, f.t, f.n, f.received_at, f.v, f.q, f.late, l.point_ids
from gateway g
join lateral (select * from frame where gateway_id = g.id order by t desc limit 1) f on true
join layout l on l.id = f.layout_id
where g.id = any($1::int[])
"""


async def restore(con: asyncpg.Connection, redis: Redis, city: City, gateways: Sequence[Gateway]) -> None:
    """Bring the judging of these gateways back to where the last commit left it; in `city` they are at rest."""
    by_id = {gateway.id: gateway for gateway in gateways}
    for row in await con.fetch(OPEN_EPISODES, list(by_id)):
        slot = city.slot_of[row["point_id"]]
        level = row["level"] if row["side"] == "high" else -row["level"]
        city.episodes[slot] = OpenEpisode(row["id"], row["raised_at"])
        city.state.restore(
            slot,
            level=level,
            worst=row["worst_level"],
            worst_value=row["worst_value"],
            late=row["late"],
            has_level_1=city.points[slot].limits.of(1 if level > 0 else -1) is not None,
        )
    point_ids = [point_id for gateway in gateways for point_id in gateway.point_ids]
    for row in await con.fetch(DELAYS, point_ids):
        if (slot := city.slot_of.get(row["point_id"], -1)) >= 0:
            ll, low, high, hh = (
                ms_of(row[name]) if row[name] else 0 for name in ("since_ll", "since_l", "since_h", "since_hh")
            )
            city.state.restore_timers(slot, (ll, low, high, hh))
    await _restore_streams(con, redis, city, by_id)


async def _restore_streams(con: asyncpg.Connection, redis: Redis, city: City, by_id: Mapping[int, Gateway]) -> None:
    for values in await read_gateway_values(redis, by_id):
        _put_back(city, values)
    for row in await con.fetch(NEWEST_FRAMES, list(by_id)):
        gateway = by_id[row["gateway_id"]]
        t, received = ms_of(row["t"]), ms_of(row["received_at"])
        gateway.newest_ms = min(t, received)
        gateway.sequence.last = row["n"]
        gateway.heard_ms = max(gateway.heard_ms, received)
        if not row["late"]:
            count = len(row["v"])
            q = row["q"] or [0] * count
            told = [place for place in range(count) if row["v"][place] is not None]
            _put_back(
                city,
                GatewayValues(
                    [row["point_ids"][place] for place in told],
                    [t] * len(told),
                    [row["v"][place] for place in told],
                    [q[place] for place in told],
                ),
            )
    for row in await con.fetch(GAPS, list(by_id)):
        by_id[row["gateway_id"]].sequence.open.append(Gap(row["from_n"], row["to_n"], row["missing"], row["id"]))


def _put_back(city: City, values: GatewayValues) -> None:
    for point_id, t, value, quality in zip(values.point_ids, values.t, values.v, values.q, strict=True):
        slot = city.slot_of.get(point_id)
        if slot is not None and t > city.values.t[slot]:
            city.values.t[slot] = t
            city.values.value[slot] = np.nan if value is None else value
            city.values.quality[slot] = quality
