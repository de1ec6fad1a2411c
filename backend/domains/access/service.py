"""Keeping the access ledger: steps by the regulators of the area, blockers also by the enterprise, and contacts.

The district keeps the ledger (notice S23), so its regulators say what is done and by when; the enterprise's signers may
say what holds them up, because nobody else knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from tortoise.transactions import in_transaction

from backend.domains.access.enums import AccessStep
from backend.domains.access.facts import lines_in_view
from backend.domains.access.models import AccessContact, AccessEntry, AccessPhoto
from backend.domains.access.queries import visible_contact
from backend.domains.access.rules import DERIVED, Facts, what_is_wrong
from backend.domains.access.schemas import (
    MOST_PHOTOS,
    BlockerReport,
    ContactChange,
    ContactDraft,
    StepChange,
    StepPhotos,
)
from backend.domains.access.signing import Unsigned, unsigned_places
from backend.domains.accounts.enums import Role
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.queries import hazards_of, visible_enterprise
from backend.domains.media.queries import photos_by_id
from backend.domains.regions.queries import get_region
from backend.errors import Invalid, NotVisible, Problem, SameIdOtherBody
from backend.kit import audit
from backend.kit.fingerprint import fingerprint
from backend.kit.turns import take_turn

# So many tanks and detectors are named in a refusal; the ledger names them all.
MOST_NAMED = 6


class LimitsNotSigned(Problem):
    """The limits of the line are not all signed in the threshold passport, so the step is not done."""

    status, kind = 422, "limits-not-signed"


class LedgerChanged(Problem):
    """Somebody changed this step since the author read it; look again and decide."""

    kind = "ledger-changed"


async def set_step(enterprise_id: UUID, change: StepChange, by: Viewer, now: datetime, today: date) -> None:
    """File how a step stands, of one line or of every line of the enterprise; what stood there is on the audit chain.

    The same change once more changes nothing. Raises LimitsNotSigned for a derived step that the records do not show.
    """
    enterprise = await visible_enterprise(by, enterprise_id)
    if wrong := what_is_wrong(change.due_on, change.done_on, today):
        field, words = wrong
        raise Invalid(words, field=field)
    lines = await _lines(enterprise, change.hazard_id)
    unsigned = await _unsigned(enterprise, lines, change.step, by, now)
    fields: dict[str, Any] = {
        "due_on": change.due_on,
        "done_on": change.done_on,
        "done_by": change.done_by.strip(),
        "blocker": change.blocker.strip(),
        "note": change.note.strip(),
    }
    if change.done_on is not None and fields["blocker"] and not unsigned:
        raise Invalid("what is done is not held up by anything", field="blocker")
    async with in_transaction():
        for hazard_id in lines:
            if hazard_id in unsigned:
                await _check_derived(enterprise, hazard_id, change, unsigned[hazard_id])
            one = change.hazard_id is not None
            await _write(enterprise, hazard_id, change.step, fields, by, now, change.replaces if one else None)


async def report_blocker(enterprise_id: UUID, report: BlockerReport, by: Viewer, now: datetime) -> None:
    """Say what holds a step up; days and notes of the district stay as they are."""
    enterprise = await visible_enterprise(by, enterprise_id)
    lines = await _lines(enterprise, report.hazard_id)
    unsigned = await _unsigned(enterprise, lines, report.step, by, now)
    async with in_transaction():
        for hazard_id in lines:
            entry = await AccessEntry.get_or_none(enterprise_id=enterprise.id, hazard_id=hazard_id, step=report.step)
            if entry is not None and entry.done_on is not None and hazard_id not in unsigned:
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


async def _unsigned(
    enterprise: Enterprise, lines: Sequence[UUID | None], step: AccessStep, by: Viewer, now: datetime
) -> dict[UUID | None, str]:
    """Of a derived step those lines that the records do not show as done, each with what is missing, in words."""
    if step not in DERIVED:
        return {}
    facts = {line.hazard_id: line.facts for line in await lines_in_view(by, now, enterprise_id=enterprise.id)}
    missing = await unsigned_places(enterprise.id, now)
    return {
        hazard_id: _words(known, missing[hazard_id])
        for hazard_id in lines
        if not (known := facts.get(hazard_id, Facts())).is_signed
    }


def _words(facts: Facts, missing: Sequence[Unsigned]) -> str:
    named = ", ".join(place.code for place in missing[:MOST_NAMED])
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return (
        "limits are signed when an expert verified them on site and the district approved them:"
        f" {facts.tanks_signed} of {facts.tanks} tanks and {facts.detectors_signed} of {facts.detectors} detectors are"
        + (f"; missing: {named}{more}" if named else "")
    )


async def _check_derived(enterprise: Enterprise, hazard_id: UUID | None, change: StepChange, words: str) -> None:
    """A day that stands there already may stay, so that due day and note can be filed beside it."""
    if change.done_on is None:
        return
    entry = await AccessEntry.get_or_none(enterprise_id=enterprise.id, hazard_id=hazard_id, step=change.step)
    if entry is None or entry.done_on != change.done_on:
        raise LimitsNotSigned(words, field="doneOn")


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


async def add_photos(enterprise_id: UUID, added: StepPhotos, by: Viewer, now: datetime) -> None:
    """Show a step in photos, of one line or of every line of the enterprise. The same photo once more changes nothing.

    Raises Invalid when a photo has not arrived, is another enterprise's or another person's, or there are too many.
    """
    enterprise = await visible_enterprise(by, enterprise_id)
    await _check_photos(enterprise, added.photo_ids, by)
    async with in_transaction():
        for hazard_id in await _lines(enterprise, added.hazard_id):
            await take_turn("access_photo", enterprise.id, hazard_id, added.step)
            line: dict[str, Any] = {"enterprise_id": enterprise.id, "hazard_id": hazard_id, "step": added.step}
            known = {row.photo_id for row in await AccessPhoto.filter(**line)}
            new = [photo_id for photo_id in dict.fromkeys(added.photo_ids) if photo_id not in known]
            if len(known) + len(new) > MOST_PHOTOS:
                raise Invalid(f"a step holds at most {MOST_PHOTOS} photos", field="photoIds", there=len(known))
            for photo_id in new:
                await AccessPhoto.create(
                    **line,
                    adcode=enterprise.adcode,
                    photo_id=photo_id,
                    added_at=now,
                    added_by_id=by.id,
                    added_by_name=by.name,
                )
            if new:
                await audit.record(
                    "access.photos_added",
                    "access_line",
                    hazard_id or enterprise.id,
                    at=now,
                    person_id=by.id,
                    person_name=by.name,
                    enterprise=enterprise.code,
                    step=added.step,
                    photos=new,
                )


async def _check_photos(enterprise: Enterprise, photo_ids: Sequence[UUID], by: Viewer) -> None:
    photos = await photos_by_id(by, photo_ids)
    if missing := [str(each) for each in photo_ids if each not in photos]:
        raise Invalid("a photo has not arrived; send it first", field="photoIds", missing=missing)
    if any(photo.enterprise_id != enterprise.id for photo in photos.values()):
        raise Invalid("a photo is of another enterprise", field="photoIds")
    if any(photo.uploaded_by_id != by.id for photo in photos.values()):
        raise Invalid("whoever adds a photo took it", field="photoIds")


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


async def change_contact(contact_id: UUID, change: ContactChange, by: Viewer, now: datetime) -> AccessContact:
    """Correct name, telephone or duty; what stood there and why it changed is on the audit chain."""
    contact = await _kept_contact(contact_id, by)
    fields = {"name": change.name.strip(), "phone": change.phone.strip(), "duty": change.duty.strip()}
    async with in_transaction():
        await take_turn("access_contact", contact.id)
        contact = await AccessContact.get(id=contact.id)
        before = {name: getattr(contact, name) for name in fields}
        if before == fields:
            return contact
        if contact.left_at is not None:
            raise Invalid("this person is no contact any more", field="id")
        await contact.update_from_dict(fields).save(update_fields=list(fields))
        await _record("access.contact_changed", contact, by, now, change.reason, before=before, after=fields)
    return contact


async def remove_contact(contact_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Say that someone is no contact any more; the row stays."""
    contact = await _kept_contact(contact_id, by)
    async with in_transaction():
        done = await AccessContact.filter(id=contact.id, left_at__isnull=True).update(
            left_at=now, left_by_name=by.name, left_reason=reason.strip()
        )
        if done:
            await _record("access.contact_left", contact, by, now, reason)


