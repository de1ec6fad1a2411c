"""The daily safety commitment over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_304_NOT_MODIFIED

from backend.domains.accounts.guards import reads_filings, regulates, signs_for_enterprise, works_at_site
from backend.domains.accounts.viewer import Viewer
from backend.domains.commitments import refusals as why
from backend.domains.commitments.counting import count_day
from backend.domains.commitments.deadlines import hours_of_day, set_hours
from backend.domains.commitments.enums import CommitmentFilter
from backend.domains.commitments.queries import (
    is_wanted,
    month_of,
    own_month,
    rows_of_day,
    versions_of,
    visible_commitment,
)
from backend.domains.commitments.schemas import (
    CommitmentOut,
    DayCounts,
    DayRow,
    DeadlineChange,
    DeadlineOut,
    DraftOut,
    Filing,
    MonthOut,
)
from backend.domains.commitments.service import file_commitment
from backend.domains.commitments.showing import show_commitment, show_deadline, show_draft, show_hours, with_phones
from backend.domains.enterprises.queries import visible_enterprise
from backend.domains.regions.queries import all_regions
from backend.errors import Invalid, NotAllowed, NotVisible, SameIdOtherBody, Stale
from backend.kit import clock
from backend.kit.etag import version_in, version_tag
from backend.kit.paging import Limit, Page, decode_cursor, page_of
from backend.kit.problems import refusals
from backend.settings import Settings

# `state` itself is a reserved name in handlers.
StateWanted = Annotated[CommitmentFilter | None, QueryParameter(name="state")]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description='The version to be changed, such as "1"')]
IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match")]
Month = Annotated[str | None, QueryParameter(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", description="Such as 2026-11")]


class CommitmentController(Controller):
    """One commitment for each enterprise and plant day, kept in all its versions."""

    path = "/commitments"
    tags = ("commitments",)

    @get(
        "/draft",
        operation_id="getCommitmentDraft",
        summary="Today's draft, with the evidence for each value",
        guards=[works_at_site],
        responses=refusals(NotAllowed, NotVisible),
    )
    async def draft(self, viewer: NamedDependency[Viewer], settings: NamedDependency[Settings]) -> DraftOut:
        """The newest filing with the counts of today's work reports; nothing is stored by asking."""
        return await show_draft(viewer, clock.now(), settings.plant_zone)

    @post(
        "/",
        operation_id="fileCommitment",
        summary="File today's commitment",
        guards=[signs_for_enterprise],
        status_code=HTTP_201_CREATED,
        responses={
            HTTP_200_OK: ResponseSpec(CommitmentOut, description="Filed before under this id; answered again"),
            **refusals(
                NotAllowed,
                SameIdOtherBody,
                why.AlreadyFiled,
                why.WindowNotOpen,
                why.DayClosed,
                Stale,
                Invalid,
                why.LateReasonRequired,
                why.ChangeReasonRequired,
                why.ClockAhead,
            ),
        },
    )
    async def file(
        self,
        data: JSONBody[Filing],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        if_match: IfMatch = None,
    ) -> Response[CommitmentOut]:
        """File a signed commitment, or a further version of today's (If-Match and a reason). Sending again is harmless.

        After the deadline a reason is required, unless it was signed before it and only arrived late.
        """
        now, zone = clock.now(), settings.plant_zone
        filed = await file_commitment(data, viewer, version_in(if_match), now, zone)
        shown = await show_commitment(filed.commitment, [filed.version], now, zone)
        status = HTTP_201_CREATED if filed.is_new else HTTP_200_OK
        return Response(shown, status_code=status, headers={"etag": version_tag(filed.version.version)})

    @get(
        "/",
        operation_id="listCommitments",
        summary="Who has committed and who has not",
        guards=[reads_filings],
        responses=refusals(NotAllowed, Invalid),
    )
    async def list_day(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        on: FromQuery[date | None] = None,
        wanted: StateWanted = None,
        adcode: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[DayRow]:
        """Every enterprise of the viewer on that plant day (today when none is given), by its code, filed or not."""
        now, zone = clock.now(), settings.plant_zone
        rows = await rows_of_day(viewer, on or clock.plant_day(now, zone), adcode, now, zone)
        beyond = decode_cursor(after, str)[0] if after is not None else ""
        kept = [row for row in rows if row.enterprise_code > beyond and is_wanted(row.state, wanted)][: limit + 1]
        return page_of(await with_phones(kept), limit, lambda row: row, lambda row: (row.enterprise_code,))

    @get(
        "/counts",
        operation_id="countCommitments",
        summary="How a day stands",
        guards=[reads_filings],
        responses=refusals(NotAllowed, Invalid),
    )
    async def counts(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        on: FromQuery[date | None] = None,
        adcode: FromQuery[str | None] = None,
    ) -> DayCounts:
        """Filed, on time, late, missing and overdue, in all and by area, with the promised levels."""
        now, zone = clock.now(), settings.plant_zone
        day = on or clock.plant_day(now, zone)
        return count_day(day, await rows_of_day(viewer, day, adcode, now, zone), await all_regions())

    @get(
        "/mine",
        operation_id="listOwnCommitments",
        summary="A month of one's own enterprise",
        guards=[works_at_site],
        responses=refusals(NotAllowed, Invalid),
    )
    async def mine(
        self, viewer: NamedDependency[Viewer], settings: NamedDependency[Settings], month: Month = None
    ) -> MonthOut:
        """The days of a month up to today and how each was filed (this month when none is given)."""
        now, zone = clock.now(), settings.plant_zone
        first = _first_of(month) if month else clock.plant_day(now, zone).replace(day=1)
        return MonthOut(month=f"{first:%Y-%m}", days=await own_month(viewer, first, now, zone))

    @get(
        "/month",
        operation_id="listMonthCommitments",
        summary="A month of one enterprise",
        guards=[reads_filings],
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def month(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        enterprise_id: Annotated[UUID, QueryParameter(name="enterpriseId")],
        month: Month = None,
    ) -> MonthOut:
        """The days of a month up to today and how each was filed (this month when none is given), for its regulators
        as for its own people.
        """
        enterprise = await visible_enterprise(viewer, enterprise_id)
        now, zone = clock.now(), settings.plant_zone
        first = _first_of(month) if month else clock.plant_day(now, zone).replace(day=1)
        return MonthOut(month=f"{first:%Y-%m}", days=await month_of(viewer, enterprise, first, now, zone))

    @get(
        "/{commitment_id:uuid}",
        operation_id="getCommitment",
        summary="One commitment",
        responses={
            HTTP_304_NOT_MODIFIED: ResponseSpec(None, description="Still the version named in If-None-Match"),
            **refusals(NotVisible),
        },
    )
    async def get_commitment(
        self,
        commitment_id: FromPath[UUID],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        if_none_match: IfNoneMatch = None,
    ) -> Response[CommitmentOut]:
        """A day of an enterprise with all its versions, newest first."""
        commitment = await visible_commitment(viewer, commitment_id)
        tag = {"etag": version_tag(commitment.version)}
        if if_none_match is not None and version_in(if_none_match, "If-None-Match") == commitment.version:
            nothing: Response[Any] = Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=tag)
            return nothing
        versions = await versions_of(commitment.id)
        shown = await show_commitment(commitment, versions, clock.now(), settings.plant_zone)
        return Response(shown, headers=tag)


class CommitmentHoursController(Controller):
    """When filing opens and when it is due, by area."""

    path = "/commitment-hours"
    tags = ("commitments",)

    @get("/", operation_id="listCommitmentHours", summary="The hours in force", responses=refusals(Invalid))
    async def list_hours(
        self, settings: NamedDependency[Settings], on: FromQuery[date | None] = None
    ) -> list[DeadlineOut]:
        """The hours of every area on a plant day (today when none is given), and who set them."""
        zone = settings.plant_zone
        hours = await hours_of_day(on or clock.plant_day(clock.now(), zone), zone)
        return [show_hours(region, hours) for region in await all_regions()]

    @post(
        "/",
        operation_id="setCommitmentHours",
        summary="Set the hours of an area",
        guards=[regulates],
        status_code=HTTP_201_CREATED,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def set_hours(
        self, data: JSONBody[DeadlineChange], viewer: NamedDependency[Viewer], settings: NamedDependency[Settings]
    ) -> DeadlineOut:
        """Bring new hours into force for one's area or one below it, from tomorrow at the earliest."""
        row = await set_hours(data, viewer, clock.now(), settings.plant_zone)
        return show_deadline(row.adcode, row)


def _first_of(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError as exc:
        raise ValidationException("month is written like 2026-11") from exc
