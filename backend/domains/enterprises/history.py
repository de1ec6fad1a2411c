"""What became of an enterprise's record and of a hazard's quantities: rows of the audit, newest first."""

from __future__ import annotations

from typing import Any

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.history_schemas import (
    FieldChange,
    HazardChange,
    HazardChangeKind,
    InfoChange,
    QuantityChange,
)
from backend.domains.enterprises.models import Enterprise, MajorHazard
from backend.domains.enterprises.showing_registry import may_call
from backend.kit import audit
from backend.kit.models import AuditRow
from backend.kit.paging import Page, decode_cursor, page_of

_INFO = ("enterprise.info_maintained",)
_KINDS = {"hazard.quantities_set": HazardChangeKind.QUANTITIES, "hazard.regraded": HazardChangeKind.REGRADED}


async def info_history(enterprise: Enterprise, viewer: Viewer, limit: int, after: str | None) -> Page[InfoChange]:
    """Who maintained the basic information when, and what it was before; the enterprise is known to be visible."""
    rows = await audit.rows_about("enterprise", enterprise.id, _INFO, limit, _mark(after))
    return page_of(rows, limit, lambda row: _info_change(row, viewer), lambda row: (row.id,))


async def hazard_history(hazard: MajorHazard, limit: int, after: str | None) -> Page[HazardChange]:
    """How a hazard's quantities and grade came to be what they are; the hazard is known to be visible."""
    rows = await audit.rows_about("hazard", hazard.id, list(_KINDS), limit, _mark(after))
    return page_of(rows, limit, _hazard_change, lambda row: (row.id,))


def _mark(after: str | None) -> int | None:
    return None if after is None else int(decode_cursor(after, int)[0])


def _info_change(row: AuditRow, viewer: Viewer) -> InfoChange:
    changes = [
        FieldChange(_camel(name), _told(name, before, viewer), _told(name, after, viewer))
        for name, (before, after) in row.detail["changes"].items()
    ]
    return InfoChange(row.id, row.at, row.person_name, row.detail["version"], changes)


def _told(name: str, value: Any, viewer: Viewer) -> str | None:
    if name == "duty_phone" and not may_call(viewer):
        return None
    if name == "contacts":
        shown = [contact if may_call(viewer) else contact[:2] for contact in value]
        return "\n".join(" ".join(contact) for contact in shown)
    return "" if value is None else str(value)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _hazard_change(row: AuditRow) -> HazardChange:
    kind = _KINDS[row.verb]
    before, after = row.detail["before"], row.detail["after"]
    if kind is HazardChangeKind.REGRADED:
        grades = (before["grade"], after["grade"], before["r"], after["r"])
        return HazardChange(row.id, row.at, row.person_name, row.reason, kind, [], *grades)
    held, holds = ({chemical: quantity for chemical, _, _, quantity in told} for told in (before, after))
    moved = [
        QuantityChange(chemical, held.get(chemical), holds.get(chemical))
        for chemical in sorted(held.keys() | holds.keys())
        if held.get(chemical) != holds.get(chemical)
    ]
    return HazardChange(row.id, row.at, row.person_name, row.reason, kind, moved, None, None, None, None)
