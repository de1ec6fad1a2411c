"""Approving: what was verified becomes new versions of limits, all or none."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from redis.asyncio import Redis
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.queries import visible_points_by_id
from backend.domains.monitoring.rules import Damping
from backend.domains.monitoring.service import Author, NewVersion, announce_limits, bring_into_force
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal, LimitProposalStep
from backend.domains.passports.queries import lines_of, visible_proposal
from backend.domains.passports.rules import when_effective
from backend.domains.passports.schemas import Approval
from backend.domains.passports.service.proposing import values_of
from backend.domains.passports.service.stepping import take_step
from backend.errors import Invalid, NotAllowed


async def approve(
    proposal_id: UUID, approval: Approval, by: Viewer, now: datetime, redis: Redis | None = None
) -> LimitProposal:
    """Bring a verified proposal into force from a time, at once when none is given.

    Raises NotAllowed for one's own proposal or verification, AlreadyDecided when it has gone on, LimitsChanged when a
    point got another version meanwhile: then nothing changes.
    """
    proposal = await visible_proposal(by, proposal_id)
    if not by.is_regulator:
        raise NotAllowed("only regulators may approve limits")
    if by.id in (proposal.proposed_by_id, proposal.verified_by_id):
        raise NotAllowed("nobody approves their own proposal or verification")
    start = when_effective(approval.effective_from, now)
    if isinstance(start, str):
        raise Invalid(start, field="effectiveFrom")
    lines = await lines_of(proposal.id)
    points = await visible_points_by_id(by, [line.point_id for line in lines])
    if gone := [line.point_id for line in lines if line.point_id not in points]:
        raise Invalid("some points are no longer in use; reject this proposal", field="lines", pointIds=gone)
    async with in_transaction():
        await take_step(
            proposal,
            [ProposalState.VERIFIED],
            ProposalState.APPROVED,
            by,
            now,
            columns={"effective_from": start},
            reason=approval.note.strip(),
            effective_from=start,
        )
        verified = await LimitProposalStep.get(proposal_id=proposal.id, state=ProposalState.VERIFIED)
        await bring_into_force(
            [
                NewVersion(
                    point=points[line.point_id],
                    limits=values_of(line),
                    damping=Damping(line.deadband, line.on_delay_s, line.off_delay_s),
                    replaces=line.replaces,
                )
                for line in lines
            ],
            Author(
                id=proposal.proposed_by_id,
                name=proposal.proposed_by_name,
                reason=proposal.reason,
                basis=verified.basis,
                proposal_id=proposal.id,
            ),
            start,
            now,
            by=by,
        )
    await announce_limits(redis, (points[line.point_id].gateway_id for line in lines))
    return proposal
