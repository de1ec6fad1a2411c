"""Major hazards: what they hold, the grade that follows from it, and who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.chemicals import find_chemical, is_cas
from backend.domains.enterprises.enums import ResponsibleRole
from backend.domains.enterprises.hazard_classes import CLASSES
from backend.domains.enterprises.major_hazards import Assessment, Stock, assess
from backend.domains.enterprises.models import Enterprise, HazardChemical, HazardResponsible, MajorHazard
from backend.errors import Invalid
from backend.kit import audit
from backend.kit.ids import new_id
from backend.kit.turns import take_turn

LARGEST_QUANTITY_T = 10_000_000


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A chemical that a hazard holds; hazard_class is needed only for one that is not among the known chemicals."""

    chemical: str
    quantity_t: float
    cas: str = ""
    hazard_class: str = ""


class Regraded(msgspec.Struct, frozen=True):
    """A hazard whose S, R or grade changed: the grade before, and the hazard as it is."""

    hazard: MajorHazard
    grade_before: int


def counted(held: Held) -> Stock:
    """The chemical with the Q and β it is counted by; raises Invalid for one that nothing is known about."""
    chemical = find_chemical(held.chemical, held.cas)
    if chemical is not None and held.cas and chemical.cas not in ("", held.cas):
        raise Invalid(f"the CAS number of {chemical.name} is {chemical.cas}", field="cas", chemical=held.chemical)
    if held.cas and not is_cas(held.cas):
        raise Invalid(f"{held.cas} is no CAS number", field="cas", chemical=held.chemical)
    if chemical is not None:
        return Stock(held.quantity_t, chemical.threshold_t, chemical.beta)
    kind = CLASSES.get(held.hazard_class)
    if kind is None:
        raise Invalid(
            f"{held.chemical} is not among the known chemicals; name its class of GB 18218 table 2",
            field="hazardClass",
            chemical=held.chemical,
        )
    return Stock(held.quantity_t, kind.threshold_t, kind.beta)


async def set_quantities(
    hazard: MajorHazard, held: Sequence[Held], now: datetime, *, by: Viewer | None, reason: str
) -> Assessment:
    """Put down all that a hazard holds at most; S, R and grade follow, with a line of their own where they change.

    Raises Invalid for no chemical at all, one named twice, or one that cannot be counted.
    """
    rows = _rows(hazard.id, held)
    async with in_transaction():
        await take_turn("hazard", hazard.id)
        before = await HazardChemical.filter(hazard_id=hazard.id).order_by("chemical")
        if _told(before) != _told(sorted(rows, key=lambda row: row.chemical)):
            await HazardChemical.filter(hazard_id=hazard.id).delete()
            await HazardChemical.bulk_create(rows)
            await audit.record(
                "hazard.quantities_set", "hazard", hazard.id, at=now, person_id=by.id if by else None,
                person_name=by.name if by else "console", reason=reason, code=hazard.code,
                before=_told(before), after=_told(rows),
            )  # fmt: skip
        await regrade([hazard.id], now, by=by, reason=reason)
        await hazard.refresh_from_db()
        return await _assessed(hazard, rows)


async def foresee_quantities(hazard: MajorHazard, held: Sequence[Held]) -> tuple[list[HazardChemical], Assessment]:
    """What `set_quantities` would put down and compute, without storing anything; refuses what it would refuse."""
    rows = sorted(_rows(hazard.id, held), key=lambda row: row.chemical)
    return rows, await _assessed(hazard, rows)


