"""Ends without new limits: the proposer withdraws, an expert or a regulator rejects; both with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.passports.enums import OPEN_STATES, ProposalState
from backend.domains.passports.models import LimitProposal
from backend.domains.passports.queries import visible_proposal
from backend.domains.passports.service.stepping import take_step
from backend.errors import NotAllowed


async def withdraw(proposal_id: UUID, reason: str, by: Viewer, now: datetime) -> LimitProposal:
    """Take one's own open proposal back. Raises AlreadyDecided when it is not open any more."""
    proposal = await visible_proposal(by, proposal_id)
    if proposal.proposed_by_id != by.id:
        raise NotAllowed("only whoever proposed it may withdraw it")
    async with in_transaction():
        await take_step(proposal, OPEN_STATES, ProposalState.WITHDRAWN, by, now, reason=reason.strip())
    return proposal


async def reject(proposal_id: UUID, reason: str, by: Viewer, now: datetime) -> LimitProposal:
    """Refuse a proposal: a regulator while it is open, an expert before it is verified."""
    proposal = await visible_proposal(by, proposal_id)
    if not (by.is_regulator or by.is_expert):
        raise NotAllowed("only an expert or a regulator may reject limits")
    expected = [ProposalState.PROPOSED] if by.is_expert else OPEN_STATES
    async with in_transaction():
        await take_step(proposal, expected, ProposalState.REJECTED, by, now, reason=reason.strip())
    return proposal
