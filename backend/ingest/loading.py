"""Reading the city from the database: at the start everything, later what changed of gateways, points and limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import numpy as np

from backend.domains.monitoring.enums import PointKind
from backend.ingest.city import City, Gateway, Layout, PointInfo, ms_of
from backend.ingest.frames import unknown_tags
from backend.ingest.slots import PointLimits
from backend.ingest.sparkplug.keeping import load_nodes

GATEWAYS = """
select g.id, g.code, g.active, g.online, g.lost_at, g.last_frame_at, g.layout, g.enterprise_id,
       e.code as enterprise, e.adcode as region
from gateway g join enterprise e on e.id = g.enterprise_id
"""
# The limits in force are the newest version whose time has come.
POINTS = """
select p.id, p.gateway_id, p.enterprise_id, p.tag, p.kind, p.range_lo, p.range_hi, p.active,
       e.adcode, h.id as hazard_id, h.grade, l.id as limit_set_id,
       l.limit_ll, l.limit_l, l.limit_h, l.limit_hh, l.deadband, l.on_delay_s, l.off_delay_s
from point p
join enterprise e on e.id = p.enterprise_id
left join tank t on t.id = p.tank_id
left join gas_detector d on d.id = p.detector_id
left join major_hazard h on h.id = coalesce(t.hazard_id, d.hazard_id)
left join lateral (
    select * from limit_set s where s.point_id = p.id and s.effective_from <= $1
    order by s.version desc limit 1
) l on true
order by p.gateway_id, p.id
"""
LAYOUTS = """
select distinct on (gateway_id, number) * from layout where gateway_id = any($1::int[])
order by gateway_id, number, id desc
"""
# Whatever changes here changes a number or an instant; limits count when their time comes.
FINGERPRINT = """
select (select row(count(*), max(updated_at)) from gateway)::text
    || (select row(count(*), max(id), count(*) filter (where active), sum(range_hi), sum(range_lo)) from point)::text
    || (select row(count(*), max(id)) from limit_set where effective_from <= $1)::text
    || (select row(count(*), sum(grade)) from major_hazard)::text
    || (select row(count(*), sum(hashtext(code || adcode)::bigint)) from enterprise)::text
"""
HAS_POINT = """
select exists (
    select from point p join unnest($1::int[], $2::text[]) as x(gateway_id, tag)
    on p.gateway_id = x.gateway_id and p.tag = x.tag)
