"""Work reports over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from tortoise.queryset import QuerySet

from backend.domains.accounts.guards import works_at_site
from backend.domains.accounts.viewer import Viewer
from backend.domains.permits import service
from backend.domains.permits.enums import WorkGrade, WorkKind, WorkState
from backend.domains.permits.models import WorkReport
from backend.domains.permits.queries import in_state, page_rows, touching, visible_report, visible_reports, work_of_day
from backend.domains.permits.schemas import CancelRequest, WorkCounts, WorkReportDraft, WorkReportOut
from backend.domains.permits.showing import show_report, show_reports
from backend.domains.regions.queries import branch_codes
from backend.errors import Invalid, NotAllowed, NotVisible, SameIdOtherBody
from backend.kit import clock
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals
from backend.settings import Settings

EnterpriseId = Annotated[UUID | None, QueryParameter(name="enterpriseId")]
# `state` itself is a reserved name in handlers.
StateWanted = Annotated[WorkState | None, QueryParameter(name="state")]
HOT_GRADES = (WorkGrade.SPECIAL, WorkGrade.GRADE_1, WorkGrade.GRADE_2)


async def _asked_for(viewer: Viewer, adcode: str | None, enterprise_id: UUID | None) -> QuerySet[WorkReport]:
    query = visible_reports(viewer)
    if adcode is not None:
        query = query.filter(adcode__in=sorted(await branch_codes(adcode)))
    return query.filter(enterprise_id=enterprise_id) if enterprise_id is not None else query


class WorkReportController(Controller):
    """Special operations as announced: people of an enterprise file their own, regulators read their area's."""

    path = "/work-reports"
    tags = ("permits",)

    @get("/", operation_id="listWorkReports", summary="Work reports of a day, or all", responses=refusals(Invalid))
    async def list_reports(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        on: FromQuery[date | None] = None,
        adcode: FromQuery[str | None] = None,
        enterprise_id: EnterpriseId = None,
        kind: FromQuery[WorkKind | None] = None,
        wanted: StateWanted = None,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[WorkReportOut]:
        """With `on`: work whose hours touch that plant day, in order of start. Without: all, newest start first."""
        now = clock.now()
        query = await _asked_for(viewer, adcode, enterprise_id)
        if on is not None:
            query = query.filter(touching(on, settings.plant_zone))
        if kind is not None:
            query = query.filter(kind=kind)
        if wanted is not None:
            query = query.filter(in_state(wanted, now))
        rows = await page_rows(query, limit, after, ascending=on is not None)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].planned_from, shown[-1].id) if len(rows) > limit else None
        return Page(items=await show_reports(shown, viewer, now), next=more)

    @get("/counts", operation_id="countWorkReports", summary="How much work a day holds", responses=refusals(Invalid))
    async def counts(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        on: FromQuery[date | None] = None,
        adcode: FromQuery[str | None] = None,
        enterprise_id: EnterpriseId = None,
    ) -> WorkCounts:
        """Counts by kind of the reports whose hours touch the plant day (today when none is given)."""
        now = clock.now()
        day = on or clock.plant_day(now, settings.plant_zone)
        work = await work_of_day(await _asked_for(viewer, adcode, enterprise_id), day, settings.plant_zone, now)
        return WorkCounts(
            on=day,
            total=work.counts.total(),
            running=work.running,
            cancelled=work.cancelled,
            contractor=len(work.contractor_numbers),
            by_kind={kind: work.count(kind) for kind in WorkKind},
            hot_work={grade: work.count(WorkKind.HOT_WORK, grade) for grade in HOT_GRADES},
        )

    @get("/{report_id:uuid}", operation_id="getWorkReport", summary="One work report", responses=refusals(NotVisible))
    async def get_report(self, report_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> WorkReportOut:
        """One work report of the viewer's enterprise or area."""
        return await show_report(await visible_report(viewer, report_id), viewer, clock.now())

    @post(
        "/",
        operation_id="fileWorkReport",
        summary="Announce a special operation",
        guards=[works_at_site],
        status_code=HTTP_201_CREATED,
        responses={
            HTTP_200_OK: ResponseSpec(WorkReportOut, description="Filed before; answered again"),
            **refusals(NotAllowed, SameIdOtherBody, Invalid),
        },
    )
    async def file_report(
        self, data: JSONBody[WorkReportDraft], viewer: NamedDependency[Viewer], settings: NamedDependency[Settings]
    ) -> Response[WorkReportOut]:
        """File a report under an id made on the phone; sending it again is harmless. The server gives the number."""
        now = clock.now()
        report, is_new = await service.file_report(data, viewer, now, settings.plant_zone)
        status = HTTP_201_CREATED if is_new else HTTP_200_OK
        return Response(await show_report(report, viewer, now), status_code=status)

    @post(
        "/{report_id:uuid}/cancel",
        operation_id="cancelWorkReport",
        summary="Call a special operation off",
        guards=[works_at_site],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.AlreadyCancelled, service.WorkOver, Invalid),
    )
    async def cancel(
        self, report_id: FromPath[UUID], data: JSONBody[CancelRequest], viewer: NamedDependency[Viewer]
    ) -> WorkReportOut:
        """Cancel planned or running work, once, with a reason; who and when stay on the report."""
        now = clock.now()
        report = await service.cancel_report(report_id, data.reason, viewer, now)
        return await show_report(report, viewer, now)
