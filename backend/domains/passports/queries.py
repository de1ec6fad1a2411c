"""Reads of proposals; each starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal, LimitProposalLine, LimitProposalStep
from backend.domains.regions.queries import branch_codes
from backend.errors import NotVisible
from backend.kit.paging import decode_cursor


def visible_proposals(viewer: Viewer) -> QuerySet[LimitProposal]:
    """The proposals for enterprises the viewer may see; the only start of a query on behalf of a person."""
    return LimitProposal.filter(enterprise_id__in=Subquery(visible_enterprises(viewer).values("id")))


async def visible_proposal(viewer: Viewer, proposal_id: UUID) -> LimitProposal:
    """One proposal, or NotVisible."""
    found = await visible_proposals(viewer).get_or_none(id=proposal_id)
    if found is None:
        raise NotVisible("there is no such proposal in your area", id=str(proposal_id))
    return found


def waiting_for(viewer: Viewer) -> QuerySet[LimitProposal]:
    """The proposals that wait for the viewer, as `rules.is_to_do` has it."""
    query = visible_proposals(viewer)
    if viewer.is_expert:
        return query.filter(state=ProposalState.PROPOSED)
    if viewer.is_regulator:
        own = Q(proposed_by_id=viewer.id) | Q(verified_by_id=viewer.id)
        return query.filter(~own, state=ProposalState.VERIFIED)
    return query.filter(state=ProposalState.PROPOSED, enterprise_id__isnull=True)


async def asked_for(
    viewer: Viewer,
    *,
    adcode: str | None = None,
    enterprise_id: UUID | None = None,
    tank_id: UUID | None = None,
    wanted: ProposalState | None = None,
    to_do: bool = False,
) -> QuerySet[LimitProposal]:
    """Visible proposals below `adcode`, of an enterprise or tank, in a state, or waiting for the viewer."""
    query = waiting_for(viewer) if to_do else visible_proposals(viewer)
    if adcode is not None:
        query = query.filter(adcode__in=sorted(await branch_codes(adcode)))
    if enterprise_id is not None:
        query = query.filter(enterprise_id=enterprise_id)
    if tank_id is not None:
        query = query.filter(tank_id=tank_id)
    return query if wanted is None else query.filter(state=wanted)


async def page_of_proposals(query: QuerySet[LimitProposal], limit: int, after: str | None) -> list[LimitProposal]:
    """Up to `limit + 1` proposals, newest first."""
    if after is not None:
        at, last = decode_cursor(after, datetime, UUID)
        query = query.filter(Q(proposed_at__lt=at) | Q(proposed_at=at, id__lt=last))
    return await query.order_by("-proposed_at", "-id").limit(limit + 1)


async def lines_of(proposal_id: UUID) -> list[LimitProposalLine]:
    """The lines of a proposal in the order in which they were proposed."""
    return await LimitProposalLine.filter(proposal_id=proposal_id).order_by("id")


async def line_counts(proposal_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many points each proposal is about."""
    ids = list(proposal_ids)
    rows = (
        await LimitProposalLine.filter(proposal_id__in=ids)
        .annotate(count=Count("id"))
        .group_by("proposal_id")
        .values("proposal_id", "count")
        if ids
        else []
    )
    return {row["proposal_id"]: row["count"] for row in rows}


async def steps_of(proposal_ids: Iterable[UUID]) -> dict[UUID, list[LimitProposalStep]]:
    """The steps of each proposal, first one first."""
    ids = list(proposal_ids)
    found: dict[UUID, list[LimitProposalStep]] = {each: [] for each in ids}
    for step in await LimitProposalStep.filter(proposal_id__in=ids).order_by("id") if ids else []:
        found[step.proposal_id].append(step)
    return found
