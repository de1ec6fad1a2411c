"""From rows to what goes on the wire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from tortoise.functions import Count

from backend.domains.alarms.models import Alarm
from backend.domains.alarms.queries import open_alarms_of
from backend.domains.enterprises.models import GasDetector, Tank
from backend.domains.enterprises.queries import enterprises_by_id, hazards_by_id
from backend.domains.monitoring.clocks import clocks_of
from backend.domains.monitoring.models import Gateway, LimitSet, Point
from backend.domains.monitoring.queries import limits_in_force, points_of
from backend.domains.monitoring.schemas import (
    DetectorOut,
    GatewayOut,
    LimitSetOut,
    LimitsOut,
    PointDetail,
    PointOut,
    TankOut,
    TrendOut,
)
from backend.domains.monitoring.since import tell_since
from backend.domains.monitoring.standing import StandingPoint, standing_points
from backend.domains.monitoring.states import reading_state
from backend.domains.monitoring.trends import Trend
from backend.domains.outages.queries import open_gaps_of, standing_stops

MILLISECOND = timedelta(milliseconds=1)


async def show_points(points: Sequence[Point], redis: Redis, now: datetime) -> list[PointOut]:
    """Points with limits, newest readings and open alarms."""
    ids = [point.id for point in points]
    limits = await limits_in_force(ids, now)
    alarms = await open_alarms_of(ids)
    standing = await standing_points(points, redis, now)
    return [
        PointOut(**_point_fields(point, limits.get(point.id), standing[point.id], alarms.get(point.id)))
        for point in points
    ]


async def show_point(point: Point, redis: Redis, now: datetime) -> PointDetail:
    """One point with all that is known of it."""
    (shown,) = await show_points([point], redis, now)
    await tell_since([point], [shown], now)
    gateway = await Gateway.get(id=point.gateway_id)
    limits = (await limits_in_force([point.id], now)).get(point.id)
    return PointDetail(
        **{name: getattr(shown, name) for name in shown.__struct_fields__},
        gateway_code=gateway.code,
        gateway_online=gateway.online,
        enterprise_id=point.enterprise_id,
        tank_id=point.tank_id,
        detector_id=point.detector_id,
        deadband=limits.deadband if limits else None,
        on_delay_s=limits.on_delay_s if limits else None,
        off_delay_s=limits.off_delay_s if limits else None,
    )


def _point_fields(
    point: Point, limits: LimitSet | None, standing: StandingPoint, alarm: Alarm | None
) -> dict[str, Any]:
    reading = standing.reading
    return {
        "id": point.id,
        "tag": point.tag,
        "name": point.name,
        "kind": point.kind,
        "unit": point.unit,
        "decimals": point.decimals,
        "range_lo": point.range_lo,
        "range_hi": point.range_hi,
        "limits": show_limits(limits),
        "value": reading.value,
        "quality": reading.quality,
        "t": reading.at,
        "state": reading_state(standing.state, reading.state),
        "condition": standing.state,
        "since": standing.since,
        "frozen_since": standing.frozen_since,
        "filing_id": standing.filed.stop_id if standing.filed else None,
        "filed_until": standing.filed.until if standing.filed else None,
        "level": (alarm.level or 0) if alarm else 0,
        "side": alarm.side if alarm else None,
        "alarm_id": alarm.id if alarm else None,
        "risk_level": alarm.risk_level if alarm else None,
    }


def show_limits(row: LimitSet | None) -> LimitsOut | None:
    """Limits with their version."""
    if row is None:
        return None
    return LimitsOut(ll=row.limit_ll, l=row.limit_l, h=row.limit_h, hh=row.limit_hh, version=row.version)


async def show_tanks(tanks: Sequence[Tank], redis: Redis, now: datetime) -> list[TankOut]:
    """Tanks with what is measured at them."""
    hazards = await hazards_by_id(tank.hazard_id for tank in tanks)
    points = await _points_by_place(await points_of(tank_ids=[tank.id for tank in tanks]), redis, now)
    return [
        TankOut(
            tank.id,
            tank.code,
            tank.name,
            tank.medium,
            tank.volume_m3,
            tank.enterprise_id,
            tank.hazard_id,
            hazards[tank.hazard_id].name,
            hazards[tank.hazard_id].grade,
            points[tank.id],
        )
        for tank in tanks
    ]


async def show_tank(tank: Tank, redis: Redis, now: datetime) -> TankOut:
    """One tank, with since when its points are in their states."""
    (shown,) = await show_tanks([tank], redis, now)
    await tell_since(await points_of(tank_ids=[tank.id]), shown.points, now)
    return shown


async def show_detectors(detectors: Sequence[GasDetector], redis: Redis, now: datetime) -> list[DetectorOut]:
    """Gas detectors with what they measure."""
    hazards = await hazards_by_id(detector.hazard_id for detector in detectors)
    points = await _points_by_place(await points_of(detector_ids=[each.id for each in detectors]), redis, now)
    shown: list[DetectorOut] = []
    for each in detectors:
        hazard = hazards.get(each.hazard_id) if each.hazard_id else None
        shown.append(
            DetectorOut(
                id=each.id,
                code=each.code,
                name=each.name,
                gas=each.gas,
                medium=each.medium,
                area=each.area,
                x_m=each.x_m,
                y_m=each.y_m,
                enterprise_id=each.enterprise_id,
                hazard_id=each.hazard_id,
                hazard_name=hazard.name if hazard else None,
                hazard_grade=hazard.grade if hazard else None,
                points=points[each.id],
            )
        )
    return shown


async def _points_by_place(points: Sequence[Point], redis: Redis, now: datetime) -> dict[UUID, list[PointOut]]:
    by_place: dict[UUID, list[PointOut]] = defaultdict(list)
    for point, shown in zip(points, await show_points(points, redis, now), strict=True):
        if place := point.tank_id or point.detector_id:
            by_place[place].append(shown)
    return by_place


def show_limit_set(row: LimitSet) -> LimitSetOut:
    """A version of limits."""
    return LimitSetOut(
        id=row.id,
        version=row.version,
        ll=row.limit_ll,
        l=row.limit_l,
        h=row.limit_h,
        hh=row.limit_hh,
        deadband=row.deadband,
        on_delay_s=row.on_delay_s,
        off_delay_s=row.off_delay_s,
        author_name=row.author_name,
        reason=row.reason,
        basis=row.basis,
        effective_from=row.effective_from,
        proposal_id=row.proposal_id,
    )


def show_trend(point: Point, trend: Trend, start: datetime, limits: LimitSet | None) -> TrendOut:
    """A trend with its times as ms after its start."""
    return TrendOut(
        point_id=point.id,
        t0=start,
        t=[(at - start) // MILLISECOND for at in trend.t],
        min=trend.low,
        max=trend.high,
        mean=trend.mean,
        good=trend.good,
        gaps=[((one - start) // MILLISECOND, (other - start) // MILLISECOND) for one, other in trend.gaps],
        bucket_ms=trend.bucket // MILLISECOND,
        interval_ms=trend.interval // MILLISECOND if trend.interval is not None else None,
        unit=point.unit,
        decimals=point.decimals,
        limits=show_limits(limits),
    )


async def show_gateways(gateways: Sequence[Gateway], now: datetime) -> list[GatewayOut]:
    """Gateways with the enterprises they stand in, their clocks and their gaps."""
    ids = [gateway.id for gateway in gateways]
    counts = (
        await Point.filter(gateway_id__in=ids, active=True)
        .annotate(count=Count("id"))
        .group_by("gateway_id")
        .values("gateway_id", "count")
    )
    points = {row["gateway_id"]: row["count"] for row in counts}
    enterprises = await enterprises_by_id(gateway.enterprise_id for gateway in gateways)
    stops = await standing_stops((gateway.enterprise_id for gateway in gateways), now)
    clocks = await clocks_of(ids, now)
    gaps = await open_gaps_of(ids)
    return [
        GatewayOut(
            id=gateway.id,
            code=gateway.code,
            name=gateway.name,
            enterprise_id=gateway.enterprise_id,
            enterprise_name=enterprises[gateway.enterprise_id].short_name,
            adcode=enterprises[gateway.enterprise_id].adcode,
            online=gateway.online,
            last_frame_at=gateway.last_frame_at,
            lost_at=gateway.lost_at,
            points=points.get(gateway.id, 0),
            active=gateway.active,
            filed=gateway.id in stops.gateways or gateway.enterprise_id in stops.enterprises,
            clock=clocks.get(gateway.id),
            open_gaps=gaps.get(gateway.id, 0),
        )
        for gateway in gateways
    ]
