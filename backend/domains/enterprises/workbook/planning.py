"""What an import would do: rows that are new, that change, that go, and those that are on record already."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domains.enterprises.workbook.sheet import Key, Sheet
from backend.domains.enterprises.workbook.sheets import SHEETS
from backend.domains.enterprises.workbook.stored import Known, Stored
from backend.domains.enterprises.workbook.wanted import Wanted, Wish


class SheetPlan(msgspec.Struct):
    """What becomes of the rows of a sheet."""

    created: list[Wanted] = msgspec.field(default_factory=list)
    changed: list[Wanted] = msgspec.field(default_factory=list)
    removed: list[Known] = msgspec.field(default_factory=list)
    unchanged: int = 0

    @property
    def touches(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.created or self.changed or self.removed)


Plan = dict[str, SheetPlan]


def make_plan(wish: Wish, stored: Stored) -> Plan:
    """The plan by slug; sheets that the file does not have are left as they are."""
    return {sheet.slug: _plan_of(sheet, wish, stored) for sheet in SHEETS}


def _plan_of(sheet: Sheet, wish: Wish, stored: Stored) -> SheetPlan:
    plan = SheetPlan()
    rows = wish.sheets[sheet.slug]
    for wanted in rows.values():
        if wanted.known is None:
            plan.created.append(wanted)
        elif wanted.changed():
            plan.changed.append(wanted)
        else:
            plan.unchanged += 1
    if sheet.whole:
        owners = {_owner(sheet, wanted.values) for wanted in rows.values()}
        plan.removed = [
            known
            for key, known in stored.sheets[sheet.slug].items()
            if key not in rows and _owner(sheet, known.values) in owners
        ]
    return plan


def _owner(sheet: Sheet, values: dict[str, Any]) -> Key:
    return tuple(values[field] for field in sheet.whole)


def touches(plan: Plan) -> bool:
    """Whether the plan changes anything at all."""
    return any(each.touches for each in plan.values())
