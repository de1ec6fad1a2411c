"""What an enterprise maintains about itself: basic information, and whom to call about what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Contact, Enterprise
from backend.errors import Invalid, Stale
from backend.kit import audit
from backend.kit.ids import new_id
from backend.kit.turns import take_turn


class InfoChanged(Stale):
    """Somebody else has changed the basic information since it was read; read it again."""

    kind = "info-changed"


class BasicInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The basic information; contacts as (duty, name, phone), all of them."""

    short_name: str
    address: str
    legal_representative: str
    licence_no: str
    duty_phone: str
    staff_count: int | None
    products: str
    about: str
    contacts: Sequence[tuple[str, str, str]]


FIELDS = tuple(name for name in BasicInfo.__struct_fields__ if name != "contacts")


async def maintain_info(
    enterprise: Enterprise, info: BasicInfo, now: datetime, *, by: Viewer, version: int | None
) -> Enterprise:
    """Replace the basic information and contacts; version: the one the author saw, None asks no such question.

    Sending what is there already changes nothing, whatever version it names. Raises InfoChanged for another version,
    Invalid for two contacts of the same duty and name.
    """
    if len({contact[:2] for contact in info.contacts}) < len(info.contacts):
        raise Invalid("a contact stands there twice", field="contacts")
    async with in_transaction():
        await take_turn("enterprise", enterprise.id)
        await enterprise.refresh_from_db()
        changes = await _changes(enterprise, info)
        # Sent again because the answer was lost: it names the version before its own.
        if not changes:
            return enterprise
        if version is not None and version != enterprise.info_version:
            raise InfoChanged(
                f"version {enterprise.info_version} is on record, not {version}", version=enterprise.info_version
            )
        for name in FIELDS:
            setattr(enterprise, name, getattr(info, name))
        enterprise.info_version += 1
        await enterprise.save(update_fields=[*FIELDS, "info_version"])
        if "contacts" in changes:
            await Contact.filter(enterprise_id=enterprise.id).delete()
            await Contact.bulk_create(
                [
                    Contact(id=new_id(), enterprise_id=enterprise.id, duty=duty, name=name, phone=phone)
                    for duty, name, phone in info.contacts
                ]
            )
        await audit.record(
            "enterprise.info_maintained", "enterprise", enterprise.id, at=now, person_id=by.id, person_name=by.name,
            code=enterprise.code, version=enterprise.info_version, changes=changes,
        )  # fmt: skip
    return enterprise


async def _changes(enterprise: Enterprise, info: BasicInfo) -> dict[str, tuple[Any, Any]]:
    changes = {
        name: (before, after)
        for name in FIELDS
        if (before := getattr(enterprise, name)) != (after := getattr(info, name))
    }
    contacts = [(each.duty, each.name, each.phone) for each in await Contact.filter(enterprise_id=enterprise.id)]
    if sorted(contacts) != sorted(info.contacts):
        changes["contacts"] = (sorted(contacts), sorted(info.contacts))
    return changes
