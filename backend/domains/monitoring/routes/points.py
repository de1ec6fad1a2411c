"""Points, their trends and limits over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from redis.asyncio import Redis

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.history.archive import Archive, ArchiveAway
from backend.domains.monitoring.queries import limits_in_force, page_of_limits, page_of_points, visible_point
from backend.domains.monitoring.routes.places import EnterpriseId, place_filter
from backend.domains.monitoring.schemas import LimitSetOut, PointDetail, PointOut, PointStatesOut, TrendOut
from backend.domains.monitoring.showing import show_limit_set, show_point, show_points, show_trend
from backend.domains.monitoring.standing import count_states, points_in_state
from backend.domains.monitoring.states import PointState
from backend.domains.monitoring.trends import MOST_POINTS, known_time, read_trend
from backend.errors import Invalid, NotVisible
from backend.kit import clock
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals
from backend.settings import Settings

# More points than any enterprise has.
MOST_OF_ONE = 10_000
USUAL_TREND = timedelta(hours=1)
From = Annotated[datetime | None, QueryParameter(name="from", description="an hour before `to` when left out")]
To = Annotated[datetime | None, QueryParameter(name="to", description="now when left out")]
Placed = Annotated[bool | None, QueryParameter(name="placed", description="at a tank or detector, or at neither")]
MostPoints = Annotated[int, QueryParameter(name="maxPoints", ge=10, le=MOST_POINTS, description="columns at most")]


class PointListController(Controller):
    """Points of an enterprise, wherever they are."""

    path = "/points"
    tags = ("monitoring",)

    @get(
        "/",
        operation_id="listPoints",
        summary="Points of an enterprise with their readings",
        responses=refusals(NotVisible, Invalid),
    )
    async def list_points(
        self,
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        enterprise_id: EnterpriseId = None,
        placed: Placed = None,
        condition: FromQuery[PointState | None] = None,
        limit: FromQuery[Limit] = 100,
        after: FromQuery[str | None] = None,
    ) -> Page[PointOut]:
        """Points by tag, each with its limits, newest reading and open alarm; `placed=false` gives those that belong
        to no tank and no detector, such as flows and the points of a replayed recording; `condition` asks for a state.
        """
        where = await place_filter(viewer, enterprise_id, None)
        if condition is None:
            rows = await page_of_points(viewer, where["enterprise_id"], limit, after, placed=placed)
        else:
            # An enterprise has some hundred points, and their states stand in no table.
            every = await page_of_points(viewer, where["enterprise_id"], MOST_OF_ONE, after, placed=placed)
            rows = await points_in_state(every, condition, redis, clock.now(), limit + 1)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].tag, shown[-1].id) if len(rows) > limit else None
        return Page(items=await show_points(shown, redis, clock.now()), next=more)

    @get("/states", operation_id="countPointStates", summary="Points by state", responses=refusals(Invalid))
    async def states(
        self,
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        adcode: FromQuery[str | None] = None,
        enterprise_id: Annotated[UUID | None, QueryParameter(name="enterpriseId")] = None,
    ) -> PointStatesOut:
        """How many points are live, out of range, frozen, bad, stale, out of service, filed off line or never seen: all
        in view, and by enterprise where not all are live, the worst first.
        """
        return await count_states(viewer, redis, clock.now(), adcode=adcode, enterprise_id=enterprise_id)


class PointController(Controller):
    """One measured quantity: now, over time, and within which limits."""

    path = "/points/{point_id:int}"
    tags = ("monitoring",)

    @get("/", operation_id="getPoint", summary="One point with its reading", responses=refusals(NotVisible))
    async def get_point(
        self, point_id: FromPath[int], viewer: NamedDependency[Viewer], redis: NamedDependency[Redis]
    ) -> PointDetail:
        """One point with its limits, damping, newest reading and open alarm."""
        return await show_point(await visible_point(viewer, point_id), redis, clock.now())

    @get(
        "/trend",
        operation_id="getTrend",
        summary="A point over time",
        responses=refusals(NotVisible, Invalid, ArchiveAway),
    )
    async def get_trend(
        self,
        point_id: FromPath[int],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        start: From = None,
        end: To = None,
        most: MostPoints = 600,
    ) -> TrendOut:
        """Every sample where they fit into `maxPoints` columns, else lowest, highest and mean of equal buckets; at most
        five years. Beyond 9 hours buckets are multiples of five minutes, beyond 8 days of hours, with the exact
        extremes of all samples. Gaps are stretches without a usable sample for more than three usual distances; those
        within one five minutes, or one hour, are then not told.
        """
        point = await visible_point(viewer, point_id)
        now = clock.now()
        until = now if end is None else known_time(end, "to")
        since = until - USUAL_TREND if start is None else known_time(start, "from")
        trend = await read_trend(point, since, until, most, now, Archive(settings.archive_folder))
        return show_trend(point, trend, since, (await limits_in_force([point.id], now)).get(point.id))

    @get(
        "/limits",
        operation_id="listLimits",
        summary="All versions of a point's limits",
        responses=refusals(NotVisible, Invalid),
    )
    async def list_limits(
        self,
        point_id: FromPath[int],
        viewer: NamedDependency[Viewer],
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[LimitSetOut]:
        """Who set which limits, why and since when; newest first. A proposal changes them (`POST /limit-proposals`)."""
        point = await visible_point(viewer, point_id)
        rows = await page_of_limits(point.id, limit, after)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].version) if len(rows) > limit else None
        return Page(items=[show_limit_set(row) for row in shown], next=more)
