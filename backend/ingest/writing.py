"""The statements of the hot path, each for a whole batch, on the caller's connection and inside its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import asyncpg
import msgspec
import numpy as np

from backend.domains.alarms.recording import columns
from backend.domains.monitoring.enums import GatewayEventKind
from backend.ingest.city import City, Gateway, Layout, instant
from backend.ingest.contract import EdgeEvent
from backend.ingest.copying import WORTH_IT, insert_frames
from backend.ingest.frames import Frame
from backend.ingest.loading import point_ids_of
from backend.ingest.presence import PresenceChange
from backend.ingest.reasons import clean_text
from backend.ingest.refusals import Refusal

# An hour is rolled up five minutes after its end; what is stored later than this after it must be rolled up again.
ROLLED_SOON_MS = 120_000
HOUR_MS = 3_600_000
# `last_frame_at` of a gateway may lag by this much; last values are in Redis.
HEARD_LAG_MS = 10_000

# Any number will do, as long as everyone who makes partitions asks for the same one.
NEW_DAY_LOCK = 595004

FRAMES = """
insert into frame (gateway_id, t, layout_id, n, received_at, late, v, q) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict do nothing returning gateway_id, t
"""
DIRTY = "insert into rollup_dirty (gateway_id, hour) select * from unnest($1::int[], $2::timestamptz[])"
LAYOUT = (
    "insert into layout (gateway_id, number, tags, point_ids, received_at) values ($1, $2, $3, $4, $5) returning id"
)
GATEWAY_EVENTS = """
insert into gateway_event (gateway_id, kind, at, detail)
select * from unnest($1::int[], $2::text[], $3::timestamptz[], $4::text[])
"""
GATEWAYS = """
update gateway g set online = x.online, lost_at = x.lost_at, layout = x.layout, last_frame_at = x.heard_at
from unnest($1::int[], $2::bool[], $3::timestamptz[], $4::int[], $5::timestamptz[])
    as x(id, online, lost_at, layout, heard_at)
