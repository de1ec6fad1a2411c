"""Alarms over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.status_codes import HTTP_200_OK
from redis.asyncio import Redis

from backend.domains.accounts.guards import works_at_site
from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.listing import (
    AlarmFilter,
    alarms_with_words,
    count_alarms,
    cursor_after,
    page_of_alarms,
)
from backend.domains.alarms.schemas import AlarmCounts, AlarmDetail, AlarmOut, AlarmState
from backend.domains.alarms.service import acknowledge_alarm
from backend.domains.alarms.showing import show_alarm, show_alarms
from backend.errors import Invalid, NotAllowed, NotVisible
from backend.kit import clock
from backend.kit.live import Bell
from backend.kit.paging import Limit, Page
from backend.kit.problems import refusals
from backend.settings import Settings

RiskFilter = Annotated[
    int | None, QueryParameter(name="riskLevel", ge=0, le=3, description="0 blue, 1 yellow, 2 orange, 3 red")
]


class AlarmController(Controller):
    """Alarm episodes: people of an enterprise see and acknowledge their own, regulators watch those of their area."""

    path = "/alarms"
    tags = ("alarms",)

    @get("/", operation_id="listAlarms", summary="Alarms in view", responses=refusals(Invalid))
    async def list_alarms(
        self,
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        settings: NamedDependency[Settings],
        which: Annotated[AlarmState, QueryParameter(name="state")] = AlarmState.OPEN,
        risk_level: RiskFilter = None,
        adcode: FromQuery[str | None] = None,
        enterprise_id: Annotated[UUID | None, QueryParameter(name="enterpriseId")] = None,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[AlarmOut]:
        """Unacknowledged ones gravest first and then newest; all other lists newest first."""
        now = clock.now()
        day_start, _ = clock.day_span(clock.plant_day(now, settings.plant_zone), settings.plant_zone)
        wanted = AlarmFilter(
            state=which, day_start=day_start, risk_level=risk_level, adcode=adcode, enterprise_id=enterprise_id
        )
        rows = await page_of_alarms(viewer, wanted, limit, after)
        shown = rows[:limit]
        more = cursor_after(shown[-1], which) if len(rows) > limit else None
        return Page(items=await show_alarms(shown, redis, now), next=more)

    @get("/counts", operation_id="countAlarms", summary="How many alarms there are", responses=refusals(Invalid))
    async def counts(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        adcode: FromQuery[str | None] = None,
    ) -> AlarmCounts:
        """Counts by colour of the viewer's enterprise or area, or of the branch below `adcode`."""
        now = clock.now()
        day_start, _ = clock.day_span(clock.plant_day(now, settings.plant_zone), settings.plant_zone)
        return await count_alarms(viewer, now, day_start, adcode)

    @get("/{alarm_id:uuid}", operation_id="getAlarm", summary="One alarm", responses=refusals(NotVisible))
    async def get_alarm(
        self, alarm_id: FromPath[UUID], viewer: NamedDependency[Viewer], redis: NamedDependency[Redis]
    ) -> AlarmDetail:
        """One alarm with its life, the threshold passport that raised it, and who must answer by when."""
        return await detail_of(viewer, alarm_id, redis)

    @post(
        "/{alarm_id:uuid}/acknowledge",
        operation_id="acknowledgeAlarm",
        summary="Say that the alarm was seen",
        guards=[works_at_site],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible),
    )
    async def acknowledge(
        self,
        alarm_id: FromPath[UUID],
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        bell: NamedDependency[Bell],
    ) -> AlarmDetail:
        """People of the enterprise only. The first one counts; saying it again answers the same. It means seen, not
        solved: the alarm stands until its value is back.
        """
        await acknowledge_alarm(alarm_id, viewer, clock.now(), bell)
        return await detail_of(viewer, alarm_id, redis)


async def detail_of(viewer: Viewer, alarm_id: UUID, redis: Redis) -> AlarmDetail:
    """One alarm with all that is known of it, or NotVisible."""
    rows = await alarms_with_words(viewer, [alarm_id])
    if not rows:
        raise NotVisible("there is no such alarm in your area", id=str(alarm_id))
    return await show_alarm(rows[0], redis, clock.now())