async def _kept_contact(contact_id: UUID, by: Viewer) -> AccessContact:
    """A contact that this person keeps. Raises NotVisible for another's."""
    contact = await visible_contact(by, contact_id)
    if not may_keep(contact, by):
        raise NotVisible("this contact is not yours to keep", id=str(contact_id))
    return contact


def may_keep(contact: AccessContact, viewer: Viewer) -> bool:
    """Whether a viewer who sees a contact may correct or remove it: an enterprise its own, regulators their area's."""
    if viewer.is_enterprise:
        signs = viewer.role in (Role.SAFETY_OFFICER, Role.MAIN_RESPONSIBLE)
        return signs and contact.enterprise_id == viewer.enterprise_id
    return viewer.is_regulator or viewer.sees_all


async def _check_place(draft: ContactDraft, by: Viewer) -> None:
    if draft.enterprise_id is not None:
        enterprise = await visible_enterprise(by, draft.enterprise_id)
        if enterprise.adcode != draft.adcode:
            raise Invalid("this enterprise lies in another area", field="adcode")
    elif not by.sees_all and draft.adcode not in by.adcodes:
        raise NotVisible("this area is not yours", adcode=draft.adcode)


async def _record(verb: str, contact: AccessContact, by: Viewer, now: datetime, reason: str, **detail: Any) -> None:
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
        **detail,
    )
