"""Closing stops whose data flow again after their end, so that nobody has to say what the system sees itself."""

from __future__ import annotations

from datetime import datetime

from redis.asyncio import Redis

from backend.domains.monitoring.queries import gateways_by_id, gateways_of_enterprise, points_by_id
from backend.domains.monitoring.readings import Measured, current_readings
from backend.domains.monitoring.rules import ReadingState
from backend.domains.outages.enums import OutageScope, StopEnding
from backend.domains.outages.models import OfflineFiling
from backend.domains.outages.service.filing import close_stop

NOTE = "data flow again"
AT_ONCE = 200


async def close_returned_stops(redis: Redis, now: datetime) -> int:
    """Close stops past their end whose gateways, or whose point, send again; returns how many."""
    over = await OfflineFiling.filter(closed_at__isnull=True, ends_at__lte=now).order_by("ends_at").limit(AT_ONCE)
    closed = 0
    for stop in over:
        if await _flows_again(stop, redis, now):
            closed += await close_stop(stop, StopEnding.RETURNED, now, by=None, note=NOTE)
    return closed


async def _flows_again(stop: OfflineFiling, redis: Redis, now: datetime) -> bool:
    if stop.scope is OutageScope.POINT:
        point = (await points_by_id([stop.point_id])).get(stop.point_id or 0)
        if point is None:
            return False
        reading = (await current_readings(redis, [Measured(point.id, point.gateway_id)], now))[point.id]
        return reading.state is ReadingState.GOOD and reading.at is not None and reading.at > stop.ends_at
    if stop.scope is OutageScope.GATEWAY:
        gateways = list((await gateways_by_id([stop.gateway_id])).values())
    else:
        gateways = await gateways_of_enterprise(stop.enterprise_id)
    return bool(gateways) and all(
        gateway.online and gateway.last_frame_at is not None and gateway.last_frame_at > stop.ends_at
        for gateway in gateways
    )
