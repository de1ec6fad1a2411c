"""Filed stops over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from backend.domains.accounts.guards import works_at_site
from backend.domains.accounts.viewer import Viewer
from backend.domains.outages import service
from backend.domains.outages.enums import StopState
from backend.domains.outages.queries import page_of_stops, stops_in, visible_stop, visible_stops
from backend.domains.outages.schemas import ProlongRequest, ReturnRequest, StopDraft, StopOut
from backend.domains.outages.showing import show_stop, show_stops
from backend.domains.regions.queries import branch_codes
from backend.errors import Invalid, NotAllowed, NotVisible, SameIdOtherBody
from backend.kit import clock
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals

EnterpriseId = Annotated[UUID | None, QueryParameter(name="enterpriseId")]
# `state` itself is a reserved name in handlers.
StateWanted = Annotated[StopState | None, QueryParameter(name="state")]


class StopController(Controller):
    """Planned stops: the enterprise files them beforehand, regulators read their area's."""

    path = "/stops"
    tags = ("outages",)

    @get("/", operation_id="listStops", summary="Filed stops", responses=refusals(Invalid))
    async def list_stops(
        self,
        viewer: NamedDependency[Viewer],
        adcode: FromQuery[str | None] = None,
        enterprise_id: EnterpriseId = None,
        wanted: StateWanted = None,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[StopOut]:
        """Filed stops of the viewer's enterprise or area, the latest begin first."""
        now = clock.now()
        query = visible_stops(viewer)
        if adcode is not None:
            query = query.filter(adcode__in=sorted(await branch_codes(adcode)))
        if enterprise_id is not None:
            query = query.filter(enterprise_id=enterprise_id)
        if wanted is not None:
            query = query.filter(stops_in(wanted, now))
        rows = await page_of_stops(query, limit, after)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].starts_at, shown[-1].id) if len(rows) > limit else None
        return Page(items=await show_stops(shown, now), next=more)

    @get("/{stop_id:uuid}", operation_id="getStop", summary="One filed stop", responses=refusals(NotVisible))
    async def get_stop(self, stop_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> StopOut:
        """One stop with how often and why it was prolonged."""
        return await show_stop(await visible_stop(viewer, stop_id), clock.now())

    @post(
        "/",
        operation_id="fileStop",
        summary="File a planned stop",
        guards=[works_at_site],
        status_code=HTTP_201_CREATED,
        responses={
            HTTP_200_OK: ResponseSpec(StopOut, description="Filed before; answered again"),
            **refusals(NotAllowed, NotVisible, SameIdOtherBody, Invalid),
        },
    )
    async def file_stop(self, data: JSONBody[StopDraft], viewer: NamedDependency[Viewer]) -> Response[StopOut]:
        """File a stop under an id made on the phone; sending it again is harmless. One that began is marked late."""
        now = clock.now()
        stop, is_new = await service.file_stop(data, viewer, now)
        return Response(await show_stop(stop, now), status_code=HTTP_201_CREATED if is_new else HTTP_200_OK)

    @post(
        "/{stop_id:uuid}/prolong",
        operation_id="prolongStop",
        summary="Let a stop end later",
        guards=[works_at_site],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.StopClosed, Invalid),
    )
    async def prolong(
        self, stop_id: FromPath[UUID], data: JSONBody[ProlongRequest], viewer: NamedDependency[Viewer]
    ) -> StopOut:
        """Make a stop longer, with a reason; each time stays on its record."""
        now = clock.now()
        return await show_stop(await service.prolong_stop(stop_id, data.ends_at, data.reason, viewer, now), now)

    @post(
        "/{stop_id:uuid}/return",
        operation_id="returnStop",
        summary="Say that what was stopped is back",
        guards=[works_at_site],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.StopClosed, Invalid),
    )
    async def return_(
        self, stop_id: FromPath[UUID], data: JSONBody[ReturnRequest], viewer: NamedDependency[Viewer]
    ) -> StopOut:
        """Close a stop: it is over, or, before it began, it is withdrawn."""
        now = clock.now()
        return await show_stop(await service.return_stop(stop_id, data.note, viewer, now), now)
