"""Proposals of limits over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from redis.asyncio import Redis

from backend.domains.accounts.guards import approves_limits, proposes_limits, rejects_limits, verifies_limits
from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.service import LimitsChanged
from backend.domains.passports import service
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal
from backend.domains.passports.preview import preview_of_lines, preview_of_proposal
from backend.domains.passports.queries import (
    asked_for,
    page_of_proposals,
    visible_proposal,
    visible_proposals,
    waiting_for,
)
from backend.domains.passports.schemas import (
    Approval,
    BulkLines,
    BulkRequest,
    Ending,
    PreviewOut,
    PreviewRequest,
    ProposalCounts,
    ProposalDraft,
    ProposalOut,
    ProposalRow,
    Verification,
)
from backend.domains.passports.showing import show_bulk, show_proposal, show_proposals
from backend.errors import Invalid, NotAllowed, NotVisible, SameIdOtherBody
from backend.kit import clock
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals

EnterpriseId = Annotated[UUID | None, QueryParameter(name="enterpriseId")]
TankId = Annotated[UUID | None, QueryParameter(name="tankId")]
# `state` itself is a reserved name in handlers.
StateWanted = Annotated[ProposalState | None, QueryParameter(name="state")]
ToDo = Annotated[bool, QueryParameter(name="toDo", description="only those that wait for the viewer")]
STEP_REFUSALS = refusals(NotAllowed, NotVisible, service.AlreadyDecided, Invalid)


class LimitProposalController(Controller):
    """The way of limits: proposed, verified on site by an expert, approved by a regulator, in force from a time."""

    path = "/limit-proposals"
    tags = ("passports",)

    @get("/", operation_id="listLimitProposals", summary="Proposals of limits", responses=refusals(Invalid))
    async def list_proposals(
        self,
        viewer: NamedDependency[Viewer],
        adcode: FromQuery[str | None] = None,
        enterprise_id: EnterpriseId = None,
        tank_id: TankId = None,
        wanted: StateWanted = None,
        to_do: ToDo = False,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[ProposalRow]:
        """Proposals for enterprises in view, newest first; `toDo=true` gives an expert those to verify and a regulator
        those to approve.
        """
        query = await asked_for(
            viewer, adcode=adcode, enterprise_id=enterprise_id, tank_id=tank_id, wanted=wanted, to_do=to_do
        )
        rows = await page_of_proposals(query, limit, after)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].proposed_at, shown[-1].id) if len(rows) > limit else None
        return Page(items=await show_proposals(shown, viewer), next=more)

    @get("/counts", operation_id="countLimitProposals", summary="How many proposals are open", responses=refusals())
    async def counts(self, viewer: NamedDependency[Viewer]) -> ProposalCounts:
        """Open proposals in view, and how many of them wait for the viewer."""
        seen = visible_proposals(viewer)
        return ProposalCounts(
            proposed=await seen.filter(state=ProposalState.PROPOSED).count(),
            verified=await seen.filter(state=ProposalState.VERIFIED).count(),
            to_do=await waiting_for(viewer).count(),
        )

    @get("/{proposal_id:uuid}", operation_id="getLimitProposal", summary="One proposal", responses=refusals(NotVisible))
    async def get_proposal(self, proposal_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> ProposalOut:
        """A proposal with each line before and after, its steps, and what the viewer may do with it."""
        return await show_proposal(await visible_proposal(viewer, proposal_id), viewer)

    @post(
        "/",
        operation_id="proposeLimits",
        summary="Propose limits",
        guards=[proposes_limits],
        status_code=HTTP_201_CREATED,
        responses={
            HTTP_200_OK: ResponseSpec(ProposalOut, description="Proposed before; answered again"),
            **refusals(NotAllowed, NotVisible, SameIdOtherBody, LimitsChanged, Invalid),
        },
    )
    async def propose(self, data: JSONBody[ProposalDraft], viewer: NamedDependency[Viewer]) -> Response[ProposalOut]:
        """Propose limits for points of one enterprise under an id made on the phone. A point whose newest version is
        not the one that `replaces` names is refused, and the newer one told.
        """
        proposal, is_new = await service.propose(data, viewer, clock.now())
        status = HTTP_201_CREATED if is_new else HTTP_200_OK
        return Response(await show_proposal(proposal, viewer), status_code=status)

    @post(
        "/bulk-lines",
        operation_id="expandBulkLimits",
        summary="What a change of many points would come to",
        guards=[proposes_limits],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def bulk_lines(self, data: JSONBody[BulkRequest], viewer: NamedDependency[Viewer]) -> BulkLines:
        """A dry run: every point of a kind at an enterprise or hazard with its limits before and after, and why a line
        cannot be. Nothing is stored; propose the lines that are wanted as a proposal.
        """
        return await show_bulk(await service.expand(data, viewer))

    @post(
        "/preview",
        operation_id="previewLimits",
        summary="How often limits would have rung",
        guards=[proposes_limits],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, Invalid),
    )
    async def preview(self, data: JSONBody[PreviewRequest], viewer: NamedDependency[Viewer]) -> PreviewOut:
        """Limits that are still being typed, tried on the stored frames of the last 30 days beside those in force."""
        return await preview_of_lines(data.lines, viewer, clock.now())

    @get(
        "/{proposal_id:uuid}/preview",
        operation_id="previewLimitProposal",
        summary="How often a proposal would have rung",
        responses=refusals(NotVisible),
    )
    async def preview_proposal(self, proposal_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> PreviewOut:
        """The limits of a proposal, tried on the stored frames of the last 30 days beside those in force."""
        return await preview_of_proposal(await visible_proposal(viewer, proposal_id), viewer, clock.now())

    @post(
        "/{proposal_id:uuid}/verify",
        operation_id="verifyLimits",
        summary="Verify a proposal on site",
        guards=[verifies_limits],
        status_code=HTTP_200_OK,
        responses=STEP_REFUSALS,
    )
    async def verify(
        self, proposal_id: FromPath[UUID], data: JSONBody[Verification], viewer: NamedDependency[Viewer]
    ) -> ProposalOut:
        """An expert signs at the tank: place, basis, photos that were sent before, signature. Sending it again is
        harmless.
        """
        return await self._shown(await service.verify(proposal_id, data, viewer, clock.now()), viewer)

    @post(
        "/{proposal_id:uuid}/approve",
        operation_id="approveLimits",
        summary="Approve a verified proposal",
        guards=[approves_limits],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.AlreadyDecided, LimitsChanged, Invalid),
    )
    async def approve(
        self,
        proposal_id: FromPath[UUID],
        data: JSONBody[Approval],
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
    ) -> ProposalOut:
        """New versions of all its limits, all or none, in force from the time given or at once. Nobody approves their
        own proposal or verification; a point that got another version meanwhile is a conflict, and nothing changes.
        """
        return await self._shown(await service.approve(proposal_id, data, viewer, clock.now(), redis), viewer)

    @post(
        "/{proposal_id:uuid}/reject",
        operation_id="rejectLimits",
        summary="Reject a proposal",
        guards=[rejects_limits],
        status_code=HTTP_200_OK,
        responses=STEP_REFUSALS,
    )
    async def reject(
        self, proposal_id: FromPath[UUID], data: JSONBody[Ending], viewer: NamedDependency[Viewer]
    ) -> ProposalOut:
        """End a proposal with a reason: an expert before it is verified, a regulator while it is open."""
        return await self._shown(await service.reject(proposal_id, data.reason, viewer, clock.now()), viewer)

    @post(
        "/{proposal_id:uuid}/withdraw",
        operation_id="withdrawLimits",
        summary="Withdraw one's own proposal",
        guards=[proposes_limits],
        status_code=HTTP_200_OK,
        responses=STEP_REFUSALS,
    )
    async def withdraw(
        self, proposal_id: FromPath[UUID], data: JSONBody[Ending], viewer: NamedDependency[Viewer]
    ) -> ProposalOut:
        """Take an open proposal back, with a reason."""
        return await self._shown(await service.withdraw(proposal_id, data.reason, viewer, clock.now()), viewer)

    async def _shown(self, proposal: LimitProposal, viewer: Viewer) -> ProposalOut:
        return await show_proposal(proposal, viewer)
