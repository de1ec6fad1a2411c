"""From bytes to a workbook that is safe to read: what it is not, is said in plain words before anything is parsed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec
from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

# The streaming parser behind openpyxl's read-only sheets: they hide merged cells, and pad what is missing row by row.
from openpyxl.worksheet._reader import WorkSheetParser

from backend.domains.enterprises.workbook.faults import Unreadable, fault

MB = 1_000_000
# A city of 400 enterprises and 40 000 points takes 2.3 MB.
LARGEST_FILE = 10 * MB
LARGEST_UNPACKED = 150 * MB
MOST_PARTS = 500
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_OFFICE = (("xl/workbook.bin", "Excel .xlsb"), ("word/document.xml", "Word"),
                 ("ppt/presentation.xml", "PowerPoint"), ("content.xml", "OpenDocument"))  # fmt: skip


class Cell(msgspec.Struct, frozen=True):
    """A cell that holds something: column from 1; kind as openpyxl tells: f formula, e error, others values."""

    column: int
    value: Any
    kind: str


class OpenedSheet:
    """A sheet, read once from top to bottom."""

    def __init__(self, sheet: ReadOnlyWorksheet) -> None:
        self._sheet = sheet
        self.title: str = sheet.title
        self.merged: list[str] = []

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Number and cells of the rows that hold something; `merged` is known when the last one was read."""
        sheet: Any = self._sheet  # Its stubs know only what is public.
        book = sheet.parent
        with sheet._get_source() as source:
            parser = _Parser(
                source,
                sheet._shared_strings,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            try:
                for number, cells in parser.parse():
                    held = [Cell(c["column"], c["value"], c["data_type"]) for c in cells if c["value"] is not None]
                    if held:
                        yield number, held
            except _CANNOT_READ as exc:
                raise Unreadable(fault("damaged", sheet=self.title)) from exc
            if parser.merged_cells is not None:
                self.merged = [str(merged.ref) for merged in parser.merged_cells.mergeCell]


class _Parser(WorkSheetParser):
    """The parser, which need not work formulas out: none is taken."""

    def parse_formula(self, element: Any) -> str:
        """Any formula looks the same."""
        return "="


# What a broken or malicious package makes zipfile, the XML parsers and openpyxl raise.
_CANNOT_READ = (ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, SyntaxError, EOFError,
                zipfile.BadZipFile, NotImplementedError, OverflowError, RuntimeError)  # fmt: skip


def open_workbook(data: bytes) -> list[OpenedSheet]:
    """The visible and hidden sheets of an .xlsx; raises Unreadable for what is none, or is too large to unpack."""
    _refuse_others(data)
    _refuse_bombs(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except _CANNOT_READ as exc:
        raise Unreadable(fault("damaged")) from exc
    sheets = [OpenedSheet(sheet) for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
    if not sheets:
        raise Unreadable(fault("no_sheets"))
    return sheets


def _refuse_others(data: bytes) -> None:
    if not data:
        raise Unreadable(fault("empty_file"))
    if len(data) > LARGEST_FILE:
        raise Unreadable(fault("too_large", most=LARGEST_FILE // MB))
    if data.startswith(_OLE):
        raise Unreadable(fault("old_excel"))
    if data.startswith(b"PK"):
        return
    if encoding := _text_encoding(data[:65_536]):
        raise Unreadable(fault("text_file", encoding=encoding))
    raise Unreadable(fault("not_a_workbook"))


def _text_encoding(data: bytes) -> str | None:
    """In which encoding these bytes are text, as far as one can tell; None when they are not."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    if b"\0" in data:
        return None
    for encoding, name in (("utf-8", "UTF-8"), ("gb18030", "GBK")):
        for cut in range(4):  # The sample may end inside a character.
            try:
                data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return name
    return None


def _refuse_bombs(data: bytes) -> None:
    """Say what the package is, and how large it would be, from its directory and without unpacking."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except _CANNOT_READ as exc:
        raise Unreadable(fault("damaged")) from exc
    names = {part.filename for part in parts}
    for name, found in _OTHER_OFFICE:
        if name in names:
            raise Unreadable(fault("other_office", found=found))
    if "[Content_Types].xml" not in names:
        raise Unreadable(fault("not_a_workbook"))
    # zipfile reads no more of a part than its directory tells, so this sum holds.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Unreadable(fault("bomb", most=LARGEST_UNPACKED // MB))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(fault("old_excel"))
