"""Tanks and gas detectors with their readings over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from redis.asyncio import Redis

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import GasDetector, Tank
from backend.domains.enterprises.queries import (
    page_of_detectors,
    page_of_tanks,
    visible_detectors,
    visible_enterprise,
    visible_hazard,
    visible_tank,
    visible_tanks,
)
from backend.domains.monitoring.schemas import DetectorOut, TankOut
from backend.domains.monitoring.showing import show_detectors, show_tank, show_tanks
from backend.errors import Invalid, NotVisible
from backend.kit import clock
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals

EnterpriseId = Annotated[
    UUID | None, QueryParameter(name="enterpriseId", description="people of an enterprise may leave it out")
]
HazardId = Annotated[UUID | None, QueryParameter(name="hazardId")]


async def place_filter(viewer: Viewer, enterprise_id: UUID | None, hazard_id: UUID | None) -> dict[str, UUID]:
    """The enterprise or hazard whose things are asked for; people of an enterprise mean their own.

    Raises Invalid when a regulator names neither: a whole city's tanks are not a list.
    """
    if hazard_id is not None:
        hazard = await visible_hazard(viewer, hazard_id)
        return {"enterprise_id": enterprise_id or hazard.enterprise_id, "hazard_id": hazard.id}
    enterprise_id = enterprise_id or viewer.enterprise_id
    if enterprise_id is None:
        raise Invalid("say which enterprise or hazard", field="enterpriseId")
    return {"enterprise_id": (await visible_enterprise(viewer, enterprise_id)).id}


class TankController(Controller):
    """Tanks with what is measured at them now."""

    path = "/tanks"
    tags = ("monitoring",)

    @get("/", operation_id="listTanks", summary="Tanks with their readings", responses=refusals(NotVisible, Invalid))
    async def list_tanks(
        self,
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        enterprise_id: EnterpriseId = None,
        hazard_id: HazardId = None,
        limit: FromQuery[Limit] = 100,
        after: FromQuery[str | None] = None,
    ) -> Page[TankOut]:
        """Tanks of an enterprise or hazard by code, each with its points, limits, newest readings and open alarms."""
        query = visible_tanks(viewer).filter(**await place_filter(viewer, enterprise_id, hazard_id))
        rows: list[Tank] = await page_of_tanks(query, limit, after)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].code) if len(rows) > limit else None
        return Page(items=await show_tanks(shown, redis, clock.now()), next=more)

    @get("/{tank_id:uuid}", operation_id="getTank", summary="One tank", responses=refusals(NotVisible))
    async def get_tank(
        self, tank_id: FromPath[UUID], viewer: NamedDependency[Viewer], redis: NamedDependency[Redis]
    ) -> TankOut:
        """One tank with its points, limits, newest readings and open alarms, and since when each is in its state."""
        return await show_tank(await visible_tank(viewer, tank_id), redis, clock.now())


class DetectorController(Controller):
    """Gas detectors with what they measure now."""

    path = "/detectors"
    tags = ("monitoring",)

    @get(
        "/",
        operation_id="listDetectors",
        summary="Gas detectors with their readings",
        responses=refusals(NotVisible, Invalid),
    )
    async def list_detectors(
        self,
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        enterprise_id: EnterpriseId = None,
        hazard_id: HazardId = None,
        area: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 100,
        after: FromQuery[str | None] = None,
    ) -> Page[DetectorOut]:
        """Detectors of an enterprise or hazard by area and code, each with its points, readings and open alarms."""
        query = visible_detectors(viewer).filter(**await place_filter(viewer, enterprise_id, hazard_id))
        if area is not None:
            query = query.filter(area=area)
        rows: list[GasDetector] = await page_of_detectors(query, limit, after)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].area, shown[-1].code) if len(rows) > limit else None
        return Page(items=await show_detectors(shown, redis, clock.now()), next=more)
