"""The named incidents, shaped by the limits of the points they happen to.

Stages that wait out an on-delay never take less than that delay, however fast the rest goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.simulator.city import City, EnterprisePlan, GatewayPlan
from backend.simulator.city.build import distance_m
from backend.simulator.city.media import Storage
from backend.simulator.city.plants import LimitPlan
from backend.simulator.incidents.course import Bend, Course, Stage, UnknownTarget

# Until a frame of the new value is surely there: two steps of an incident's pace.
FRAMES_S = 4.0


@dataclass(frozen=True)
class Incident:
    """Where an incident happens. course: made from the usual values of the gateway's points, and a speed."""

    enterprise: EnterprisePlan
    gateway: GatewayPlan
    target: str
    course: Callable[[Sequence[float], float], Course]


def plan_incident(city: City, name: str, enterprise: str | None = None, target: str | None = None) -> Incident:
    """The incident `name` at an enterprise (code or name; the visitor's own by default) and a tank or detector.

    Raises UnknownTarget when it cannot happen there.
    """
    where = city.visitor if enterprise is None else city.enterprise(enterprise)
    if where is None:
        raise UnknownTarget(f"the demo city has no enterprise {enterprise!r}")
    return SCENARIOS[name](where, target)


def _overfill(where: EnterprisePlan, target: str | None) -> Incident:
    tank, gateway = _tank(where, target, "level", prefer=lambda code: True)
    level, flow, pressure = (_place(gateway, tank, kind) for kind in ("level", "flow", "pressure"))
    assert level is not None, "the tank was chosen for its level"
    limits = gateway.points[level].in_force
    h, hh = _both(limits)

    def course(usual: Sequence[float], speed: float) -> Course:
        start = usual[level]
        reaches_h = 12 / speed
        reaches_hh = reaches_h + max(30 / speed, limits.on_delay_s + FRAMES_S + 4)
        stops = reaches_hh + 6 / speed
        stays, falls = stops + 180 / speed, stops + 240 / speed
        back, over = falls + 60 / speed, falls + 240 / speed
        low = h - 3 * _band(limits)
        path = ((0, start), (reaches_h, h + 0.1), (reaches_hh, hh), (stops, hh + 0.6), (stays, hh + 0.7), (falls, low))
        bends = [Bend(level, path, back, over)]
        if flow is not None:
            top = gateway.points[flow].in_force.h or 0.0
            running = ((0, usual[flow]), (5 / speed, 0.95 * top), (stays, 0.95 * top), (stays + 5 / speed, 0.0))
            bends.append(Bend(flow, running, back, over))
        if pressure is not None and where.tanks[tank].medium.storage is Storage.BLANKETED:
            pushed = ((0, usual[pressure]), (10 / speed, 1.2), (stays, 1.2), (falls, 0.4))
            bends.append(Bend(pressure, pushed, back, over))
        stages = (
            Stage(0, f"{tank}: the filling pump does not stop, the level is {start:.1f} %"),
            Stage(reaches_h, f"{tank}: the level passes H {h:g} %"),
            Stage(reaches_h + limits.on_delay_s, f"{tank}: it has been above H for {limits.on_delay_s:g} s"),
            Stage(reaches_hh, f"{tank}: the level passes HH {hh:g} %"),
            Stage(stays, f"{tank}: the pump is stopped, the tank is drawn down"),
            Stage(falls, f"{tank}: the level is back below H"),
            Stage(over, f"{tank}: all as before"),
        )
        return Course("overfill", tuple(bends), stages, over, holds_at_s=stays - 1)

    return Incident(where, gateway, tank, course)


