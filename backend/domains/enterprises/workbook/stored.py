"""The registry as it is, in the workbook's terms: what an export writes and an import compares with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from tortoise.models import Model

from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.workbook.columns import Column, Kind, Wrong
from backend.domains.enterprises.workbook.point_sheets import DAMPING, LIMITS
from backend.domains.enterprises.workbook.sheet import Key, Sheet, Values
from backend.domains.enterprises.workbook.sheets import SHEETS
from backend.domains.monitoring.models import LimitSet
from backend.domains.monitoring.queries import limits_in_force, newest_limits


class Known(msgspec.Struct):
    """A row on record. limits: the newest version of a point's limits, also one whose time is to come."""

    values: Values
    row: Any
    limits: LimitSet | None = None


class Stored(msgspec.Struct):
    """Rows on record by slug and key, and the key of each id."""

    sheets: dict[str, dict[Key, Known]]
    keys: dict[str, dict[Any, Key]]

    def values(self) -> dict[str, Iterable[Values]]:
        """The rows as `make_workbook` takes them, in the order of their keys."""
        return {
            slug: [rows[key].values for key in sorted(rows, key=lambda key: tuple(map(str, key)))]
            for slug, rows in self.sheets.items()
        }


async def load_stored(enterprises: Sequence[Enterprise], now: datetime) -> Stored:
    """All that stands in these enterprises. Whoever asks has checked that they are visible."""
    stored = Stored({}, {})
    for sheet in SHEETS:
        rows: list[Any] = list(enterprises) if sheet.model is Enterprise else await _rows(sheet, stored)
        limits = await _limits([row.id for row in rows], now) if sheet.slug == "points" else {}
        known = await asyncio.to_thread(_known, sheet, rows, limits, stored)
        if sheet.slug == "points":
            newest = await newest_limits(row.id for row in rows)
            for each in known:
                each.limits = newest.get(each.row.id)
        stored.sheets[sheet.slug] = {sheet.key_of(each.values): each for each in known}
        stored.keys[sheet.slug] = {each.row.id: sheet.key_of(each.values) for each in known}
    return stored


def _known(sheet: Sheet, rows: list[Any], limits: dict[int, Values], stored: Stored) -> list[Known]:
    known = [Known(_values(sheet, row, stored) | limits.get(row.id, {}), row) for row in rows]
    for each in known:
        each.values = {name: _normal(sheet, name, value) for name, value in each.values.items()}
    return known


async def _rows(sheet: Sheet, stored: Stored) -> list[Any]:
    owner = sheet.refers[0]
    ids = list(stored.keys[owner.sheet])
    return await sheet.model.filter(**{f"{owner.attribute}__in": ids}) if ids else []


def _values(sheet: Sheet, row: Model, stored: Stored) -> Values:
    carried = {name for refers in sheet.refers for name in refers.fields}
    values = {column.field: getattr(row, column.field, None) for column in sheet.columns if column.field not in carried}
    for refers in sheet.refers:
        held = getattr(row, refers.attribute)
        key = stored.keys[refers.sheet].get(held) if held is not None else None
        values |= dict(zip(refers.fields, key, strict=True)) if key else {refers.fields[-1]: None}
    return values


async def _limits(point_ids: list[int], now: datetime) -> dict[int, Values]:
    rows = await limits_in_force(point_ids, now)
    names = (*LIMITS, *DAMPING, "basis")
    return {point_id: {name: getattr(row, name) for name in names} for point_id, row in rows.items()}


def _normal(sheet: Sheet, field: str, value: Any) -> Any:
    """The value as it would come back from a workbook, so that what did not change compares equal."""
    column = sheet.column(field)
    if column.computed:
        return value
    if column.kind is Kind.CHOICES:
        value = tuple(value or ())
    try:
        return _there_and_back(column, value)
    except (Wrong, KeyError):
        return value


def _there_and_back(column: Column, value: Any) -> Any:
    return column.read(column.write(value))