"""
# Calling the enum costs more than all the rest of a row.
KINDS = {str(kind): kind for kind in PointKind}


async def fingerprint(con: asyncpg.Connection, now: datetime) -> str:
    """Two equal ones mean that the configuration did not change."""
    return str(await con.fetchval(FINGERPRINT, now))


async def next_limits_at(con: asyncpg.Connection, now: datetime) -> datetime | None:
    """When the next version of limits comes into force, or None."""
    at: datetime | None = await con.fetchval("select min(effective_from) from limit_set where effective_from > $1", now)
    return at


async def has_gateway(con: asyncpg.Connection, codes: Iterable[str]) -> bool:
    """Whether one of these codes is a gateway by now."""
    return bool(await con.fetchval("select exists (select from gateway where code = any($1::text[]))", list(codes)))


async def has_point(con: asyncpg.Connection, tags: Iterable[tuple[int, str]]) -> bool:
    """Whether one of these (gateway id, tag) is a point by now."""
    gateway_ids, names = zip(*tags, strict=True)
    return bool(await con.fetchval(HAS_POINT, gateway_ids, names))


async def load_city(con: asyncpg.Connection, city: City, now: datetime) -> None:
    """Take over gateways, points and limits as they are; streams, alarms and delays of known ones go on."""
    gateways = {row["id"]: _gateway(city, row) for row in await con.fetch(GATEWAYS)}
    points = [_point(row) for row in await con.fetch(POINTS, now)]
    city.place(points)
    for gateway in gateways.values():
        gateway.slots = {}
    for point in points:
        gateways[point.gateway_id].slots[point.tag] = city.slot_of[point.id]
    for gateway in gateways.values():
        slots = list(gateway.slots.values())
        gateway.slot_array, gateway.point_ids = np.array(slots, np.intp), [city.points[slot].id for slot in slots]
    city.gateways = {gateway.code: gateway for gateway in gateways.values()}
    await _load_layouts(con, city, gateways)
    await load_nodes(con, [gateway for gateway in gateways.values() if gateway.node is None])


async def refresh_gateways(con: asyncpg.Connection, city: City, known: Sequence[Gateway]) -> list[Gateway]:
    """Read anew where these gateways stand, because others have moved them on; returns what stands in their place."""
    ids = [gateway.id for gateway in known]
    fresh: dict[int, Gateway] = {}
    for row in await con.fetch(GATEWAYS + "where g.id = any($1::int[])", ids):
        gateway, old = _new_gateway(row), city.gateways[row["code"]]
        gateway.slots, gateway.slot_array, gateway.point_ids = old.slots, old.slot_array, old.point_ids
        city.gateways[gateway.code] = fresh[gateway.id] = gateway
        city.rest(gateway.slot_array)
    await _load_layouts(con, city, fresh)
    await load_nodes(con, list(fresh.values()))
    return list(fresh.values())


async def _load_layouts(con: asyncpg.Connection, city: City, gateways: Mapping[int, Gateway]) -> None:
    for row in await con.fetch(LAYOUTS, list(gateways)):
        gateway = gateways[row["gateway_id"]]
        layout = Layout.of(row["number"], row["tags"], gateway.slots, row["id"])
        gateway.layouts[layout.number] = layout
        point_ids = point_ids_of(city, layout)
        if point_ids != row["point_ids"] and len(unknown_tags(layout)) < row["point_ids"].count(0):
            # A tag that was unknown at birth has become a point: its history is there and can now be read.
            await con.execute("update layout set point_ids = $2 where id = $1", layout.id, point_ids)
        if gateway.row[2] == layout.number:
            gateway.current = layout


def point_ids_of(city: City, layout: Layout) -> list[int]:
    """The points along a layout, 0 for a tag that no point bears."""
    return [city.points[slot].id if slot >= 0 else 0 for slot in layout.slots.tolist()]


def _gateway(city: City, row: asyncpg.Record) -> Gateway:
    known = city.gateways.get(row["code"])
    if known is None or known.id != row["id"]:
        known = _new_gateway(row)
    known.region, known.enterprise, known.active = row["region"], row["enterprise"], row["active"]
    known.enterprise_id = row["enterprise_id"]
    return known


def _new_gateway(row: asyncpg.Record) -> Gateway:
    gateway = Gateway(row["id"], row["code"], row["region"], row["enterprise"], row["enterprise_id"], row["active"])
    gateway.heard_ms = ms_of(row["last_frame_at"]) if row["last_frame_at"] else 0
    gateway.lost_ms = ms_of(row["lost_at"]) if row["lost_at"] else 0
    gateway.is_online = True if row["online"] else False if gateway.lost_ms else None
    gateway.row = (row["online"], gateway.lost_ms, row["layout"], gateway.heard_ms)
    return gateway


def _point(row: asyncpg.Record) -> PointInfo:
    limits = PointLimits(range_lo=row["range_lo"], range_hi=row["range_hi"])
    if row["limit_set_id"] is not None and row["active"]:
        limits = PointLimits(**_limits(row), range_lo=row["range_lo"], range_hi=row["range_hi"])
    return PointInfo(
        id=row["id"],
        gateway_id=row["gateway_id"],
        enterprise_id=row["enterprise_id"],
        adcode=row["adcode"],
        kind=KINDS[row["kind"]],
        tag=row["tag"],
        hazard_id=row["hazard_id"],
        hazard_grade=row["grade"],
        limit_set_id=row["limit_set_id"],
        limits=limits,
    )


def _limits(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "ll": row["limit_ll"],
        "l": row["limit_l"],
        "h": row["limit_h"],
        "hh": row["limit_hh"],
        "deadband": row["deadband"],
        "on_delay_s": row["on_delay_s"],
        "off_delay_s": row["off_delay_s"],
    }