def _runaway(where: EnterprisePlan, target: str | None) -> Incident:
    reacting = {tank.code for tank in where.tanks.values() if tank.medium.name in REACTS}
    tank, gateway = _tank(where, target, "temperature", prefer=lambda code: code in reacting)
    hot = [i for i, p in enumerate(gateway.points) if p.tank == tank and p.kind in ("temperature", "pressure")]
    slowest = max(gateway.points[i].in_force.on_delay_s for i in hot)

    def course(usual: Sequence[float], speed: float) -> Course:
        reaches_h = 20 / speed
        reaches_hh = reaches_h + max(40 / speed, slowest + FRAMES_S + 4)
        peak, cooled = reaches_hh + 20 / speed, reaches_hh + 200 / speed
        falls, over = cooled + 120 / speed, cooled + 420 / speed
        bends = []
        for index in hot:
            h, hh = _both(gateway.points[index].in_force)
            gap = hh - h
            low = h - max(3 * _band(gateway.points[index].in_force), gap)
            path = (
                (0, usual[index]), (reaches_h, h + 0.03 * gap), (reaches_hh, hh), (peak, hh + 0.3 * gap),
                (cooled, hh + 0.35 * gap), (falls, low),
            )  # fmt: skip
            bends.append(Bend(index, path, falls, over))
        stages = (
            Stage(0, f"{tank}: heat is released and not carried off, temperature and pressure rise together"),
            Stage(reaches_h, f"{tank}: temperature and pressure pass H"),
            Stage(reaches_hh, f"{tank}: temperature and pressure pass HH"),
            Stage(cooled, f"{tank}: inhibitor and cooling take hold"),
            Stage(falls, f"{tank}: back below H"),
            Stage(over, f"{tank}: all as before"),
        )
        return Course("runaway", tuple(bends), stages, over, holds_at_s=cooled - 1)

    return Incident(where, gateway, tank, course)


def _leak(where: EnterprisePlan, target: str | None) -> Incident:
    heads = where.detectors
    if target is not None and target not in heads:
        raise UnknownTarget(f"{where.short_name} has no gas detector {target!r}")
    code = target or _default_head(where)
    gateway = next(g for g in where.gateways if any(p.detector == code for p in g.points))
    near = [
        (index, distance_m(heads[code], heads[point.detector]))
        for index, point in enumerate(gateway.points)
        if point.detector is not None and heads[point.detector].gas is heads[code].gas
    ]
    spread = [(index, metres) for index, metres in near if metres <= REACH_M]

    def course(usual: Sequence[float], speed: float) -> Course:
        first, second = _both(next(p for p in gateway.points if p.detector == code).in_force)
        level_1 = 12 / speed
        level_2 = level_1 + max(25 / speed, 12.0)
        peak, shut = level_2 + 10 / speed, level_2 + 200 / speed
        thin, over = shut + 90 / speed, shut + 180 / speed
        bends = []
        for index, metres in spread:
            share, late = 2 ** (-metres / HALVES_M), metres / WIND_M_S / speed
            reached = [(level_1, 1.05 * first), (level_2, second), (peak, 1.25 * second), (shut, 1.3 * second)]
            path = [(0.0, usual[index])] + [(s + late, max(usual[index], value * share)) for s, value in reached]
            bends.append(Bend(index, (*path, (thin + late, 0.4 * first * share)), thin + late, over + late))
        stages = (
            Stage(0, f"{heads[code].area}: a flange leaks near {code}"),
            Stage(level_1, f"{code}: first alarm level {first:g}"),
            Stage(level_2, f"{code}: second alarm level {second:g}"),
            Stage(peak, f"{len(spread) - 1} detectors within {REACH_M:g} m smell it too"),
            Stage(shut, f"{heads[code].area}: the line is shut off, the cloud thins"),
            Stage(over, f"{heads[code].area}: all as before"),
        )
        return Course("leak", tuple(bends), stages, over + REACH_M / WIND_M_S / speed, holds_at_s=shut - 1)

    return Incident(where, gateway, code, course)