where g.id = x.id
"""
EDGE_EVENTS = """
insert into edge_event (gateway_id, event_id, at, kind, bay, arm, is_on, detail, received_at)
select x.g, x.e, x.at, x.k, x.b, x.a, x.o, x.d::jsonb, x.r
from unnest($1::int[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[],
            $9::timestamptz[]) as x(g, e, at, k, b, a, o, d, r)
on conflict do nothing
"""
REFUSALS = """
insert into reject (gateway_id, topic, received_at, reason, detail, payload)
select * from unnest($1::int[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::bytea[])
"""
DELAYS = """
insert into judging_delay (point_id, since_ll, since_l, since_h, since_hh)
select * from unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
on conflict (point_id) do update set since_ll = excluded.since_ll, since_l = excluded.since_l,
    since_h = excluded.since_h, since_hh = excluded.since_hh
"""
NEW_GAP = """
insert into frame_gap (gateway_id, from_n, to_n, missing, opened_at, closed_at) values ($1, $2, $3, $4, $5, $6)
returning id
"""
GAPS = """
update frame_gap f set missing = x.missing, closed_at = case when x.missing = 0 then $3::timestamptz end
from unnest($1::bigint[], $2::bigint[]) as x(id, missing) where f.id = x.id
"""


async def add_layouts(con: asyncpg.Connection, city: City, new: Mapping[Layout, Gateway], now: datetime) -> None:
    """Store layouts and give them their ids."""
    if new:
        rows = [
            (gateway.id, layout.number, list(layout.tags), point_ids_of(city, layout), now)
            for layout, gateway in new.items()
        ]
        for row, layout in zip(await con.fetchmany(LAYOUT, rows), new, strict=True):
            layout.id = row["id"]


async def add_frames(con: asyncpg.Connection, frames: Sequence[Frame], known_days: set[date]) -> list[Frame]:
    """Store frames; those that were not there yet. Partitions of days nobody has sent for are made on the way."""
    if not frames:
        return []
    for day in sorted({frame.at.date() for frame in frames} - known_days):
        # Two that make the same partition at once would stumble over each other.
        await con.execute("select pg_advisory_xact_lock($1)", NEW_DAY_LOCK)
        await con.execute("select ensure_frame_day($1)", day)
    by_key: dict[tuple[int, datetime], Frame] = {}
    for frame in frames:
        by_key.setdefault((frame.gateway.id, frame.at), frame)
    if len(by_key) >= WORTH_IT:
        rows = await insert_frames(con, by_key.values())
    else:
        told = [
            (f.gateway.id, f.at, f.layout.id, f.n, instant(f.received_ms), f.is_late, f.v, f.q) for f in by_key.values()
        ]
        rows = await con.fetchmany(FRAMES, told)
    known_days |= {frame.at.date() for frame in frames}
    new = [by_key[row["gateway_id"], row["t"]] for row in rows]
    if dirty := {(f.gateway.id, hour) for f in new if (hour := f.t // HOUR_MS * HOUR_MS) + HOUR_MS < _soon(f)}:
        await con.execute(DIRTY, *columns((gateway_id, instant(hour)) for gateway_id, hour in sorted(dirty)))
    return new


async def add_gateway_events(
    con: asyncpg.Connection, presence: Iterable[PresenceChange], births: Iterable[tuple[Gateway, Layout, int]]
) -> None:
    """Lost, returned, born."""
    rows = [(each.gateway.id, each.kind, instant(each.at_ms), each.detail) for each in presence]
    for gateway, layout, at_ms in births:
        detail = f"layout {layout.number}, {len(layout.tags)} points"
        rows.append((gateway.id, GatewayEventKind.BIRTH, instant(at_ms), detail))
    if rows:
        await con.execute(GATEWAY_EVENTS, *columns(rows))


async def update_gateways(con: asyncpg.Connection, gateways: Iterable[Gateway]) -> None:
    """Write what changed of gateways; the last arrival alone only now and then."""
    rows = []
    for gateway in gateways:
        told, now = gateway.row, gateway.row_now()
        if now[:3] != told[:3] or now[3] - told[3] >= HEARD_LAG_MS:
            online, lost_ms, layout, heard_ms = gateway.row = now
            rows.append((gateway.id, online, _maybe(lost_ms), layout, _maybe(heard_ms)))
    if rows:
        await con.execute(GATEWAYS, *columns(rows))


async def add_edge_events(con: asyncpg.Connection, events: Iterable[tuple[Gateway, EdgeEvent, int]]) -> None:
    """Store events of the edge; one that came before under its id changes nothing."""
    rows = [
        (
            gateway.id,
            clean_text(event.id),
            instant(event.t),
            clean_text(event.type),
            event.bay and clean_text(event.bay),
            event.arm and clean_text(event.arm),
            event.on,
            msgspec.json.encode(event.detail).decode(),
            instant(at_ms),
        )
        for gateway, event, at_ms in events
    ]
    if rows:
        await con.execute(EDGE_EVENTS, *columns(rows))


async def add_refusals(con: asyncpg.Connection, refusals: Iterable[Refusal]) -> None:
    """Store what was refused."""
    rows = [(r.gateway_id, r.topic, r.received_at, r.reason, r.detail, r.payload) for r in refusals]
    if rows:
        await con.execute(REFUSALS, *columns(rows))


async def store_delays(con: asyncpg.Connection, city: City) -> None:
    """Store the running delays that moved, and forget those that are over."""
    moved = np.flatnonzero(city.state.moved)
    if not len(moved):
        return
    point_ids = [city.points[slot].id for slot in moved.tolist()]
    since = city.state.since[:, moved]
    running = (since != 0).any(axis=0).tolist()
    over = [point_id for point_id, runs in zip(point_ids, running, strict=True) if not runs]
    if over:
        await con.execute("delete from judging_delay where point_id = any($1::int[])", over)
    rows = [
        (point_id, *map(_maybe, timers))
        for point_id, timers, runs in zip(point_ids, since.T.tolist(), running, strict=True)
        if runs
    ]
    if rows:
        await con.execute(DELAYS, *columns(rows))
    city.state.moved[moved] = False


async def store_gaps(con: asyncpg.Connection, gateways: Iterable[Gateway], now: datetime) -> None:
    """Store gaps that opened, shrank or closed."""
    shrunk: list[tuple[int, int]] = []
    for gateway in gateways:
        for gap in gateway.sequence.touched:
            if gap.id:
                shrunk.append((gap.id, gap.missing))
            else:
                closed_at = None if gap.missing else now
                gap.id = await con.fetchval(NEW_GAP, gateway.id, gap.from_n, gap.to_n, gap.missing, now, closed_at)
        gateway.sequence.touched.clear()
    if shrunk:
        await con.execute(GAPS, *columns(shrunk), now)


def _soon(frame: Frame) -> int:
    return frame.received_ms - ROLLED_SOON_MS


def _maybe(ms: int) -> datetime | None:
    return instant(ms) if ms else None
