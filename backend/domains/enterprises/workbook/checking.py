"""What the rows of a workbook say about each other and about the registry, checked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from backend.domains.enterprises.chemicals import find_chemical
from backend.domains.enterprises.hazard_classes import CLASSES
from backend.domains.enterprises.workbook.checking_points import check_gateway, check_point
from backend.domains.enterprises.workbook.faults import Fault, fault
from backend.domains.enterprises.workbook.sheet import Key, Refers, Sheet, Values
from backend.domains.enterprises.workbook.sheets import BY_SLUG, SHEETS
from backend.domains.enterprises.workbook.stored import Stored
from backend.domains.enterprises.workbook.wanted import Wanted, Wish


class Surroundings(msgspec.Struct):
    """What else the rows must fit: areas, those of the importer, and what enterprises outside of the file hold.

    mine: None for who sees all. taken: values of a field that others hold, by (slug, field).
    """

    areas: frozenset[str]
    mine: frozenset[str] | None
    taken: dict[tuple[str, str], set[str]]


Found = Iterator[tuple[str, str, dict[str, Any]]]  # Field, kind of the fault, and what its sentence needs.


def check(wish: Wish, stored: Stored, around: Surroundings) -> list[Fault]:
    """Every fault, sheet by sheet and row by row."""
    faults: list[Fault] = []
    for sheet in SHEETS:
        for key, wanted in wish.sheets[sheet.slug].items():
            found = [*_references(sheet, wanted, wish, stored), *_unique(sheet, wanted, wish, stored, around)]
            found += _RULES[sheet.slug](key, wanted, wish, stored, around) if sheet.slug in _RULES else ()
            for field, kind, facts in found:
                faults.append(
                    fault(kind, sheet=sheet.name, row=wanted.number, column=sheet.heading(field), **facts)
                )  # fmt: skip
    faults += _twice_unique(wish)
    return faults


def _references(sheet: Sheet, wanted: Wanted, wish: Wish, stored: Stored) -> Found:
    for refers in sheet.refers:
        field = refers.fields[-1]
        if wanted.values.get(field) is None:
            continue
        key = tuple(wanted.values[name] for name in refers.fields)
        target = BY_SLUG[refers.sheet]
        held = wish.find(refers.sheet, key, stored)
        if held is None:
            if key not in wish.mentioned[refers.sheet]:
                yield field, "unknown_reference", {"target": target.name, "value": key[-1]}
        elif foreign := _foreign(refers, wanted.values, held):
            yield field, "other_enterprise", {"value": key[-1], "owner": foreign}
    if sheet.slug in {"hazards", "gateways"} and wanted.known is not None:
        owner = wanted.known.values["enterprise"]
        if owner != wanted.values["enterprise"]:
            yield "code", "other_enterprise", {"value": wanted.values["code"], "owner": owner}


def _foreign(refers: Refers, values: Values, held: Values) -> str | None:
    """The enterprise of what is referred to, where it is not the row's own."""
    if refers.sheet == "enterprises" or "enterprise" not in values or "enterprise" not in held:
        return None
    return str(held["enterprise"]) if held["enterprise"] != values["enterprise"] else None


def _unique(sheet: Sheet, wanted: Wanted, wish: Wish, stored: Stored, around: Surroundings) -> Found:
    for (slug, field), values in around.taken.items():
        value = wanted.values[field] if slug == sheet.slug else None
        if value is None:
            continue
        # Those on record that the file does not speak of; it may give a code of one of its rows to another.
        kept = (known.values[field] for key, known in stored.sheets[slug].items() if key not in wish.sheets[slug])
        if value in values or value in kept:
            yield field, "taken", {"value": value}


def _twice_unique(wish: Wish) -> Iterator[Fault]:
    """Credit codes and long codes that two enterprises of the file share."""
    sheet = BY_SLUG["enterprises"]
    for field in ("uscc", "long_code"):
        seen: dict[str, int] = {}
        for wanted in wish.sheets["enterprises"].values():
            value = wanted.values[field]
            if value in seen:
                yield fault("double_row", sheet=sheet.name, row=wanted.number, column=sheet.heading(field),
                            other=seen[value])  # fmt: skip
            elif value is not None:
                seen[value] = wanted.number