def _flapping(where: EnterprisePlan, target: str | None) -> Incident:
    tank, gateway = _tank(where, target, "level", prefer=lambda code: code.endswith("02"))
    level = _place(gateway, tank, "level")
    assert level is not None, "the tank was chosen for its level"
    limits = gateway.points[level].in_force
    h, _ = _both(limits)
    swing = 0.5 * _band(limits)

    def course(usual: Sequence[float], speed: float) -> Course:
        reaches_h = 12 / speed
        trembles = reaches_h + limits.on_delay_s + FRAMES_S + 4
        path = [(0.0, usual[level]), (reaches_h, h + 0.3 * swing), (trembles, h + swing)]
        for half in range(1, 2 * TREMBLES + 1):
            path.append((trembles + half * HALF_PERIOD_S, h - swing if half % 2 else h + swing))
        calm = path[-1][0]
        falls, over = calm + 60 / speed, calm + 240 / speed
        path.append((falls, h - 3 * _band(limits)))
        stages = (
            Stage(0, f"{tank}: the level comes to its limit H {h:g} %"),
            Stage(trembles, f"{tank}: it trembles by ±{swing:g} around the limit: one episode, not many"),
            Stage(calm, f"{tank}: the tank is drawn down"),
            Stage(over, f"{tank}: all as before"),
        )
        return Course("flapping", (Bend(level, tuple(path), falls, over),), stages, over)

    return Incident(where, gateway, tank, course)


def _gateway_loss(where: EnterprisePlan, target: str | None) -> Incident:
    gateway = next((g for g in where.gateways if target in (None, g.code)), None)
    if gateway is None:
        raise UnknownTarget(f"{where.short_name} has no gateway {target!r}")

    def course(usual: Sequence[float], speed: float) -> Course:
        back = 3 + 90 / speed
        stages = (
            Stage(3, f"gateway {gateway.code}: the line is cut without a goodbye"),
            Stage(back, f"gateway {gateway.code}: the line is back, what was measured meanwhile is sent"),
        )
        return Course("gateway-loss", (), stages, back + 4, cut=(3, back), holds_at_s=back - 1)

    return Incident(where, gateway, gateway.code, course)


SCENARIOS: dict[str, Callable[[EnterprisePlan, str | None], Incident]] = {
    "overfill": _overfill,
    "leak": _leak,
    "runaway": _runaway,
    "flapping": _flapping,
    "gateway-loss": _gateway_loss,
}
# Media that heat themselves when they polymerise or decompose.
REACTS = frozenset({"苯乙烯", "丙烯腈", "环氧乙烷", "环氧丙烷", "1,3-丁二烯", "甲苯二异氰酸酯", "过氧化氢溶液"})
# A cloud: how far detectors smell it, over which distance it halves, how fast it comes.
REACH_M, HALVES_M, WIND_M_S = 20.0, 12.0, 1.5
TREMBLES, HALF_PERIOD_S = 12, 8.0


def _tank(
    where: EnterprisePlan, target: str | None, kind: str, prefer: Callable[[str], bool]
) -> tuple[str, GatewayPlan]:
    """The tank that was named, or the first preferred one, that has such a point; with its gateway."""
    if target is not None and target not in where.tanks:
        raise UnknownTarget(f"{where.short_name} has no tank {target!r}; it has {', '.join(where.tanks)}")
    wanted = [target] if target is not None else sorted(where.tanks, key=lambda code: not prefer(code))
    for code in wanted:
        for gateway in where.gateways:
            if code is not None and _place(gateway, code, kind) is not None:
                return code, gateway
    raise UnknownTarget(f"no {kind} is measured at {target or where.short_name}")


def _place(gateway: GatewayPlan, tank: str, kind: str) -> int | None:
    return next((i for i, p in enumerate(gateway.points) if p.tank == tank and p.kind == kind), None)


def _default_head(where: EnterprisePlan) -> str:
    """The last detector of the largest pump area, where leaks begin."""
    areas: dict[str, list[str]] = {}
    for head in where.detectors.values():
        if head.area.endswith("泵区"):
            areas.setdefault(head.area, []).append(head.code)
    if not areas:
        raise UnknownTarget(f"{where.short_name} has no gas detectors")
    return max(areas.values(), key=len)[-1]


def _both(limits: LimitPlan) -> tuple[float, float]:
    """H and HH, or a second limit one deadband above where there is none."""
    h = limits.h
    assert h is not None, "every level, temperature, pressure and gas point of the city has a high limit"
    return h, limits.hh if limits.hh is not None else h + 2 * limits.deadband


def _band(limits: LimitPlan) -> float:
    """The deadband as it is judged: at most half the way from H to HH (standards 6.3)."""
    h, hh = _both(limits)
    return min(limits.deadband, (hh - h) / 2)
