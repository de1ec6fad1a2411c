"""What a workbook asks for, set against what is on record."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domains.enterprises.workbook.faults import Fault, fault
from backend.domains.enterprises.workbook.point_sheets import DAMPING, LIMITS
from backend.domains.enterprises.workbook.reading import Read, whole_rows
from backend.domains.enterprises.workbook.sheet import Key, Sheet, Values
from backend.domains.enterprises.workbook.sheets import SHEETS
from backend.domains.enterprises.workbook.stored import Known, Stored
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.kinds import KINDS


class Wanted(msgspec.Struct):
    """A row of the file. values: every field; those the file has no column for are as on record, or blank."""

    number: int
    values: Values
    known: Known | None

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Before and after of each field that differs from what is on record."""
        if self.known is None:
            return {}
        before = self.known.values
        return {name: (before[name], value) for name, value in self.values.items() if before.get(name) != value}


class Wish(msgspec.Struct):
    """All rows of the file by slug and key; mentioned: also the keys of rows with a fault in another cell."""

    sheets: dict[str, dict[Key, Wanted]]
    mentioned: dict[str, set[Key]]

    def find(self, slug: str, key: Key, stored: Stored) -> Values | None:
        """The row of that key as it will be, or as it is."""
        if key in self.sheets[slug]:
            return self.sheets[slug][key].values
        known = stored.sheets[slug].get(key)
        return known.values if known else None


def set_against(read: Read, stored: Stored) -> tuple[Wish, list[Fault]]:
    """The rows without a fault of their own beside what is on record, and the rows that are there twice."""
    wish, faults = Wish({}, {}), list[Fault]()
    for sheet in SHEETS:
        rows = read.rows.get(sheet.slug, [])
        wish.mentioned[sheet.slug] = {
            tuple(row.values[field] for field in sheet.key)
            for row in rows
            if all(field in row.values for field in sheet.key)
        }
        wanted: dict[Key, Wanted] = {}
        for row in whole_rows(sheet, rows, read.columns.get(sheet.slug, [])):
            key = sheet.key_of(row.values)
            if key in wanted:
                faults.append(
                    fault("double_row", sheet=sheet.name, row=row.number, column=sheet.heading(sheet.key[-1]),
                          other=wanted[key].number)
                )  # fmt: skip
                continue
            known = stored.sheets[sheet.slug].get(key)
            blanks = {column.field: column.blank for column in sheet.read_columns}
            before = {name: known.values[name] for name in blanks} if known else blanks
            wanted[key] = Wanted(row.number, _filled(sheet, before | row.values, known), known)
        wish.sheets[sheet.slug] = wanted
    return wish, faults


def _filled(sheet: Sheet, values: Values, known: Known | None) -> Values:
    """With what an empty cell stands for where that is not nothing."""
    if sheet.slug == "enterprises" and not values["short_name"]:
        values["short_name"] = values["name"][:40]
    if sheet.slug == "points":
        facts = KINDS[PointKind(values["kind"])]
        before = known.values if known else {}
        values["unit"] = values["unit"] or before.get("unit") or facts.unit
        if values["decimals"] is None:
            values["decimals"] = before.get("decimals", facts.decimals)
        if all(values[name] is None for name in LIMITS):
            values |= {"basis": "", **dict.fromkeys(DAMPING)}  # They say nothing without limits.
        elif before and all(values[name] == before[name] for name in LIMITS):
            # Nothing about the limits changed, so blank cells beside them do not ask for the usual damping.
            values |= {name: before[name] for name in DAMPING if values[name] is None}
            values["basis"] = values["basis"] or before["basis"]
    return values
