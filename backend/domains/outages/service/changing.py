"""Handing a gap over and moving its deadline: each time stays on its record, with the reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from backend.domains.accounts.enums import Role
from backend.domains.accounts.queries import colleague_of
from backend.domains.accounts.viewer import Viewer
from backend.domains.outages.enums import GapChangeKind
from backend.domains.outages.models import DataGap, GapChange
from backend.domains.outages.queries import visible_gap
from backend.domains.outages.rules import fault_of_deadline
from backend.domains.outages.service.explaining import GapClosed
from backend.errors import Invalid, NotAllowed
from backend.kit import audit
from backend.kit.turns import take_turn


def may_hand_over(gap: DataGap, viewer: Viewer) -> bool:
    """Those who sign for the enterprise, and whoever answers for the gap now, as long as it is open."""
    signs = viewer.role in (Role.SAFETY_OFFICER, Role.MAIN_RESPONSIBLE)
    mine = viewer.is_enterprise and viewer.enterprise_id == gap.enterprise_id
    return gap.closed_at is None and mine and (signs or viewer.id == gap.owner_id)


def may_move_deadline(gap: DataGap, viewer: Viewer) -> bool:
    """The regulators of the area, as long as the gap is open and not explained: nobody gives themselves more time."""
    return gap.closed_at is None and gap.explained_at is None and (viewer.is_regulator or viewer.sees_all)


async def set_gap_owner(gap_id: UUID, person_id: UUID, reason: str, by: Viewer, now: datetime) -> DataGap:
    """Hand a gap to someone of the same enterprise. To whom it belongs already, nothing changes."""
    seen = await visible_gap(by, gap_id)
    person = await colleague_of(seen.enterprise_id, person_id)
    if person is None:
        raise Invalid("this person does not work at the gap's enterprise", field="personId")
    async with in_transaction():
        gap = await _open_gap(seen)
        if not may_hand_over(gap, by):
            raise NotAllowed("only those who sign for the enterprise, or whoever answers for the gap, hand it over")
        if gap.owner_id == person.id:
            return gap
        before, gap.owner_id, gap.owner_name = gap.owner_name, person.id, person.name
        await gap.save(update_fields=["owner_id", "owner_name"])
        await _record(
            gap, GapChangeKind.OWNER, reason, by, now,
            {"from_owner_name": before, "to_owner_id": person.id, "to_owner_name": person.name},
            owner=person.name, owner_before=before,
        )  # fmt: skip
    return gap


async def set_gap_deadline(gap_id: UUID, due_at: datetime, reason: str, by: Viewer, now: datetime) -> DataGap:
    """Let a gap be due sooner or later. The same deadline once more changes nothing."""
    seen = await visible_gap(by, gap_id)
    async with in_transaction():
        gap = await _open_gap(seen)
        if gap.due_at == due_at:
            return gap
        if gap.explained_at is not None:
            raise Invalid("this gap is explained; it has no deadline any more", field="dueAt")
        if fault := fault_of_deadline(due_at, now):
            raise Invalid(fault.words, field=fault.field)
        before, gap.due_at = gap.due_at, due_at
        await gap.save(update_fields=["due_at"])
        await _record(
            gap, GapChangeKind.DEADLINE, reason, by, now, {"from_due_at": before, "to_due_at": due_at},
            due_at=due_at, due_before=before,
        )  # fmt: skip
    return gap


async def _open_gap(seen: DataGap) -> DataGap:
    await take_turn("data_gap", seen.id)
    gap = await DataGap.get(id=seen.id)
    if gap.closed_at is not None:
        raise GapClosed("this gap is closed", closedAt=gap.closed_at, closedHow=gap.closed_how)
    return gap


async def _record(
    gap: DataGap, kind: GapChangeKind, reason: str, by: Viewer, now: datetime, fields: dict[str, Any], **detail: object
) -> None:
    await GapChange.create(
        gap_id=gap.id, kind=kind, reason=reason.strip(), by_id=by.id, by_name=by.name, at=now, **fields
    )
    verb = "gap.owned" if kind is GapChangeKind.OWNER else "gap.deadline_moved"
    await audit.record(
        verb, "data_gap", gap.id, at=now, person_id=by.id, person_name=by.name, reason=reason.strip(), **detail
    )