async def regrade(hazard_ids: Iterable[UUID], now: datetime, *, by: Viewer | None, reason: str) -> list[Regraded]:
    """Compute these hazards anew from what they hold and who lives near; each that changes leaves a line.

    A hazard without chemicals keeps the grade it was entered with.
    """
    ids = list(hazard_ids)
    changed: list[Regraded] = []
    async with in_transaction():
        hazards = await MajorHazard.filter(id__in=ids).order_by("code")
        stocks: dict[UUID, list[Stock]] = {}
        for row in await HazardChemical.filter(hazard_id__in=ids):
            stocks.setdefault(row.hazard_id, []).append(Stock(row.quantity_t, row.threshold_t, row.beta))
        owners = {each.id: each for each in await Enterprise.filter(id__in=[h.enterprise_id for h in hazards])}
        entries: list[audit.Entry] = []
        for hazard in hazards:
            if hazard.id not in stocks:
                continue
            found = assess(stocks[hazard.id], owners[hazard.enterprise_id].residents_500m)
            if (hazard.grade, hazard.r_value, hazard.s_value) == (found.grade, found.r, found.s):
                continue
            before = {"grade": hazard.grade, "r": hazard.r_value, "s": hazard.s_value}
            changed.append(Regraded(hazard, hazard.grade))
            hazard.grade, hazard.r_value, hazard.s_value = found.grade, found.r, found.s
            await hazard.save(update_fields=["grade", "r_value", "s_value"])
            detail = {"code": hazard.code, "before": before, "after": found}
            entries.append(
                audit.Entry(
                    verb="hazard.regraded", object_kind="hazard", object_id=hazard.id, reason=reason, detail=detail
                )
            )
        await audit.record_all(
            entries, at=now, person_id=by.id if by else None, person_name=by.name if by else "console"
        )
    return changed


async def appoint(
    hazard: MajorHazard, role: ResponsibleRole, name: str, phone: str, since: date, now: datetime, *, by: Viewer
) -> HazardResponsible:
    """Name who answers for a hazard in that role from `since` on; the term before ends the day before.

    The same person again with another phone is a correction of the running term. Raises Invalid for a day that
    does not lie after the beginning of the running term.
    """
    async with in_transaction():
        await take_turn("hazard", hazard.id)
        running = await HazardResponsible.filter(hazard_id=hazard.id, role=role).order_by("-since").first()
        before = {"name": running.name, "phone": running.phone, "since": running.since} if running else None
        if running is not None and (running.name, running.since) == (name, since):
            running.phone = phone
            await running.save(update_fields=["phone"])
            row = running
        else:
            if running is not None and since <= running.since:
                raise Invalid(f"the term of {running.name} began on {running.since}; name a later day", field="since")
            if running is not None and (running.until is None or running.until >= since):
                running.until = since - timedelta(days=1)
                await running.save(update_fields=["until"])
            row = await HazardResponsible.create(
                id=new_id(), hazard_id=hazard.id, role=role, name=name, phone=phone, since=since
            )
        await audit.record(
            "hazard.person_named", "hazard", hazard.id, at=now, person_id=by.id, person_name=by.name,
            code=hazard.code, role=role, before=before, after={"name": name, "phone": phone, "since": since},
        )  # fmt: skip
    return row


async def _assessed(hazard: MajorHazard, rows: Iterable[HazardChemical]) -> Assessment:
    enterprise = await Enterprise.get(id=hazard.enterprise_id)
    return assess([Stock(row.quantity_t, row.threshold_t, row.beta) for row in rows], enterprise.residents_500m)


def _rows(hazard_id: UUID, held: Sequence[Held]) -> list[HazardChemical]:
    if not held:
        raise Invalid("a major hazard holds at least one chemical", field="chemicals")
    if len({each.chemical for each in held}) < len(held):
        raise Invalid("a chemical stands there twice", field="chemicals")
    return [_row(hazard_id, each) for each in held]


def _row(hazard_id: UUID, held: Held) -> HazardChemical:
    if not 0 <= held.quantity_t <= LARGEST_QUANTITY_T:
        raise Invalid(f"a quantity lies between 0 and {LARGEST_QUANTITY_T} t", field="quantityT")
    stock = counted(held)
    return HazardChemical(
        id=new_id(),
        hazard_id=hazard_id,
        chemical=held.chemical,
        cas=held.cas,
        hazard_class=held.hazard_class,
        quantity_t=stock.quantity_t,
        threshold_t=stock.threshold_t,
        beta=stock.beta,
    )


def _told(rows: Iterable[HazardChemical]) -> list[tuple[str, str, str, float]]:
    return [(row.chemical, row.cas, row.hazard_class, row.quantity_t) for row in rows]