def _enterprise(_: Key, wanted: Wanted, __: Wish, ___: Stored, around: Surroundings) -> Found:
    values = wanted.values
    if (values["lon"] is None) != (values["lat"] is None):
        yield "lon" if values["lon"] is None else "lat", "half_place", {}
    if values["adcode"] not in around.areas:
        yield "adcode", "unknown_area", {"value": values["adcode"]}
    elif around.mine is not None and values["adcode"] not in around.mine:
        yield "adcode", "outside_area", {"value": values["adcode"]}
    if wanted.known is not None and wanted.known.values["adcode"] != values["adcode"]:
        yield "adcode", "fixed_area", {"known": wanted.known.values["adcode"]}


def _hazard(key: Key, wanted: Wanted, wish: Wish, _: Stored, __: Surroundings) -> Found:
    values = wanted.values
    if values["filed_on"] and values["filed_until"] and values["filed_until"] < values["filed_on"]:
        yield "filed_until", "days_out_of_order", {"earlier": BY_SLUG["hazards"].heading("filed_on")}
    if wanted.known is None and not any(hazard == key[0] for hazard, _ in wish.mentioned["chemicals"]):
        yield "code", "no_chemicals", {}


def _chemical(_: Key, wanted: Wanted, __: Wish, ___: Stored, ____: Surroundings) -> Found:
    values = wanted.values
    chemical = find_chemical(values["chemical"], values["cas"])
    if chemical is None:
        if values["hazard_class"] not in CLASSES:
            yield "chemical", "unknown_chemical", {"value": values["chemical"]}
    elif values["cas"] and chemical.cas and values["cas"] != chemical.cas:
        yield "cas", "other_cas", {"chemical": chemical.name, "cas": chemical.cas}


def _responsible(_: Key, wanted: Wanted, wish: Wish, stored: Stored, __: Surroundings) -> Found:
    values, sheet = wanted.values, BY_SLUG["responsible"]
    if values["until"] and values["until"] < values["since"]:
        yield "until", "days_out_of_order", {"earlier": sheet.heading("since")}
    mine = (values["hazard"], values["role"])
    others = {key: (each.values, "") for key, each in stored.sheets["responsible"].items()}
    others |= {key: (each.values, str(each.number)) for key, each in wish.sheets["responsible"].items()}
    for (hazard, role, since), (other, number) in others.items():
        if (
            (hazard, role) == mine
            and since < values["since"]
            and (other["until"] is None or other["until"] >= values["since"])
        ):
            yield "since", "terms_overlap", {"other": number or other["name"]}


def _parameter(_: Key, wanted: Wanted, wish: Wish, stored: Stored, __: Surroundings) -> Found:
    values, sheet = wanted.values, BY_SLUG["parameters"]
    if values["low"] is not None and values["high"] is not None and values["low"] >= values["high"]:
        yield "high", "limits_out_of_order", {
            "upper": sheet.heading("high"), "high": values["high"],
            "lower": sheet.heading("low"), "low": values["low"],
        }  # fmt: skip
    unit = wish.find("units", (values["enterprise"], values["unit"]), stored)
    if unit is not None and values["process"] not in unit["processes"]:
        yield "process", "not_its_process", {"value": sheet.column("process").choices[values["process"]]}


def _gateway(_: Key, wanted: Wanted, __: Wish, ___: Stored, ____: Surroundings) -> Found:
    yield from check_gateway(wanted)


def _point(_: Key, wanted: Wanted, __: Wish, ___: Stored, ____: Surroundings) -> Found:
    yield from check_point(wanted)


_RULES: dict[str, Callable[[Key, Wanted, Wish, Stored, Surroundings], Found]] = {
    "enterprises": _enterprise,
    "hazards": _hazard,
    "chemicals": _chemical,
    "responsible": _responsible,
    "parameters": _parameter,
    "gateways": _gateway,
    "points": _point,
}
