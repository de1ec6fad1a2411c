"""Import: a dry run that names every fault, then all or nothing. A second import of the same file changes nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise, MajorHazard
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.enterprises.workbook.applying import Done, apply
from backend.domains.enterprises.workbook.checking import Surroundings, check
from backend.domains.enterprises.workbook.faults import Fault, where
from backend.domains.enterprises.workbook.grading import foreseen
from backend.domains.enterprises.workbook.planning import Plan, make_plan, touches
from backend.domains.enterprises.workbook.reading import Read, read_workbook
from backend.domains.enterprises.workbook.reporting import MOST_FAULTS_SHOWN, GradeMoved, Report, report_of
from backend.domains.enterprises.workbook.sheets import SHEETS
from backend.domains.enterprises.workbook.stored import Stored, load_stored
from backend.domains.enterprises.workbook.wanted import Wish, set_against
from backend.domains.monitoring.announcing import ConfigChange, announce
from backend.domains.monitoring.models import Gateway
from backend.domains.regions.queries import all_regions
from backend.errors import Problem
from backend.kit import audit
from backend.kit.turns import take_turn


class WorkbookFaults(Problem):
    """The workbook holds faults, so nothing was imported; `faults` names sheet, row, column and reason of each."""

    status, kind = 422, "workbook-faults"


class RegistryMoved(Problem):
    """Somebody else changed the registry during the import, so nothing was imported; try again."""

    kind = "registry-moved"


async def check_workbook(data: bytes, now: datetime, *, by: Viewer | None) -> Report:
    """The dry run: what an import of this file would do, and every fault in it. Nothing is written."""
    read = await asyncio.to_thread(read_workbook, data)
    wish, stored, faults = await _judged(read, now, by)
    plan = await asyncio.to_thread(make_plan, wish, stored)
    report = report_of(plan, faults, Done())
    if not faults:
        report.regraded = [
            GradeMoved(values["code"], values["name"], values["grade"], grade, r)
            for values, grade, r in foreseen(plan, wish, stored)
        ]
    return report


async def import_workbook(
    data: bytes, name: str, now: datetime, *, by: Viewer | None, redis: Redis | None = None
) -> Report:
    """Import a workbook, all or nothing; `name` is the file's, for the audit. None as `by` is the console.

    Raises WorkbookFaults for the first and every other fault, RegistryMoved when somebody else was quicker.
    """
    read = await asyncio.to_thread(read_workbook, data)
    try:
        async with in_transaction():
            await take_turn("registry")
            wish, stored, faults = await _judged(read, now, by)
            if faults:
                raise WorkbookFaults(
                    _words(faults), faultCount=len(faults), faults=msgspec.to_builtins(faults[:MOST_FAULTS_SHOWN])
                )
            plan = await asyncio.to_thread(make_plan, wish, stored)
            done = await apply(plan, wish, stored, now, by=by, reason=f"import of {name}"[:300])
            if touches(plan):
                await _record(data, name, plan, now, by)
    except IntegrityError as exc:
        raise RegistryMoved("the workbook clashes with what is on record by now; check it again") from exc
    for gateway_id in sorted(done.gateway_ids):
        await announce(redis, ConfigChange("gateway", gateway_id))
    return report_of(plan, [], done)


async def _judged(read: Read, now: datetime, by: Viewer | None) -> tuple[Wish, Stored, list[Fault]]:
    enterprises = await _meant(read, by)
    stored = await load_stored(enterprises, now)
    around = await _around(read, stored, by)
    # Forty thousand points take seconds; other requests need not wait for them.
    wish, faults = await asyncio.to_thread(_compare, read, stored, around)
    return wish, stored, faults


def _compare(read: Read, stored: Stored, around: Surroundings) -> tuple[Wish, list[Fault]]:
    wish, doubles = set_against(read, stored)
    faults = [*read.faults, *doubles, *check(wish, stored, around)]
    return wish, sorted(faults, key=lambda each: (_place(each.sheet), each.row or 0))


def _place(sheet: str | None) -> int:
    """The order of a sheet in the workbook; what concerns the file comes first, foreign sheets last."""
    return -1 if sheet is None else next((at for at, known in enumerate(SHEETS) if known.name == sheet), len(SHEETS))


async def _meant(read: Read, by: Viewer | None) -> list[Enterprise]:
    """The enterprises that the file speaks of, by their own code or by that of a hazard, as far as they are visible."""
    codes = set(_told(read, "enterprise")) | set(_told(read, "code", ("enterprises",)))
    hazards = await MajorHazard.filter(code__in=list(set(_told(read, "hazard"))))
    query = Enterprise.all() if by is None else visible_enterprises(by)
    found = await query.filter(code__in=list(codes))
    ids = {each.id for each in found}
    owners: set[UUID] = {hazard.enterprise_id for hazard in hazards} - ids
    more = await (Enterprise.all() if by is None else visible_enterprises(by)).filter(id__in=list(owners))
    return [*found, *more]


async def _around(read: Read, stored: Stored, by: Viewer | None) -> Surroundings:
    areas = frozenset(region.adcode for region in await all_regions())
    own = {known.row.id for known in stored.sheets["enterprises"].values()}
    asked: list[tuple[str, str, Any, str]] = [
        ("enterprises", "code", Enterprise, "id"),
        ("enterprises", "uscc", Enterprise, "id"),
        ("enterprises", "long_code", Enterprise, "id"),
        ("hazards", "code", MajorHazard, "enterprise_id"),
        ("gateways", "code", Gateway, "enterprise_id"),
    ]
    taken: dict[tuple[str, str], set[str]] = {}
    for slug, field, model, owner in asked:
        told = list(set(_told(read, field, (slug,))))
        rows = await model.filter(**{f"{field}__in": told}).values(field, owner) if told else []
        taken[slug, field] = {row[field] for row in rows if row[owner] not in own}
    return Surroundings(areas, None if by is None or by.sees_all else by.adcodes, taken)


def _told(read: Read, field: str, slugs: Sequence[str] | None = None) -> Iterable[str]:
    """Every value of that field in the file."""
    for slug, rows in read.rows.items():
        if slugs is None or slug in slugs:
            yield from (row.values[field] for row in rows if row.values.get(field) is not None)


def _words(faults: list[Fault]) -> str:
    first = faults[0]
    more = f" (1 of {len(faults)} faults)" if len(faults) > 1 else ""
    return f"{where(first)}: {first.reason} / {first.reason_en}{more}".lstrip(": ")


async def _record(data: bytes, name: str, plan: Plan, now: datetime, by: Viewer | None) -> None:
    counts = {
        slug: {"created": len(each.created), "changed": len(each.changed), "removed": len(each.removed)}
        for slug, each in plan.items()
        if each.touches
    }
    await audit.record(
        "registry.imported", "registry", hashlib.sha256(data).hexdigest(), at=now,
        person_id=by.id if by else None, person_name=by.name if by else "console", file=name[:200], rows=counts,
    )  # fmt: skip
