"""Keeping the access ledger: steps by the regulators of the area, blockers also by the enterprise, and contacts.

The district keeps the ledger (notice S23), so its regulators say what is done and by when; the enterprise's signers may
say what holds them up, because nobody else knows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from tortoise.transactions import in_transaction

from backend.domains.access.enums import AccessStep
from backend.domains.access.models import AccessContact, AccessEntry
from backend.domains.access.queries import visible_contact
from backend.domains.access.rules import what_is_wrong
from backend.domains.access.schemas import BlockerReport, ContactDraft, StepChange
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.queries import hazards_of, visible_enterprise
from backend.domains.regions.queries import get_region
from backend.errors import Invalid, NotVisible, Problem, SameIdOtherBody
from backend.kit import audit
from backend.kit.fingerprint import fingerprint
from backend.kit.turns import take_turn


class LedgerChanged(Problem):
    """Somebody changed this step since the author read it; look again and decide."""

    kind = "ledger-changed"


async def set_step(enterprise_id: UUID, change: StepChange, by: Viewer, now: datetime, today: date) -> None:
    """File how a step stands, of one line or of every line of the enterprise; what stood there is on the audit chain.

    The same change once more changes nothing.
    """
    enterprise = await visible_enterprise(by, enterprise_id)
    if wrong := what_is_wrong(change.due_on, change.done_on, today):
        field, words = wrong
        raise Invalid(words, field=field)
    fields: dict[str, Any] = {
        "due_on": change.due_on,
        "done_on": change.done_on,
        "done_by": change.done_by.strip(),
        "blocker": change.blocker.strip(),
        "note": change.note.strip(),
    }
    if change.done_on is not None and fields["blocker"]:
        raise Invalid("what is done is not held up by anything", field="blocker")
    async with in_transaction():
        for hazard_id in await _lines(enterprise, change.hazard_id):
            one = change.hazard_id is not None
            await _write(enterprise, hazard_id, change.step, fields, by, now, change.replaces if one else None)


async def report_blocker(enterprise_id: UUID, report: BlockerReport, by: Viewer, now: datetime) -> None:
    """Say what holds a step up; days and notes of the district stay as they are."""
    enterprise = await visible_enterprise(by, enterprise_id)
    async with in_transaction():
        for hazard_id in await _lines(enterprise, report.hazard_id):
            entry = await AccessEntry.get_or_none(enterprise_id=enterprise.id, hazard_id=hazard_id, step=report.step)
            if entry is not None and entry.done_on is not None:
                if report.hazard_id is not None and report.blocker.strip():
                    raise Invalid("this step is done; nothing holds it up", field="blocker")
                continue
            await _write(enterprise, hazard_id, report.step, {"blocker": report.blocker.strip()}, by, now, None)


async def _lines(enterprise: Enterprise, hazard_id: UUID | None) -> list[UUID | None]:
    hazards = [hazard.id for hazard in await hazards_of(enterprise.id)]
    if hazard_id is None:
        return [*hazards] or [None]
    if hazard_id not in hazards:
        raise NotVisible("there is no such major hazard at this enterprise", id=str(hazard_id))
    return [hazard_id]


async def _write(
    enterprise: Enterprise,
    hazard_id: UUID | None,
    step: AccessStep,
    fields: dict[str, Any],
    by: Viewer,
    now: datetime,
    replaces: int | None,
) -> None:
    await take_turn("access", enterprise.id, hazard_id, step)
    entry = await AccessEntry.get_or_none(enterprise_id=enterprise.id, hazard_id=hazard_id, step=step)
    before = {name: getattr(entry, name) for name in fields} if entry else {}
    if before == fields or (entry is None and not any(fields.values())):
        return
    known = entry.version if entry else 0
    if replaces is not None and replaces != known:
        raise LedgerChanged("this step was changed since you read it", version=known)
    told: dict[str, Any] = {"updated_at": now, "updated_by_id": by.id, "updated_by_name": by.name}
    if entry is None:
        entry = await AccessEntry.create(
            enterprise_id=enterprise.id, adcode=enterprise.adcode, hazard_id=hazard_id, step=step, **fields, **told
        )
    else:
        entry.update_from_dict({**fields, **told, "version": known + 1})
        await entry.save()
    await audit.record(
        "access.step_set",
        "access_entry",
        entry.id,
        at=now,
        person_id=by.id,
        person_name=by.name,
        reason=str(fields.get("note") or fields.get("blocker") or ""),
        enterprise=enterprise.code,
        step=step,
        before=before,
        after=fields,
    )


async def add_contact(draft: ContactDraft, by: Viewer, now: datetime) -> tuple[AccessContact, bool]:
    """Enter whom to call; returns the contact and whether it is new. The same id with the same content answers again.

    Regulators enter contacts of their area and its enterprises, an enterprise's signers their own.
    """
    if await get_region(draft.adcode) is None:
        raise Invalid("there is no such area", field="adcode")
    await _check_place(draft, by)
    body = fingerprint(draft)
    async with in_transaction():
        await take_turn("access_contact", draft.id)
        if known := await AccessContact.get_or_none(id=draft.id):
            if known.body_hash != body:
                raise SameIdOtherBody("another contact was sent under this id before", id=str(known.id))
            return known, False
        contact = await AccessContact.create(
            **msgspec.structs.asdict(draft), body_hash=body, entered_at=now, entered_by_name=by.name
        )
        await _record("access.contact_entered", contact, by, now, "")
    return contact, True


async def remove_contact(contact_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Say that someone is no contact any more; the row stays."""
    contact = await visible_contact(by, contact_id)
    if by.is_enterprise and contact.enterprise_id != by.enterprise_id:
        raise NotVisible("this contact is not your enterprise's", id=str(contact_id))
    async with in_transaction():
        done = await AccessContact.filter(id=contact.id, left_at__isnull=True).update(left_at=now, left_by_name=by.name)
        if done:
            await _record("access.contact_left", contact, by, now, reason)


async def _check_place(draft: ContactDraft, by: Viewer) -> None:
    if draft.enterprise_id is not None:
        enterprise = await visible_enterprise(by, draft.enterprise_id)
        if enterprise.adcode != draft.adcode:
            raise Invalid("this enterprise lies in another area", field="adcode")
    elif not by.sees_all and draft.adcode not in by.adcodes:
        raise NotVisible("this area is not yours", adcode=draft.adcode)


async def _record(verb: str, contact: AccessContact, by: Viewer, now: datetime, reason: str) -> None:
    await audit.record(
        verb,
        "access_contact",
        contact.id,
        at=now,
        person_id=by.id,
        person_name=by.name,
        reason=reason.strip(),
        name=contact.name,
        adcode=contact.adcode,
    )
