"""Filing the day's commitment: once, or again as a further version with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.commitments.deadlines import hours_of_day
from backend.domains.commitments.enums import LateReason
from backend.domains.commitments.hours import DayHours, signed_offline_note
from backend.domains.commitments.models import Commitment, CommitmentVersion
from backend.domains.commitments.refusals import (
    AlreadyFiled,
    ChangeReasonRequired,
    ClockAhead,
    DayClosed,
    LateReasonRequired,
    WindowNotOpen,
)
from backend.domains.commitments.rules import SHORTEST_NOTE, fault_of_content, fault_of_signature
from backend.domains.commitments.schemas import Filing
from backend.domains.enterprises.queries import visible_enterprises
from backend.errors import Invalid, NotAllowed, SameIdOtherBody, Stale
from backend.kit import audit
from backend.kit.clock import plant_day
from backend.kit.fingerprint import fingerprint
from backend.kit.turns import take_turn

CLOCK_TOLERANCE = timedelta(minutes=5)


class Filed(msgspec.Struct):
    """What a filing made, or found when it was a repeat."""

    commitment: Commitment
    version: CommitmentVersion
    is_new: bool


async def file_commitment(filing: Filing, by: Viewer, expected: int | None, now: datetime, zone: ZoneInfo) -> Filed:
    """File a signed commitment.

    expected: the version the signer has seen, from If-Match; None for a first filing. The same id with the same body
    answers what was filed the first time, whatever has happened since.
    """
    enterprise = await visible_enterprises(by).get_or_none(id=by.enterprise_id) if by.enterprise_id else None
    if enterprise is None:
        raise NotAllowed("only people of a working enterprise file its commitment")
    body = fingerprint(enterprise.id, filing)
    if known := await _filed_before(filing.id, body):
        return known
    hours = (await hours_of_day(filing.commit_on, zone)).of(enterprise.adcode)
    _check(filing, hours, now, zone)
    async with in_transaction():
        await take_turn("commitment_version", filing.id)
        await take_turn("commitment", enterprise.id, filing.commit_on)
        # A twin of this request may have been served while we waited.
        if known := await _filed_before(filing.id, body):
            return known
        commitment = await Commitment.get_or_none(enterprise_id=enterprise.id, commit_on=filing.commit_on)
        _check_version(filing, commitment, expected)
        if commitment is None:
            commitment = _first(filing, enterprise.id, enterprise.adcode, hours, now, zone)
            await commitment.save(force_create=True)
        else:
            commitment.version += 1
            await commitment.save(update_fields=["version"])
        version = await _keep_version(filing, commitment, body, by, now)
    return Filed(commitment, version, is_new=True)


async def _filed_before(version_id: UUID, body: str) -> Filed | None:
    known = await CommitmentVersion.get_or_none(id=version_id)
    if known is None:
        return None
    if known.body_hash != body:
        raise SameIdOtherBody("another commitment was sent under this id before", id=str(version_id))
    return Filed(await Commitment.get(id=known.commitment_id), known, is_new=False)


def _check(filing: Filing, hours: DayHours, now: datetime, zone: ZoneInfo) -> None:
    if filing.signed_at > now + CLOCK_TOLERANCE:
        raise ClockAhead("the clock of this phone is ahead; set it and sign again", signedAt=filing.signed_at, now=now)
    too_old = filing.signed_at < hours.opens_at - timedelta(days=1)
    if too_old or plant_day(filing.signed_at, zone) != filing.commit_on:
        raise Invalid("a commitment is signed on the day it is for", field="signedAt", commitOn=filing.commit_on)
    if now < hours.opens_at:
        raise WindowNotOpen("filing for this day has not opened yet", opensAt=hours.opens_at)
    # Signed on its day and kept back by a dead network: it may still arrive during the next day.
    if now >= hours.ends_at + timedelta(days=1):
        raise DayClosed("this day can no longer be filed", commitOn=filing.commit_on)
    fault = fault_of_content(filing.content) or fault_of_signature(filing.signature)
    if fault:
        raise Invalid(fault.words, field=fault.field)


def _check_version(filing: Filing, commitment: Commitment | None, expected: int | None) -> None:
    current = commitment.version if commitment else 0
    facts = {"currentVersion": current, "commitmentId": str(commitment.id) if commitment else None}
    if expected is None and commitment is not None:
        raise AlreadyFiled("this day is filed already; look at it and file a change", **facts)
    if expected is not None and expected != current:
        raise Stale(f"the day stands at version {current}, not {expected}; look at it and file again", **facts)
    if commitment is not None and len(filing.change_reason.strip()) < 2:
        raise ChangeReasonRequired("say why the commitment changes", field="changeReason", **facts)


def _first(
    filing: Filing, enterprise_id: UUID, adcode: str, hours: DayHours, now: datetime, zone: ZoneInfo
) -> Commitment:
    """The day's record. What came in time is decided by our clock: the phone's cannot be proved."""
    on_time = now <= hours.due_at
    reason, note = (None, "") if on_time else _lateness(filing, hours, now, zone)
    return Commitment(
        enterprise_id=enterprise_id,
        adcode=adcode,
        commit_on=filing.commit_on,
        version=1,
        due_at=hours.due_at,
        deadline_id=hours.deadline_id,
        first_filed_at=now,
        on_time=on_time,
        late_reason=reason,
        late_note=note,
    )


def _lateness(filing: Filing, hours: DayHours, now: datetime, zone: ZoneInfo) -> tuple[LateReason, str]:
    note = filing.late_note.strip()
    if filing.late_reason is None:
        if filing.signed_at > hours.due_at:
            raise LateReasonRequired("the deadline has passed; say why", field="lateReason", dueAt=hours.due_at)
        return LateReason.SYSTEM_FAULT, signed_offline_note(filing.signed_at, now, zone)
    if filing.late_reason is LateReason.OTHER and len(note) < SHORTEST_NOTE:
        raise Invalid(f"describe the reason in at least {SHORTEST_NOTE} characters", field="lateNote")
    return filing.late_reason, note


async def _keep_version(
    filing: Filing, commitment: Commitment, body: str, by: Viewer, now: datetime
) -> CommitmentVersion:
    version = await CommitmentVersion.create(
        id=filing.id,
        commitment_id=commitment.id,
        version=commitment.version,
        content=msgspec.to_builtins(filing.content),
        body_hash=body,
        signer_id=by.id,
        signer_name=by.name,
        signature=filing.signature,
        signed_at=filing.signed_at,
        filed_at=now,
        change_reason=filing.change_reason.strip() if commitment.version > 1 else "",
    )
    await audit.record(
        "commitment.filed" if commitment.version == 1 else "commitment.changed",
        "commitment",
        commitment.id,
        at=now,
        person_id=by.id,
        person_name=by.name,
        reason=version.change_reason,
        version=version.version,
        version_id=version.id,
        commit_on=commitment.commit_on,
        on_time=commitment.on_time,
        body=body,
    )
    return version
