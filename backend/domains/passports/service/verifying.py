"""Verifying on site: an expert stands at the tank, photographs, names the basis and signs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.media.queries import photos_by_id
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal, LimitProposalStep
from backend.domains.passports.queries import visible_proposal
from backend.domains.passports.rules import NOW_IS
from backend.domains.passports.schemas import Verification
from backend.domains.passports.service.stepping import take_step
from backend.errors import Invalid, NotAllowed


async def verify(proposal_id: UUID, signed: Verification, by: Viewer, now: datetime) -> LimitProposal:
    """Sign a proposal on site. The same expert sending the same signature again is answered as the first time.

    Raises Invalid when a photo has not arrived or is not of this enterprise, AlreadyDecided when it has gone on.
    """
    proposal = await visible_proposal(by, proposal_id)
    if not by.is_expert:
        raise NotAllowed("only a safety expert may verify limits on site")
    if await _signed_before(proposal, signed, by):
        return proposal
    if signed.signed_at > now + NOW_IS:
        raise Invalid("it cannot be signed in the future; check the phone's clock", field="signedAt")
    await _check_photos(proposal, signed, by)
    async with in_transaction():
        await take_step(
            proposal,
            [ProposalState.PROPOSED],
            ProposalState.VERIFIED,
            by,
            now,
            columns={"verified_by_id": by.id},
            reason=signed.note.strip(),
            basis=signed.basis.strip(),
            signature=signed.signature,
            signed_at=signed.signed_at,
            lon=signed.lon,
            lat=signed.lat,
            accuracy_m=signed.accuracy_m,
            photo_ids=signed.photo_ids,
        )
    return proposal


async def _signed_before(proposal: LimitProposal, signed: Verification, by: Viewer) -> bool:
    step = await LimitProposalStep.get_or_none(proposal_id=proposal.id, state=ProposalState.VERIFIED)
    return step is not None and (step.person_id, step.signature, step.signed_at) == (
        by.id,
        signed.signature,
        signed.signed_at,
    )


async def _check_photos(proposal: LimitProposal, signed: Verification, by: Viewer) -> None:
    photos = await photos_by_id(by, signed.photo_ids)
    if len(photos) < len(set(signed.photo_ids)):
        missing = [str(each) for each in signed.photo_ids if each not in photos]
        raise Invalid("a photo has not arrived; send it first", field="photoIds", missing=missing)
    if any(photo.enterprise_id != proposal.enterprise_id for photo in photos.values()):
        raise Invalid("a photo is of another enterprise", field="photoIds")
    if any(photo.uploaded_by_id != by.id for photo in photos.values()):
        raise Invalid("whoever signs took the photos", field="photoIds")
