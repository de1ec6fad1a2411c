"""Gateways over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.queries import page_of_gateways
from backend.domains.monitoring.schemas import GatewayOut
from backend.domains.monitoring.showing import show_gateways
from backend.errors import Invalid
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals


class GatewayController(Controller):
    """Whether gateways are there."""

    path = "/gateways"
    tags = ("monitoring",)

    @get("/", operation_id="listGateways", summary="Gateways and whether they are there", responses=refusals(Invalid))
    async def list_gateways(
        self,
        viewer: NamedDependency[Viewer],
        adcode: FromQuery[str | None] = None,
        enterprise_id: Annotated[UUID | None, QueryParameter(name="enterpriseId")] = None,
        online: FromQuery[bool | None] = None,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[GatewayOut]:
        """Gateways of the enterprises in view, by code; `online=false` asks for those that are not there."""
        rows = await page_of_gateways(viewer, limit, after, adcode=adcode, enterprise_id=enterprise_id, online=online)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].code) if len(rows) > limit else None
        return Page(items=await show_gateways(shown), next=more)
