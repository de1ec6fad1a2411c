"""The template, and the registry as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from backend.domains.enterprises.workbook.columns import Column, Kind
from backend.domains.enterprises.workbook.sheet import Sheet, Values
from backend.domains.enterprises.workbook.sheets import README, SHEETS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_ROW = 50_002
# Excel takes no longer list of choices written into a cell's rule.
LONGEST_LIST = 250
_BOLD, _GREY = Font(bold=True), Font(color="808080", size=9)
_NEEDED, _PLAIN, _COMPUTED = (PatternFill("solid", fgColor=colour) for colour in ("FFE699", "DDEBF7", "EDEDED"))
_GUIDE = (
    ("每张工作表第一行为表头，第二行为英文对照，第三行起填写；表头和工作表名称不要改动。",
     "Row 1 holds the headings, row 2 their English, data begin in row 3. Leave names of sheets and columns alone."),
    ("黄色为必填列，蓝色为选填列，灰色由系统计算、导入时忽略。",
     "Yellow columns are required, blue ones optional, grey ones computed and passed over."),
    ("不用的列或工作表可以删去，删去的内容保持不变；列在而单元格空白，表示没有。",
     "Columns and sheets you do not need may go: what they hold stays as it is. A blank cell says there is none."),
    ("不要合并单元格，不要用公式；编码、信用代码设为文本。", "No merged cells, no formulas; codes are text."),
    ("登记过的行不会因为不在表中而删除。", "Rows on record are not removed by leaving them out."),
)  # fmt: skip


def make_workbook(rows: Mapping[str, Iterable[Values]]) -> bytes:
    """An .xlsx with every sheet; rows by slug, in the workbook's own terms. Without rows it is the template."""
    book = Workbook(write_only=True)
    _write_guide(book)
    for sheet in SHEETS:
        _write_sheet(book, sheet, rows.get(sheet.slug, ()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_guide(book: Workbook) -> None:
    page = book.create_sheet(README)
    page.column_dimensions["A"].width = 24
    page.column_dimensions["B"].width = 90
    for chinese, english in _GUIDE:
        page.append([None, chinese])
        page.append([None, english])
    page.append([])
    for sheet in SHEETS:
        page.append([sheet.name, "；".join(part for part in (sheet.english, sheet.note) if part)])


def _write_sheet(book: Workbook, sheet: Sheet, rows: Iterable[Values]) -> None:
    page = book.create_sheet(sheet.name)
    page.freeze_panes = "A3"
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = max(12, 2.2 * len(column.heading) + 2)
        if rule := _rule(column):
            page.data_validations.append(rule)
            rule.add(f"{letter}3:{letter}{LAST_ROW}")
    page.append([_heading(page, column) for column in sheet.columns])
    page.append([_styled(page, column.english, _GREY) for column in sheet.columns])
    for row in rows:
        page.append([_cell(page, column, row.get(column.field)) for column in sheet.columns])


def _heading(page: Any, column: Column) -> Any:
    cell = _styled(page, column.heading, _BOLD)
    cell.fill = _COMPUTED if column.computed else _NEEDED if column.required else _PLAIN
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    words = [column.note] if column.note else []
    if column.choices:
        words.append("可选：" + "、".join(column.choices.values()))
    if words:
        cell.comment = Comment("\n".join(words), "Anlan", height=120, width=320)
    return cell


def _styled(page: Any, value: Any, font: Font) -> Any:
    cell = WriteOnlyCell(page, value)
    cell.font = font
    return cell


def _cell(page: Any, column: Column, value: Any) -> Any:
    written = value if column.computed else column.write(value)
    if isinstance(written, str):
        cell = WriteOnlyCell(page, written)
        # A text stays a text, also one that begins with "=" or looks like a number.
        cell.data_type = "s"
        cell.number_format = "@"
        return cell
    if isinstance(written, date):
        cell = WriteOnlyCell(page, datetime.combine(written, time.min))
        cell.number_format = "yyyy-mm-dd"
        return cell
    return written


def _rule(column: Column) -> DataValidation | None:
    """The list that Excel offers where the choices are few."""
    words = ["是", "否"] if column.kind is Kind.FLAG else list(column.choices.values())
    told = '"' + ",".join(words) + '"'
    if not words or column.kind is Kind.CHOICES or len(told) > LONGEST_LIST:
        return None
    return DataValidation(type="list", formula1=told, allow_blank=True, showErrorMessage=True)
