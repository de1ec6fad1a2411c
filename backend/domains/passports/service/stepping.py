"""One step of a proposal: the update that names the old states is the lock, so of two people at once one succeeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.domains.accounts.viewer import Viewer
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal, LimitProposalStep
from backend.errors import Problem
from backend.kit import audit


class AlreadyDecided(Problem):
    """The proposal has gone on since it was read; its state and who took the step are told."""

    kind = "already-decided"


async def take_step(
    proposal: LimitProposal,
    expected: Iterable[ProposalState],
    to: ProposalState,
    by: Viewer,
    now: datetime,
    *,
    columns: dict[str, Any] | None = None,
    **facts: Any,
) -> LimitProposalStep:
    """Move a proposal on, with its step and its line in the audit chain; inside the caller's transaction.

    expected: the states it may be in. columns: what else changes of the proposal; facts: of the step.
    Raises AlreadyDecided when it is in another state by now.
    """
    done = await LimitProposal.filter(id=proposal.id, state__in=list(expected)).update(state=to, **(columns or {}))
    await proposal.refresh_from_db()
    if not done:
        raise await _decided(proposal)
    step = await LimitProposalStep.create(
        proposal_id=proposal.id, state=to, at=now, person_id=by.id, person_name=by.name, **facts
    )
    await record(proposal, step, by)
    return step


async def record(proposal: LimitProposal, step: LimitProposalStep, by: Viewer, **detail: Any) -> None:
    """The audit line of a step."""
    told = {"basis": step.basis, "photos": step.photo_ids, "effective_from": step.effective_from}
    await audit.record(
        f"limit_proposal.{step.state}",
        "limit_proposal",
        proposal.id,
        at=step.at,
        person_id=by.id,
        person_name=by.name,
        reason=step.reason,
        **{name: value for name, value in told.items() if value},
        **detail,
    )


async def _decided(proposal: LimitProposal) -> AlreadyDecided:
    step = await LimitProposalStep.get_or_none(proposal_id=proposal.id, state=proposal.state)
    who = f" by {step.person_name}" if step else ""
    return AlreadyDecided(
        f"this proposal is {proposal.state} already{who}",
        state=proposal.state,
        at=step.at if step else None,
        personName=step.person_name if step else None,
    )
