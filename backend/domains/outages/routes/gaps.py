"""The ledger of gaps over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from backend.domains.accounts.guards import regulates, rules_the_city, works_at_site
from backend.domains.accounts.queries import colleagues_of
from backend.domains.accounts.viewer import Viewer
from backend.domains.outages import service
from backend.domains.outages.enums import GapState
from backend.domains.outages.queries import count_gaps, gap_rules, gaps_in, page_of_gaps, visible_gap, visible_gaps
from backend.domains.outages.schemas import (
    ColleagueOut,
    DeadlineRequest,
    ExplainRequest,
    GapCountsOut,
    GapDetail,
    GapOut,
    GapRuleOut,
    GapRuleRequest,
    OwnerRequest,
)
from backend.domains.outages.showing import show_gap, show_gaps, show_rule
from backend.domains.regions.queries import branch_codes
from backend.errors import Invalid, NotAllowed, NotVisible
from backend.kit import clock
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals

EnterpriseId = Annotated[UUID | None, QueryParameter(name="enterpriseId")]
GatewayId = Annotated[int | None, QueryParameter(name="gatewayId", ge=1, le=2**31 - 1)]
StateWanted = Annotated[GapState | None, QueryParameter(name="state")]


class DataGapController(Controller):
    """Every stretch without data, who answers for it, and how it was closed."""

    path = "/data-gaps"
    tags = ("outages",)

    @get("/", operation_id="listGaps", summary="Gaps in the data", responses=refusals(Invalid))
    async def list_gaps(
        self,
        viewer: NamedDependency[Viewer],
        adcode: FromQuery[str | None] = None,
        enterprise_id: EnterpriseId = None,
        gateway_id: GatewayId = None,
        wanted: StateWanted = None,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[GapOut]:
        """Gaps of the viewer's enterprise or area, the latest first; `state=overdue`: nobody explained them in time."""
        now = clock.now()
        query = visible_gaps(viewer)
        if adcode is not None:
            query = query.filter(adcode__in=sorted(await branch_codes(adcode)))
        if enterprise_id is not None:
            query = query.filter(enterprise_id=enterprise_id)
        if gateway_id is not None:
            query = query.filter(gateway_id=gateway_id)
        if wanted is not None:
            query = query.filter(gaps_in(wanted, now))
        rows = await page_of_gaps(query, limit, after)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].began_at, shown[-1].id) if len(rows) > limit else None
        return Page(items=await show_gaps(shown, now), next=more)

    @get("/counts", operation_id="countGaps", summary="How many gaps stand open", responses=refusals(Invalid))
    async def counts(
        self,
        viewer: NamedDependency[Viewer],
        adcode: FromQuery[str | None] = None,
        enterprise_id: EnterpriseId = None,
    ) -> GapCountsOut:
        """Open gaps by state: overdue, open, inside a filed stop, explained and still running."""
        codes = await branch_codes(adcode) if adcode is not None else None
        counts = await count_gaps(viewer, clock.now(), codes, enterprise_id)
        return GapCountsOut(**msgspec.structs.asdict(counts))

    @get("/{gap_id:uuid}", operation_id="getGap", summary="One gap", responses=refusals(NotVisible))
    async def get_gap(self, gap_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> GapDetail:
        """One gap of the viewer's enterprise or area, with how it was handed over and its deadline moved."""
        return await show_gap(await visible_gap(viewer, gap_id), viewer, clock.now())

    @post(
        "/{gap_id:uuid}/explain",
        operation_id="explainGap",
        summary="Say why data are missing",
        guards=[works_at_site],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.GapClosed, Invalid),
    )
    async def explain(
        self, gap_id: FromPath[UUID], data: JSONBody[ExplainRequest], viewer: NamedDependency[Viewer]
    ) -> GapDetail:
        """Give cause and reason. A gap that is over is closed by it; one that runs closes when data flow again."""
        now = clock.now()
        return await show_gap(await service.explain_gap(gap_id, data.cause, data.note, viewer, now), viewer, now)

    @post(
        "/{gap_id:uuid}/owner",
        operation_id="setGapOwner",
        summary="Say who answers for a gap",
        guards=[works_at_site],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.GapClosed, Invalid),
    )
    async def own(
        self, gap_id: FromPath[UUID], data: JSONBody[OwnerRequest], viewer: NamedDependency[Viewer]
    ) -> GapDetail:
        """Hand a gap to a colleague, with a reason: who signs for the enterprise may, and who answers for it now."""
        now = clock.now()
        return await show_gap(
            await service.set_gap_owner(gap_id, data.person_id, data.reason, viewer, now), viewer, now
        )

    @get(
        "/{gap_id:uuid}/colleagues",
        operation_id="listGapColleagues",
        summary="To whom a gap can be handed",
        guards=[works_at_site],
        responses=refusals(NotAllowed, NotVisible),
    )
    async def colleagues(self, gap_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> list[ColleagueOut]:
        """The people of the gap's enterprise, those who sign for it first."""
        gap = await visible_gap(viewer, gap_id)
        return [ColleagueOut(each.id, each.name, each.role) for each in await colleagues_of(gap.enterprise_id)]

    @post(
        "/{gap_id:uuid}/deadline",
        operation_id="setGapDeadline",
        summary="Move the deadline of a gap",
        guards=[regulates],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.GapClosed, Invalid),
    )
    async def move_deadline(
        self, gap_id: FromPath[UUID], data: JSONBody[DeadlineRequest], viewer: NamedDependency[Viewer]
    ) -> GapDetail:
        """Let a gap be due sooner or later, at most 30 days from now, with a reason that stays on its record."""
        now = clock.now()
        return await show_gap(
            await service.set_gap_deadline(gap_id, data.due_at, data.reason, viewer, now), viewer, now
        )


class GapRuleController(Controller):
    """Within how many hours a gap is to be explained."""

    path = "/gap-rules"
    tags = ("outages",)

    @get("/", operation_id="listGapRules", summary="The deadlines of gaps", responses=refusals(Invalid))
    async def list_rules(self, viewer: NamedDependency[Viewer]) -> list[GapRuleOut]:
        """The deadline in force first, then those before it, down to the built-in one; the same for everyone."""
        return [*(show_rule(row) for row in await gap_rules()), show_rule(None)]

    @post(
        "/",
        operation_id="setGapRule",
        summary="Set the deadline of gaps",
        guards=[rules_the_city],
        status_code=HTTP_201_CREATED,
        responses=refusals(NotAllowed, Invalid),
    )
    async def set_rule(self, data: JSONBody[GapRuleRequest], viewer: NamedDependency[Viewer]) -> GapRuleOut:
        """A new deadline for gaps that open from now on; earlier ones keep theirs."""
        return show_rule(await service.set_gap_rule(data.explain_within_h, data.reason, viewer, clock.now()))
