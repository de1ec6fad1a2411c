"""What a dry run or an import tells: counts by sheet, what changes from what to what, and every fault."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from backend.domains.enterprises.workbook.applying import Done
from backend.domains.enterprises.workbook.faults import Fault
from backend.domains.enterprises.workbook.planning import Plan
from backend.domains.enterprises.workbook.sheet import Sheet
from backend.domains.enterprises.workbook.sheets import SHEETS

# An answer has to be read by a person; counts are always complete.
MOST_CHANGES_SHOWN, MOST_FAULTS_SHOWN = 500, 1000


class SheetCounts(Struct, rename="camel"):
    """What becomes of the rows of a sheet."""

    sheet: Annotated[str, Meta(examples=["储罐"])]
    created: int
    changed: int
    removed: Annotated[int, Meta(description="rows of an owner in the file that the file leaves out")]
    unchanged: int


class Change(Struct, rename="camel"):
    """One cell that changes; before and after as they stand in a workbook."""

    sheet: str
    row: int
    key: Annotated[str, Meta(examples=["370305001 TK-101"])]
    column: str
    before: str
    after: str


class GradeMoved(Struct, rename="camel"):
    """A major hazard whose grade, S or R followed its chemicals."""

    code: str
    name: str
    grade_before: int
    grade: int
    r_value: float | None


class NewSecret(Struct, rename="camel"):
    """What a new gateway signs in with; it is shown this once."""

    gateway: str
    secret: str


class Report(Struct, rename="camel"):
    """The outcome. faults and changes are cut off after 1000 and 500, the counts are not."""

    fault_count: int
    faults: list[Fault]
    sheets: list[SheetCounts]
    change_count: int
    changes: list[Change]
    regraded: list[GradeMoved]
    secrets: list[NewSecret]


def report_of(plan: Plan, faults: Sequence[Fault], done: Done) -> Report:
    """The report of a plan."""
    counts = [
        SheetCounts(sheet.name, len(each.created), len(each.changed), len(each.removed), each.unchanged)
        for sheet in SHEETS
        if (each := plan[sheet.slug]).touches or each.unchanged
    ]
    changes = [change for sheet in SHEETS for change in _changes(sheet, plan)]
    return Report(
        fault_count=len(faults),
        faults=list(faults[:MOST_FAULTS_SHOWN]),
        sheets=counts,
        change_count=len(changes),
        changes=changes[:MOST_CHANGES_SHOWN],
        regraded=[
            GradeMoved(each.hazard.code, each.hazard.name, each.grade_before, each.hazard.grade, each.hazard.r_value)
            for each in done.regraded
        ],
        secrets=[NewSecret(code, secret) for code, secret in sorted(done.secrets.items())],
    )


def _changes(sheet: Sheet, plan: Plan) -> list[Change]:
    return [
        Change(
            sheet=sheet.name,
            row=wanted.number,
            key=" ".join(str(part) for part in sheet.key_of(wanted.values)),
            column=sheet.heading(field),
            before=_shown(sheet, field, before),
            after=_shown(sheet, field, after),
        )
        for wanted in plan[sheet.slug].changed
        for field, (before, after) in wanted.changed().items()
    ]


def _shown(sheet: Sheet, field: str, value: Any) -> str:
    cell = sheet.column(field).write(value)
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
