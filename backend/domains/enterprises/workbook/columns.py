"""What a column of the workbook holds, and how one cell of it is read and written."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

# Excel keeps numbers with 15 digits; a longer code that was typed as a number has lost its end.
SAFE_DIGITS = 15
_GARBLED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]|锟斤拷|烫烫烫")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_YES, _NO = frozenset({"是", "y", "yes", "true", "1", "√"}), frozenset({"否", "n", "no", "false", "0", "×"})
_SEPARATORS = re.compile(r"[、，,;；\n]+")


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    DAY = "day"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"


class Wrong(Exception):
    """A cell that cannot be taken: kind of the fault, and what its sentence needs."""

    def __init__(self, kind: str, **facts: object) -> None:
        super().__init__(kind)
        self.kind, self.facts = kind, facts


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: its Chinese heading, its English one for the second row, and what its cells hold.

    field: name in a row of the workbook, and of the model's attribute unless a reference carries it.
    blank: what an empty cell means. computed: shown in exports, not read. choices: stored value to Chinese word.
    check: the kind of fault of a text, or None.
    """

    field: str
    heading: str
    english: str
    kind: Kind = Kind.TEXT
    required: bool = False
    computed: bool = False
    blank: Any = None
    longest: int = 80
    at_least: float | None = None
    at_most: float | None = None
    choices: Mapping[str, str] = msgspec.field(default_factory=dict)
    check: Callable[[str], str | None] | None = None
    note: str = ""

    def read(self, cell: Any) -> Any:
        """The value of a cell as the registry keeps it; raises Wrong."""
        if isinstance(cell, str):
            if _GARBLED.search(cell):
                raise Wrong("garbled")
            cell = cell.strip()
        if cell is None or cell == "":
            if self.required:
                raise Wrong("required")
            return self.blank
        return _READERS[self.kind](self, cell)

    def write(self, value: Any) -> Any:
        """The cell that `read` takes back to the same value."""
        if value is None or value == "" or value == ():
            return None
        if self.kind is Kind.FLAG:
            return "是" if value else "否"
        if self.kind is Kind.CHOICE:
            return self.choices[str(value)]
        if self.kind is Kind.CHOICES:
            return "、".join(self.choices[str(each)] for each in value) or None
        return value


def _text(column: Column, cell: Any) -> str:
    if isinstance(cell, bool):
        cell = "是" if cell else "否"
    elif isinstance(cell, datetime):
        cell = cell.date().isoformat()
    elif isinstance(cell, (int, float)):
        if abs(cell) >= 10**SAFE_DIGITS:
            raise Wrong("long_number")
        cell = str(int(cell)) if float(cell).is_integer() else repr(cell)
    text = str(cell)
    if len(text) > column.longest:
        raise Wrong("too_long", most=column.longest)
    if column.check is not None and (kind := column.check(text)):
        raise Wrong(kind, value=text, most=column.longest)
    return text


def _number(column: Column, cell: Any) -> float:
    value = _as_number(cell)
    if value is None or not math.isfinite(value):
        raise Wrong("not_a_number", value=cell)
    if column.at_least is not None and value < column.at_least:
        raise Wrong("too_small", least=f"{column.at_least:g}")
    if column.at_most is not None and value > column.at_most:
        raise Wrong("too_big", most=f"{column.at_most:g}")
    # Workbooks keep 15 digits; what lies beyond them differs between programs and is no change.
    return float(f"{value:.{SAFE_DIGITS}g}")


def _whole(column: Column, cell: Any) -> int:
    value = _number(column, cell)
    if not value.is_integer():
        raise Wrong("not_whole", value=cell)
    return int(value)


def _as_number(cell: Any) -> float | None:
    """A number, also one typed as text with full-width digits or thousands' commas."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, str):
        return None
    text = unicodedata.normalize("NFKC", cell).strip()
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        return float(text) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) else None
    except ValueError:
        return None


def _day(_: Column, cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DAY.fullmatch(cell) if isinstance(cell, str) else None
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not 1900 < day.year < 2200:
        raise Wrong("not_a_day", value=cell)
    return day


def _flag(_: Column, cell: Any) -> bool:
    word = str(cell).strip().lower()
    if word not in _YES | _NO:
        raise Wrong("not_yes_or_no")
    return word in _YES


def _choice(column: Column, cell: Any) -> str:
    word = str(cell).strip()
    for value, chinese in column.choices.items():
        if word == chinese or word.lower() == value.lower():
            return value
    raise Wrong("not_a_choice", value=word, choices="、".join(column.choices.values()))


def _choices(column: Column, cell: Any) -> tuple[str, ...]:
    words = [word.strip() for word in _SEPARATORS.split(str(cell)) if word.strip()]
    return tuple(dict.fromkeys(_choice(column, word) for word in words))


_READERS: dict[Kind, Callable[[Column, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.DAY: _day,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
}
