"""From sheets to rows of values, and a fault for every cell that cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from openpyxl.utils import get_column_letter

from backend.domains.enterprises.workbook.columns import Column, Wrong
from backend.domains.enterprises.workbook.faults import Fault, Unreadable, fault
from backend.domains.enterprises.workbook.opening import Cell, OpenedSheet, open_workbook
from backend.domains.enterprises.workbook.sheet import Sheet, Values
from backend.domains.enterprises.workbook.sheets import BY_NAME, README

# A city has 40 000 points; more in one sheet is a mistake.
MOST_ROWS = 50_000
# Enough to mend by; who has more has one mistake many times.
MOST_FAULTS = 1_000
MOST_MERGED_SHOWN = 3
HEADING_ROW, ENGLISH_ROW = 1, 2


class Row(msgspec.Struct):
    """A row as it was read; number is Excel's. values: those of the columns that the file has."""

    number: int
    values: Values


class Read(msgspec.Struct):
    """What a file holds: rows by slug of their sheet, and what is wrong with it."""

    rows: dict[str, list[Row]] = msgspec.field(default_factory=dict)
    columns: dict[str, list[Column]] = msgspec.field(default_factory=dict)
    faults: list[Fault] = msgspec.field(default_factory=list)


def read_workbook(data: bytes) -> Read:
    """The rows of an .xlsx; never raises: a file that cannot be read is a fault too."""
    read = Read()
    try:
        sheets = open_workbook(data)
        known = [sheet for sheet in sheets if sheet.title in BY_NAME]
        for sheet in sheets:
            if sheet not in known and sheet.title != README:
                read.faults += _unknown(sheet)
        if not known:
            read.faults.append(fault("no_sheets"))
        for sheet in known:
            _read_sheet(sheet, BY_NAME[sheet.title], read)
    except Unreadable as exc:
        read.faults.append(exc.fault)
    return read


def _unknown(sheet: OpenedSheet) -> list[Fault]:
    """A foreign sheet is a fault, unless it is as empty as the ones that Excel makes by itself."""
    if next(sheet.rows(), None) is None:
        return []
    return [fault("unknown_sheet", sheet=sheet.title, value=sheet.title)]


def _read_sheet(opened: OpenedSheet, sheet: Sheet, read: Read) -> None:
    rows = opened.rows()
    first = next(rows, None)
    if first is None:
        return
    number, cells = first
    if number != HEADING_ROW:
        read.faults.append(fault("no_headings", sheet=sheet.name, row=HEADING_ROW))
        return
    columns = _columns(sheet, cells, read.faults)
    if columns is None:
        return
    read.columns[sheet.slug] = list(columns.values())
    read.rows[sheet.slug] = []
    for number, cells in rows:
        if number == ENGLISH_ROW and _is_english(columns, cells):
            continue
        if len(read.rows[sheet.slug]) >= MOST_ROWS:
            read.faults.append(fault("too_many_rows", sheet=sheet.name, row=number, most=MOST_ROWS))
            return
        if len(read.faults) < MOST_FAULTS:
            read.rows[sheet.slug].append(_row(sheet, columns, number, cells, read.faults))
    if opened.merged:
        shown = "、".join(opened.merged[:MOST_MERGED_SHOWN]) + ("…" if len(opened.merged) > MOST_MERGED_SHOWN else "")
        read.faults.append(fault("merged_cells", sheet=sheet.name, row=_row_of(opened.merged[0]), where=shown))


def _columns(sheet: Sheet, cells: list[Cell], faults: list[Fault]) -> dict[int, Column] | None:
    """Which column of the file is which of ours; None when there is no use in reading on."""
    by_heading = {column.heading: column for column in sheet.columns}
    found: dict[int, Column] = {}
    wrong: list[Fault] = []
    for cell in cells:
        heading = str(cell.value).strip()
        place = {"sheet": sheet.name, "row": HEADING_ROW, "column": get_column_letter(cell.column)}
        if heading not in by_heading:
            wrong.append(fault("unknown_column", **place, value=heading))  # type: ignore[arg-type]  # place, spread
        elif by_heading[heading] in found.values():
            wrong.append(fault("double_column", **place, value=heading))  # type: ignore[arg-type]  # place, spread
        else:
            found[cell.column] = by_heading[heading]
    for column in sheet.read_columns:
        needed = column.required or column.field in sheet.key
        if needed and column not in found.values():
            wrong.append(fault("missing_column", sheet=sheet.name, row=HEADING_ROW, column=column.heading))
    faults += wrong
    if wrong:
        return None
    return {number: column for number, column in found.items() if not column.computed}


def _is_english(columns: dict[int, Column], cells: list[Cell]) -> bool:
    """Whether this is the template's second row, with the English headings."""
    told = {cell.column: str(cell.value).strip() for cell in cells}
    return any(told.get(number) == column.english for number, column in columns.items())


def _row(sheet: Sheet, columns: dict[int, Column], number: int, cells: list[Cell], faults: list[Fault]) -> Row:
    by_column = {cell.column: cell for cell in cells}
    values: Values = {}
    for place, column in columns.items():
        try:
            values[column.field] = column.read(_plain(by_column.get(place)))
        except Wrong as wrong:
            faults.append(fault(wrong.kind, sheet=sheet.name, row=number, column=column.heading, **wrong.facts))
    return Row(number, values)


def _plain(cell: Cell | None) -> Any:
    """The value of a cell; raises Wrong for a formula or an error."""
    if cell is None:
        return None
    if cell.kind == "f":
        raise Wrong("formula")
    if cell.kind == "e":
        raise Wrong("error_value", value=cell.value)
    return cell.value


def _row_of(reference: str) -> int | None:
    digits = "".join(sign for sign in reference.partition(":")[0] if sign.isdigit())
    return int(digits) if digits else None


def whole_rows(sheet: Sheet, rows: list[Row], columns: list[Column]) -> Iterator[Row]:
    """The rows without a fault of their own: every column of the file has its value."""
    fields = {column.field for column in columns}
    return (row for row in rows if fields <= row.values.keys())
