"""Gateways and points of a workbook against the rules of the monitoring domain."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from backend.domains.enterprises.workbook.point_sheets import DAMPING, LIMITS, POINTS
from backend.domains.enterprises.workbook.sheet import Values
from backend.domains.enterprises.workbook.stored import Known
from backend.domains.enterprises.workbook.wanted import Wanted
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.kinds import KINDS
from backend.domains.monitoring.rules import (
    Damping,
    LimitValues,
    default_damping,
    what_is_wrong_with_damping,
    what_is_wrong_with_limits,
    what_is_wrong_with_range,
)
from backend.domains.monitoring.service import RESERVED_CODES

Found = Iterator[tuple[str, str, dict[str, Any]]]


def limits_of(values: Values) -> LimitValues | None:
    """The limits of a row, None where it has none."""
    limits = LimitValues(**{name: values[field] for field, name in LIMITS.items()})
    return limits if limits.given() else None


def damping_of(values: Values) -> Damping:
    """The damping of a row: as told, else the usual one of its kind."""
    limits = limits_of(values) or LimitValues()
    usual = default_damping(PointKind(values["kind"]), limits, values["range_lo"], values["range_hi"])
    told = {name: values[name] for name in DAMPING if values[name] is not None}
    return Damping(**({name: getattr(usual, name) for name in DAMPING} | told))


def check_gateway(wanted: Wanted) -> Found:
    """A gateway may not bear the back end's own name."""
    if wanted.values["code"] in RESERVED_CODES:
        yield "code", "reserved", {"value": wanted.values["code"]}


def check_point(wanted: Wanted) -> Found:
    """Everything wrong with a point: where it stands, its range, the order of its limits, what may not change."""
    values, kind = wanted.values, PointKind(wanted.values["kind"])
    if values["tank"] and values["detector"]:
        yield "detector", "two_places", {}
    if wanted.known is not None:
        yield from _fixed(wanted.known.values, values)
        yield from _limits_on_record(wanted.known, values)
    if words := what_is_wrong_with_range(kind, values["unit"], values["range_lo"], values["range_hi"]):
        yield "range_hi", *_range_fault(values, words)
        return
    limits = limits_of(values)
    if limits is None:
        return
    if words := what_is_wrong_with_limits(kind, limits, values["range_lo"], values["range_hi"]):
        yield _limit_fault(kind, values, words)
    elif words := what_is_wrong_with_damping(damping_of(values)):
        yield "deadband", "rule", {"words": words}


def _fixed(before: Values, values: Values) -> Found:
    for field in ("kind", "unit"):
        if before[field] != values[field]:
            words = POINTS.column(field).choices
            known, value = (words.get(str(each), each) for each in (before[field], values[field]))
            yield field, "fixed", {"known": known, "value": value}


def _limits_on_record(known: Known, values: Values) -> Found:
    """A point that has limits gets others by a proposal: verified at the tank, and approved."""
    newest, before = known.limits, known.values
    if newest is None:
        return
    if limits_of(values) is None:
        if limits_of(before) is not None:
            yield "limit_h", "limits_removed", {}
        return
    # Damping and basis follow from the limits where their cells are blank, so they are named only for themselves.
    changed = [name for name in LIMITS if before[name] != values[name]]
    changed = changed or [name for name in (*DAMPING, "basis") if before[name] != values[name]]
    for name in changed:
        told = {"was": _said(before[name]), "value": _said(values[name]), "version": newest.version}
        yield name, "limits_approved" if newest.proposal_id else "limits_on_record", told


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value) if value not in (None, "") else "—"


def _range_fault(values: Values, words: str) -> tuple[str, dict[str, Any]]:
    low, high = values["range_lo"], values["range_hi"]
    if low is not None and high is not None and low >= high:
        told = {"lower": POINTS.heading("range_lo"), "upper": POINTS.heading("range_hi")}
        return "limits_out_of_order", told | {"low": f"{low:g}", "high": f"{high:g}"}
    facts = KINDS[PointKind(values["kind"])]
    if values["unit"] == facts.unit:
        return "implausible_range", {
            "measures": POINTS.column("kind").choices[values["kind"]], "unit": facts.unit,
            "low": f"{facts.plausible_lo:g}", "high": f"{facts.plausible_hi:g}",
        }  # fmt: skip
    return "rule", {"words": words}


def _limit_fault(kind: PointKind, values: Values, words: str) -> tuple[str, str, dict[str, Any]]:
    """The rule's refusal as column, kind and facts: the first limit that stands in the wrong place."""
    given = [(field, values[field]) for field in LIMITS if values[field] is not None]
    for field, _ in given:
        if LIMITS[field] not in KINDS[kind].limits:
            told = {"measures": POINTS.column("kind").choices[kind.value], "limit": POINTS.heading(field)}
            return field, "foreign_limit", told
    for (lower, low), (upper, high) in pairwise(given):
        if low >= high:
            told = {"lower": POINTS.heading(lower), "upper": POINTS.heading(upper)}
            return upper, "limits_out_of_order", told | {"low": f"{low:g}", "high": f"{high:g}"}
    (first, lowest), (last, highest) = given[0], given[-1]
    if values["range_lo"] is not None and lowest < values["range_lo"]:
        return first, "below_range", {"limit": POINTS.heading(first), "edge": f"{values['range_lo']:g}"}
    if values["range_hi"] is not None and highest > values["range_hi"]:
        return last, "above_range", {"limit": POINTS.heading(last), "edge": f"{values['range_hi']:g}"}
    return last, "rule", {"words": words}
