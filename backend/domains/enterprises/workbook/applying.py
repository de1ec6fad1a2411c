"""Carrying a plan out, inside the caller's transaction: one audit row for each record that changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from tortoise.models import Model

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.major_hazards import assess
from backend.domains.enterprises.rules import initials_of
from backend.domains.enterprises.service.basics import FIELDS as INFO_FIELDS
from backend.domains.enterprises.service.hazards import Regraded, counted, regrade
from backend.domains.enterprises.workbook.applying_points import (
    add_gateways,
    add_points,
    change_points,
    rename_gateways,
)
from backend.domains.enterprises.workbook.grading import held_of, to_grade
from backend.domains.enterprises.workbook.planning import Plan
from backend.domains.enterprises.workbook.sheet import Key, Sheet, Values
from backend.domains.enterprises.workbook.sheets import SHEETS
from backend.domains.enterprises.workbook.stored import Known, Stored
from backend.domains.enterprises.workbook.wanted import Wanted, Wish
from backend.kit import audit
from backend.kit.ids import new_id

Ids = dict[str, dict[Key, Any]]


class Done(msgspec.Struct):
    """What came of a plan: secrets of new gateways by code, hazards whose grade moved, gateways that ingest knows."""

    secrets: dict[str, str] = msgspec.field(default_factory=dict)
    regraded: list[Regraded] = msgspec.field(default_factory=list)
    gateway_ids: set[int] = msgspec.field(default_factory=set)


class Work(msgspec.Struct):
    """A plan under way: what it was made from, ids by slug and key, new gateways by id,
    and the rows that the audit will get.
    """

    plan: Plan
    wish: Wish
    stored: Stored
    now: datetime
    by: Viewer | None
    reason: str
    ids: Ids
    gateways: dict[int, Any] = msgspec.field(default_factory=dict)
    entries: list[audit.Entry] = msgspec.field(default_factory=list)
    done: Done = msgspec.field(default_factory=Done)

    def references(self, sheet: Sheet, values: Values) -> dict[str, Any]:
        """The ids that a row's references stand for."""
        found: dict[str, Any] = {}
        for refers in sheet.refers:
            key = tuple(values[name] for name in refers.fields)
            found[refers.attribute] = None if key[-1] is None else self.ids[refers.sheet][key]
        return found

    def note(self, verb: str, sheet: Sheet, row_id: object, values: Values, **detail: Any) -> None:
        """A line for the audit."""
        self.entries.append(
            audit.Entry(
                verb=f"{sheet.record}.{verb}", object_kind=sheet.record, object_id=row_id, reason=self.reason,
                detail={"key": [str(part) for part in sheet.key_of(values)], **detail},
            )
        )  # fmt: skip


async def apply(plan: Plan, wish: Wish, stored: Stored, now: datetime, *, by: Viewer | None, reason: str) -> Done:
    """Enter, change and take out what the plan says, in the order of the sheets, then grade the hazards anew."""
    ids = {slug: {key: known.row.id for key, known in rows.items()} for slug, rows in stored.sheets.items()}
    work = Work(plan, wish, stored, now, by, reason, ids)
    for sheet in SHEETS:
        if sheet.slug == "gateways":
            await add_gateways(work)
            await rename_gateways(work)
        elif sheet.slug == "points":
            await add_points(work)
            await change_points(work)
        else:
            await _remove(sheet, plan[sheet.slug].removed, work)
            await _create(sheet, plan[sheet.slug].created, work)
            for wanted in plan[sheet.slug].changed:
                await _change(sheet, wanted, work)
    await audit.record_all(
        work.entries, at=now, person_id=by.id if by else None, person_name=by.name if by else "console"
    )
    grade_anew = [work.ids["hazards"][(code,)] for code in to_grade(plan, stored)]
    work.done.regraded = await regrade(grade_anew, now, by=by, reason=reason)
    return work.done


async def _create(sheet: Sheet, rows: Iterable[Wanted], work: Work) -> None:
    made: list[Model] = []
    for wanted in rows:
        own = {field: _storable(wanted.values[field]) for field in sheet.own_fields}
        row = sheet.model(
            id=new_id(), **own, **work.references(sheet, wanted.values), **_extras(sheet, wanted.values, work)
        )
        made.append(row)
        work.ids[sheet.slug][sheet.key_of(wanted.values)] = row.id  # type: ignore[attr-defined]  # all have one
        work.note("entered", sheet, row.id, wanted.values, row=wanted.values)  # type: ignore[attr-defined]  # as above
    await sheet.model.bulk_create(made, batch_size=500)


async def _change(sheet: Sheet, wanted: Wanted, work: Work) -> None:
    known, changed = wanted.known, wanted.changed()
    assert known is not None, "only rows on record change"
    attributes = {field: _storable(wanted.values[field]) for field in changed if field in sheet.own_fields}
    moved = work.references(sheet, wanted.values)
    attributes |= {name: held for name, held in moved.items() if held != getattr(known.row, name)}
    extras = _extras(sheet, wanted.values, work, known)
    attributes |= {name: value for name, value in extras.items() if value != getattr(known.row, name)}
    if sheet.slug == "enterprises" and set(changed) & set(INFO_FIELDS):
        attributes["info_version"] = known.row.info_version + 1
    for name, value in attributes.items():
        setattr(known.row, name, value)
    await known.row.save(update_fields=list(attributes))
    work.note("changed", sheet, known.row.id, wanted.values, changes=changed)


async def _remove(sheet: Sheet, rows: Iterable[Known], work: Work) -> None:
    for known in rows:
        work.note("removed", sheet, known.row.id, known.values, row=known.values)
    gone = [known.row.id for known in rows]
    if gone:
        await sheet.model.filter(id__in=gone).delete()


def _extras(sheet: Sheet, values: Values, work: Work, known: Known | None = None) -> dict[str, Any]:
    """What a row keeps beside its columns: initials, the Q and β of a chemical, the first grade of a hazard."""
    if sheet.slug == "enterprises":
        extras = {"initials": initials_of(values["name"])}
        return extras if known else extras | {"created_at": work.now}
    if sheet.slug == "chemicals":
        stock = counted(held_of(values))
        return {"threshold_t": stock.threshold_t, "beta": stock.beta}
    if sheet.slug == "hazards" and known is None:
        stocks = [
            counted(held_of(wanted.values))
            for (hazard, _), wanted in work.wish.sheets["chemicals"].items()
            if hazard == values["code"]
        ]
        owner = work.wish.find("enterprises", (values["enterprise"],), work.stored)
        assert owner is not None, "a hazard without its enterprise was refused"
        found = assess(stocks, owner["residents_500m"])
        return {"grade": found.grade, "s_value": found.s, "r_value": found.r}
    return {}


def _storable(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
