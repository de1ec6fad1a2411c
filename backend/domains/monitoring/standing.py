"""Where points stand: their newest readings, and with them their states."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from redis.asyncio import Redis

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import asked_for, enterprises_by_id
from backend.domains.monitoring.models import Gateway, Point
from backend.domains.monitoring.queries import frozen_since, visible_points
from backend.domains.monitoring.readings import Measured, Reading, current_readings
from backend.domains.monitoring.schemas import EnterpriseStates, PointStatesOut, StateCounts
from backend.domains.monitoring.states import PointState, Seen, point_state
from backend.domains.outages.queries import Filed, standing_stops


class StandingPoint(NamedTuple):
    """A point's newest reading and its state.

    frozen_since: since when it stands still, if it does. filed: the stop that covers it, if one does.
    """

    reading: Reading
    state: PointState
    frozen_since: datetime | None
    filed: Filed | None

    @property
    def since(self) -> datetime | None:
        """Since when it is in its state, as far as is known."""
        if self.state is PointState.FILED and self.filed is not None:
            return self.filed.since
        if self.state is PointState.FROZEN:
            return self.frozen_since
        return self.reading.at if self.state is PointState.STALE else None


async def standing_points(points: Sequence[Point], redis: Redis, now: datetime) -> dict[int, StandingPoint]:
    """By point id. Whoever asks has checked that they are visible."""
    if not points:
        return {}
    readings = await current_readings(redis, (Measured(point.id, point.gateway_id) for point in points), now)
    gateway_ids = list({point.gateway_id for point in points})
    rows = await Gateway.filter(id__in=gateway_ids, online=False, lost_at__isnull=False).only("id")
    gone = {row.id for row in rows}
    frozen = await frozen_since(point.id for point in points)
    stops = await standing_stops((point.enterprise_id for point in points), now)
    found: dict[int, StandingPoint] = {}
    for point in points:
        reading = readings[point.id]
        filed = stops.stop_of(point.enterprise_id, point.gateway_id, point.id)
        state = point_state(
            Seen(
                value=reading.value,
                quality=reading.quality,
                at=reading.at,
                gateway_lost=point.gateway_id in gone,
                range_lo=point.range_lo,
                range_hi=point.range_hi,
                frozen=point.id in frozen,
                filed=filed is not None,
            ),
            now,
        )
        found[point.id] = StandingPoint(reading, state, frozen.get(point.id), filed)
    return found


async def points_in_state(
    points: Sequence[Point], state: PointState, redis: Redis, now: datetime, most: int
) -> list[Point]:
    """The first `most` of these points that are in that state, in the same order."""
    standing = await standing_points(points, redis, now)
    return [point for point in points if standing[point.id].state is state][:most]


async def count_states(
    viewer: Viewer, redis: Redis, now: datetime, *, adcode: str | None = None, enterprise_id: UUID | None = None
) -> PointStatesOut:
    """The states of all points in view, counted, and by enterprise where not all are live."""
    query = visible_points(viewer)
    if enterprise_id is not None:
        query = query.filter(enterprise_id=enterprise_id)
    if adcode is not None:
        within = await (await asked_for(viewer, adcode=adcode)).values_list("id", flat=True)
        query = query.filter(enterprise_id__in=list(within))
    points = await query.only("id", "gateway_id", "enterprise_id", "range_lo", "range_hi")
    standing = await standing_points(points, redis, now)
    by_enterprise: dict[UUID, Counter[PointState]] = defaultdict(Counter)
    for point in points:
        by_enterprise[point.enterprise_id][standing[point.id].state] += 1
    total: Counter[PointState] = sum(by_enterprise.values(), Counter())
    troubled = {key: each for key, each in by_enterprise.items() if each[PointState.LIVE] < each.total()}
    named = await enterprises_by_id(troubled)
    rows = [
        EnterpriseStates(key, named[key].short_name, named[key].adcode, _counts(each))
        for key, each in sorted(
            troubled.items(), key=lambda item: (item[1][PointState.LIVE] - item[1].total(), named[item[0]].code)
        )
    ]
    return PointStatesOut(_counts(total), rows)


def _counts(counter: Counter[PointState]) -> StateCounts:
    return StateCounts(**{state.value: count for state, count in counter.items()})
