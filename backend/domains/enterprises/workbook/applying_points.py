"""Gateways and points of a plan, through the services of the monitoring domain."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from backend.domains.enterprises.workbook.checking_points import damping_of, limits_of
from backend.domains.enterprises.workbook.point_sheets import DAMPING, LIMITS, POINTS
from backend.domains.enterprises.workbook.sheet import Values
from backend.domains.enterprises.workbook.wanted import Wanted
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.service import (
    NewPoint,
    correct_point,
    make_gateway,
    make_points,
    rename_gateway,
    set_limits,
)

if TYPE_CHECKING:
    from backend.domains.enterprises.workbook.applying import Work

OF_LIMITS = frozenset({*LIMITS, *DAMPING, "basis"})


async def add_gateways(work: Work) -> None:
    """Let the new gateways in; their secrets are seen this once."""
    for wanted in work.plan["gateways"].created:
        owner = work.ids["enterprises"][(wanted.values["enterprise"],)]
        made = await make_gateway(owner, wanted.values["code"], work.now, by=work.by, name=wanted.values["name"])
        work.ids["gateways"][(made.gateway.code,)] = made.gateway.id
        work.gateways[made.gateway.id] = made.gateway
        work.done.secrets[made.gateway.code] = made.secret
        work.done.gateway_ids.add(made.gateway.id)


async def rename_gateways(work: Work) -> None:
    """Names are all that changes of a gateway on record."""
    for wanted in work.plan["gateways"].changed:
        assert wanted.known is not None, "only rows on record change"
        await rename_gateway(
            wanted.known.row, wanted.values["name"], work.now, by=work.by, reason=work.reason
        )  # fmt: skip
        work.done.gateway_ids.add(wanted.known.row.id)


async def add_points(work: Work) -> None:
    """Enter the new points, gateway by gateway, those with limits with version 1 of them."""
    by_gateway: dict[Any, list[Wanted]] = defaultdict(list)
    for wanted in work.plan["points"].created:
        by_gateway[work.ids["gateways"][(wanted.values["gateway"],)]].append(wanted)
    known = {each.row.id: each.row for each in work.stored.sheets["gateways"].values()}
    for gateway_id, rows in by_gateway.items():
        gateway = (known | work.gateways)[gateway_id]
        new = [_new_point(wanted.values, work) for wanted in rows]
        made = await make_points(gateway, new, work.now, by=work.by, reason=work.reason)
        for wanted, point in zip(rows, made, strict=True):
            work.note("entered", POINTS, point.id, wanted.values, row=wanted.values)
        work.done.gateway_ids.add(gateway_id)


def _new_point(values: Values, work: Work) -> NewPoint:
    places = work.references(POINTS, values)
    limits = limits_of(values)
    return NewPoint(
        tag=values["tag"],
        kind=PointKind(values["kind"]),
        name=values["name"],
        unit=values["unit"],
        decimals=values["decimals"],
        range_lo=values["range_lo"],
        range_hi=values["range_hi"],
        tank_id=places["tank_id"],
        detector_id=places["detector_id"],
        limits=limits,
        damping=damping_of(values) if limits else None,
        basis=values["basis"],
    )


async def change_points(work: Work) -> None:
    """Correct what changed of points on record, and give their first limits to those that have none.

    Limits that are there already change by a proposal only; the check has refused the others, and a version that came
    in between is a conflict.
    """
    for wanted in work.plan["points"].changed:
        assert wanted.known is not None, "only rows on record change"
        point, values, changed = wanted.known.row, wanted.values, wanted.changed()
        places = work.references(POINTS, values)
        facts = {name: values[name] for name in changed if name in {"name", "decimals", "range_lo", "range_hi"}}
        facts |= {name: places[name] for name in ("tank_id", "detector_id") if places[name] != getattr(point, name)}
        if facts:
            await correct_point(point, facts, work.now, by=work.by, reason=work.reason)
        limits = limits_of(values)
        if limits is not None and OF_LIMITS & set(changed):
            await set_limits(
                point, limits, work.now, by=work.by, reason=work.reason, basis=values["basis"],
                damping=damping_of(values), replaces=0,
            )  # fmt: skip
        work.done.gateway_ids.add(point.gateway_id)
