"""How bad one measuring point is: distance past its limits, for how long, and where it is heading."""

from __future__ import annotations

from msgspec import Struct

from backend.domains.risk.inputs import Point
from backend.domains.risk.nodes import Node, combined, without_zeros
from backend.domains.risk.parameters import Exceedance, Parameters, TankFarmNumbers
from backend.domains.risk.primitives import clip, dec, sat


class Side(Struct, frozen=True):
    """One side of a point mirrored so that it is always "too high": the low side has all signs turned."""

    name: str
    x: float
    first: float | None
    second: float | None
    rate: float
    latched: int
    reckoned: bool


class Severity(Struct, frozen=True):
    """Severity 0..1 of a point, that of its high side alone, and the parts of the severity that counts."""

    value: float
    high: float
    parts: tuple[Node, ...]


NOTHING = Severity(0.0, 0.0, ())


def point_severity(point: Point, params: Parameters, at: float | None = None) -> Severity:
    """Severity of a point by the tank profile.

    at: judge it as if it read this (dead reckoning of a level that cannot be seen); None = its own value.
    """
    x = point.value if at is None else at
    worst = NOTHING
    if x is not None:
        high = _one_sided(point, _high_side(point, x, at is not None), params)
        low = _one_sided(point, _low_side(point, x, at is not None), params)
        k_low = params.tank.k_low[point.kind]
        worst = Severity(high[0], high[0], high[1])
        if low[0] * k_low > high[0]:
            scaled = tuple(node.adding(node.amount * k_low) for node in low[1])
            worst = Severity(low[0] * k_low, high[0], scaled)
    return _with_residual(worst, point, params.tank)


def _high_side(point: Point, x: float, reckoned: bool) -> Side:
    return Side("high", x, point.h, point.hh, point.rate_per_min, point.latched_high, reckoned)


def _low_side(point: Point, x: float, reckoned: bool) -> Side:
    first = None if point.l is None else -point.l
    second = None if point.ll is None else -point.ll
    return Side("low", -x, first, second, -point.rate_per_min, point.latched_low, reckoned)


def _one_sided(point: Point, side: Side, params: Parameters) -> tuple[float, tuple[Node, ...]]:
    """Severity of one side and its parts: `pos` past the limit, `dur` for how long, `trend` where to."""
    limits = _limits(point, side, params.pt)
    if limits is None:
        return 0.0, ()
    first, second, span = limits
    pos = max(_past(side.x, first, second, span, params.pt), (0.0, params.pt.pos_h, params.pt.pos_hh)[side.latched])
    dur = 0.0
    if pos > 0:
        half = params.tank.dur_half_min
        dur = max(params.pt.dur_h * sat(point.dur_any_min, half), params.pt.dur_hh * sat(point.dur_hh_min, half))
    trend = _heading(side.x, side.rate, second, params.tank)
    if pos == 0 and trend == 0:
        return 0.0, ()
    facts = {
        "point": point,
        "side": side.name,
        "x": side.x if side.name == "high" else -side.x,
        "first": first if side.name == "high" else -first,
        "second": second if side.name == "high" else -second,
        "past": 2 if side.x >= second else 1 if side.x >= first else 0,
        "latched": side.latched,
        "reckoned": side.reckoned,
    }
    parts = [Node(name, name, a, facts=facts) for name, a in (("pos", pos), ("dur", dur), ("trend", trend))]
    value, added = combined(parts)
    return value, without_zeros(added)


def _limits(point: Point, side: Side, pt: Exceedance) -> tuple[float, float, float] | None:
    """First limit, second limit and the span that measures distance past the second; None without any limit.

    Crossed limits are swapped here and counted as a configuration fault in the data quality.
    """
    first, second = side.first, side.second
    if first is not None and second is not None and first > second:
        first, second = second, first
    known = first if first is not None else second
    if known is None:
        return None
    if first is not None and second is not None and second > first:
        return first, second, second - first
    lo, hi = point.range_lo, point.range_hi
    if lo is not None and hi is not None and hi > lo:
        span = pt.span_range * (hi - lo)
    else:
        span = pt.span_abs * max(abs(known), 1.0)
    return (known if first is None else first), (known + span if second is None else second), span


def _past(x: float, first: float, second: float, span: float, pt: Exceedance) -> float:
    if x >= second:
        return pt.pos_hh + pt.pos_hh_span * clip((x - second) / span, 0.0, 1.0)
    if x >= first:
        return pt.pos_h + pt.pos_h_span * (x - first) / (second - first)
    return 0.0


def _heading(x: float, rate: float, second: float, tank: TankFarmNumbers) -> float:
    """Strength of the trend: full past the second limit, less the more minutes there are left to it."""
    if rate <= 0:
        return 0.0
    if x >= second:
        return tank.trend
    return tank.trend * clip(1.0 - ((second - x) / rate) / tank.look_min, 0.0, 1.0)


def _with_residual(severity: Severity, point: Point, tank: TankFarmNumbers) -> Severity:
    """A point that was bad a while ago is not yet as good as one that never was."""
    residual = tank.res_rho * point.residual_peak * dec(point.since_clear_min / 60.0, tank.res_half_h)
    if residual <= severity.value:
        return severity
    surplus = Node("residual", "residual", residual - severity.value, facts={"point": point})
    return Severity(residual, severity.high, (*severity.parts, surplus))
