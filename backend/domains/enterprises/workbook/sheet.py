"""What a sheet is: its columns, what identifies a row of it, what its rows refer to, and where they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from tortoise.models import Model

from backend.domains.enterprises.workbook.columns import Column

# A row of a sheet in the workbook's own terms: codes, not ids.
Values = dict[str, Any]
Key = tuple[Any, ...]


class Refers(msgspec.Struct, frozen=True):
    """Fields of a row that together are the key of a row of another sheet, kept as `attribute` (an id)."""

    sheet: str
    fields: tuple[str, ...]
    attribute: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet.

    slug: its name in code. key: fields that identify a row. record: what the audit calls a row of it.
    whole: fields of an owner whose rows in a workbook are all it has; those missing there are taken out.
    A row whose model has an attribute of a column's field keeps it there; `refers` carry the others.
    """

    slug: str
    name: str
    english: str
    record: str
    model: type[Model]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    refers: tuple[Refers, ...] = ()
    whole: tuple[str, ...] = ()
    note: str = ""

    def column(self, field: str) -> Column:
        """The column of that field."""
        return next(column for column in self.columns if column.field == field)

    @property
    def read_columns(self) -> list[Column]:
        """The columns an import takes."""
        return [column for column in self.columns if not column.computed]

    @property
    def own_fields(self) -> list[str]:
        """Fields that the model keeps as they are."""
        carried = {name for refers in self.refers for name in refers.fields}
        return [column.field for column in self.read_columns if column.field not in carried]

    def key_of(self, values: Mapping[str, Any]) -> Key:
        """What identifies a row."""
        return tuple(values[field] for field in self.key)

    def heading(self, field: str) -> str:
        """The Chinese heading of a field."""
        return self.column(field).heading
