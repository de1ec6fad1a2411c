"""The tank-farm model: the tanks of one major hazard, judged by level, temperature and pressure."""

from __future__ import annotations

from msgspec import Struct

from backend.domains.risk.blocks import Lost, alarm_handling, data_quality, hazard_factors, unavailability
from backend.domains.risk.inputs import Point, Tank, TankFarm
from backend.domains.risk.nodes import Node, combined, split, without_zeros, worst_first
from backend.domains.risk.parameters import Parameters
from backend.domains.risk.primitives import amp, clip, comb
from backend.domains.risk.severity import Severity, point_severity


class Assessment(Struct, frozen=True):
    """What a model found: strength S in 0..1, its top parts in order, and the outputs named by the description."""

    strength: float
    parts: tuple[Node, ...]
    objects_of: str
    outputs: dict[str, float]


def assess_tank_farm(farm: TankFarm, params: Parameters) -> Assessment:
    """Risk of a tank farm as named parts that combine to its strength."""
    factors = hazard_factors(farm.hazard_level, params.haz)
    lost = [[unavailability(point, params.dq) for point in tank.points] for tank in farm.tanks]
    tanks = [_tank(tank, of_tank, params) for tank, of_tank in zip(farm.tanks, lost, strict=True)]
    worst, by_tank = worst_first(tanks, params.top.lam, params.top.k)
    proc = amp(worst, factors.m)
    ack, by_alarm = alarm_handling(farm.alarms, farm.rep_max, params.ack, params.top)
    seen = [
        pair for tank, of_tank in zip(farm.tanks, lost, strict=True) for pair in zip(tank.points, of_tank, strict=True)
    ]
    dq, lost_share, by_point = data_quality(seen, farm.dark_h, params.dq)
    strength, parts = combined(
        [
            Node("base", "base", factors.b, facts={"hazard_level": farm.hazard_level}),
            Node("proc", "proc", proc, children=by_tank),
            Node("ack", "ack", ack, children=without_zeros(by_alarm)),
            Node("dq", "dq", dq, children=by_point),
        ]
    )
    outputs = {"proc": proc, "ack": ack, "dq": dq, "dyn": comb([proc, ack])[0], "F": lost_share}
    return Assessment(strength, parts, "proc", outputs)


def _tank(tank: Tank, lost: list[Lost], params: Parameters) -> Node:
    """One tank: its points, temperature with pressure, and filling without seeing the level."""
    severities = [
        _seen_or_reckoned(tank, point, of_point, params) for point, of_point in zip(tank.points, lost, strict=True)
    ]
    points = [
        Node(point.id, "point", severity.value, severity.parts, {"point": point})
        for point, severity in zip(tank.points, severities, strict=True)
    ]
    deviating, by_point = worst_first(points, params.tank.lam_obj, None)
    value, (past_limits, couple, blind) = combined(
        [
            Node("points", "points", deviating),
            Node("couple", "couple", params.tank.couple * _heated(tank, severities), facts={"tank": tank}),
            Node("blind", "blind", _blind(tank, lost, params), facts={"tank": tank}),
        ]
    )
    children = without_zeros((*split(past_limits.amount, by_point), couple, blind))
    return Node(tank.id, "tank", value, children, {"tank": tank})


def _seen_or_reckoned(tank: Tank, point: Point, lost: Lost, params: Parameters) -> Severity:
    """Severity of a point as read or, while a measured filling cannot be seen, where it must have risen to."""
    seen = point_severity(point, params)
    filling = tank.transfer_active and tank.transfer_measured and point.rate_per_min > 0
    if point.kind != "level" or not filling or lost.share < 0.5 or point.value is None:
        return seen
    risen = point.rate_per_min * tank.blind_min
    if point.range_hi is not None:
        risen = min(risen, point.range_hi - point.value)
    if risen <= 0:
        return seen
    reckoned = point_severity(point, params, at=point.value + risen)
    return reckoned if reckoned.value > seen.value else seen


def _heated(tank: Tank, severities: list[Severity]) -> float:
    """How far temperature and pressure are high together: self-heating, or fire from outside."""
    high = {"temperature": 0.0, "pressure": 0.0}
    for point, severity in zip(tank.points, severities, strict=True):
        if point.kind in high:
            high[point.kind] = max(high[point.kind], severity.high)
    return min(high.values())


def _blind(tank: Tank, lost: list[Lost], params: Parameters) -> float:
    """Strength of a transfer that no level watches; a transfer only declared may long be over and counts less."""
    if not tank.transfer_active:
        return 0.0
    levels = [of_point.share for point, of_point in zip(tank.points, lost, strict=True) if point.kind == "level"]
    unseen = min(levels, default=1.0)
    sure = 1.0 if tank.transfer_measured else params.tank.blind_decl
    return params.tank.blind * unseen * clip(tank.blind_min / params.tank.blind_min, 0.0, 1.0) * sure
