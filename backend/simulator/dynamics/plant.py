"""All points of a gateway at any instant, as a pure function of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.simulator.city.media import Storage
from backend.simulator.city.plants import EnterprisePlan, GatewayPlan, PointPlan, TankPlan
from backend.simulator.dynamics.noise import Floats, Keys, key, tremble, uniform, wander
from backend.simulator.dynamics.stock import HOUR_S, Stock
from backend.simulator.dynamics.troubles import BAD_SENSOR, Troubles
from backend.simulator.dynamics.weather import DAY_S, DAY_SWING_C, day_c, tank_c

NITROGEN_KPA, PUSHED_KPA, SUCKED_KPA, BREATHING_KPA = 0.6, 0.45, 0.22, 0.15
VALVE_S = 600.0  # how long a pump takes to come to full flow, as the vapour space sees it
HOLDS_COLD_H, HOLDS_COLD_M3 = 18.0, 500.0  # a tank of 500 m³ follows the air with a time constant of 18 h


@dataclass(frozen=True)
class Window:
    """What can leave its limits and when: a point of the frame, from, until (s since the epoch)."""

    point: int
    start: float
    end: float


@dataclass(frozen=True)
class Frames:
    """Values of (instants, points), NaN where there is none, and their quality codes."""

    values: Floats
    quality: NDArray[np.uint8]


class _Contents(NamedTuple):
    """What is in the tanks at each instant: arrays of (instants, tanks); filling and drawing are 0 to 1."""

    level: Floats
    liquid_c: Floats
    inflow_m3_h: Floats
    filling: Floats
    drawing: Floats


class GatewayModel:
    """The plant behind one gateway."""

    def __init__(self, plan: GatewayPlan, enterprise: EnterprisePlan, seed: int) -> None:
        self.plan = plan
        self._seed = seed
        all_tanks = enterprise.tanks
        codes = list(dict.fromkeys(point.tank for point in plan.points if point.tank))
        self._tanks: list[TankPlan] = [all_tanks[code] for code in codes]
        self._column = {code: i for i, code in enumerate(codes)}
        self.stock = Stock(self._tanks, enterprise.code, seed)
        self._held_c = np.array([np.nan if t.medium.held_at_c is None else t.medium.held_at_c for t in self._tanks])
        volumes = np.array([tank.volume_m3 for tank in self._tanks])
        self._lag_s = np.clip(HOLDS_COLD_H * np.cbrt(volumes / HOLDS_COLD_M3), 8, 72) * HOUR_S
        self._keys: Keys = np.array([key(seed, plan.code, point.tag) for point in plan.points], dtype=np.uint64)
        steady = frozenset(p.tag for p in plan.points if p.tank and all_tanks[p.tank].medium.held_at_c is not None)
        self.troubles = Troubles(plan, seed, steady)

    def frames(self, t: Floats) -> Frames:
        """The frames of these instants; t: ascending seconds since the epoch."""
        return self._measured(t, range(len(self.plan.points)))

    def one(self, point: int, t: Floats) -> Frames:
        """One point at these instants: its column of `frames`, for a fraction of the work."""
        return self._measured(t, range(point, point + 1))

    def _measured(self, t: Floats, points: range) -> Frames:
        start, end = float(t[0]), float(t[-1]) + 1
        tanks = self._contents(t) if any(self.plan.points[index].tank for index in points) else None
        excursions = self.troubles.excursions(start, end)
        values = np.empty((len(t), len(points)))
        quality = np.zeros(values.shape, dtype=np.uint8)
        for column, index in enumerate(points):
            point = self.plan.points[index]
            shown = self._usual(index, point, t, tanks)
            for each in excursions:
                if each.point == index:
                    during = slice(*np.searchsorted(t, (each.rises_at, each.ends_at)))
                    shown[during] += (each.target - shown[during]) * each.share(t[during])
            # One digit finer than it is shown, and within its range, as an instrument sends it.
            values[:, column] = np.clip(np.round(shown, point.decimals + 1), point.range_lo, point.range_hi)
        for ailment in self.troubles.ailments(start, end):
            if ailment.point in points:
                column = points.index(ailment.point)
                ill = slice(*np.searchsorted(t, (ailment.start, ailment.end)))
                quality[ill, column] = ailment.quality
                if ailment.quality >= BAD_SENSOR:
                    values[ill, column] = np.nan
        return Frames(values, quality)

    def _contents(self, t: Floats) -> _Contents:
        moments = t[:, None]
        at = self.stock.cycle(moments)
        return _Contents(
            self.stock.level_pct(at),
            tank_c(self._seed, moments, self._lag_s, self._held_c, self.stock.keys),
            self.stock.inflow_m3_h(at),
            _running(at.into, at.fill_from, at.fill_until),
            _running(at.into, at.draw_from, at.draw_until),
        )

    def windows(self, start: float, end: float) -> list[Window]:
        """Where to look for alarms between two instants; outside these nothing passes a limit."""
        levels = {p.tank: i for i, p in enumerate(self.plan.points) if p.kind == "level"}
        found = [
            Window(levels[self._tanks[tank].code], begins, ends)
            for tank, begins, ends in self.stock.beyond(start, end)
            if self._tanks[tank].code in levels
        ]
        margin = 120.0
        for each in self.troubles.excursions(start, end):
            found.append(Window(each.point, each.rises_at - margin, each.ends_at + margin))
        return found

    def _usual(self, index: int, point: PointPlan, t: Floats, tanks: _Contents | None) -> Floats:
        own = self._keys[index]
        if tanks is None or point.tank is None or point.kind == "oxygen":
            return _detected(point, own, t)
        tank = self._column[point.tank]
        if point.kind == "level":
            return tanks.level[:, tank] + 0.04 * tremble(own, t)
        if point.kind == "temperature":
            above = 0.6 + 0.06 * day_c(t) if point.tag.endswith("B") else 0.0
            felt: Floats = tanks.liquid_c[:, tank] + above + 0.05 * tremble(own, t)
            return felt
        if point.kind == "flow":
            inflow = tanks.inflow_m3_h[:, tank]
            return np.maximum(0.0, inflow * (1 + 0.008 * wander(own, t, 120.0) + 0.002 * tremble(own, t)))
        return self._pressure(own, tank, t, tanks)

    def _pressure(self, own: np.uint64, tank: int, t: Floats, tanks: _Contents) -> Floats:
        medium, level, liquid_c = self._tanks[tank].medium, tanks.level[:, tank], tanks.liquid_c[:, tank]
        pressure: Floats
        if medium.storage is Storage.BLANKETED:
            # The vapour space breathes with the rate at which it warms: a quarter of a day ahead of its temperature.
            breath = day_c(t + DAY_S / 4) / DAY_SWING_C
            pumps = PUSHED_KPA * tanks.filling[:, tank] - SUCKED_KPA * tanks.drawing[:, tank]
            pressure = NITROGEN_KPA + pumps + BREATHING_KPA * breath
            return pressure + 0.03 * wander(own, t, 300.0) + 0.01 * tremble(own, t)
        if medium.storage is Storage.GAS:
            pressure = medium.vapour_20_mpa * (0.6 + level / 160) * (273.15 + liquid_c) / 293.15
        elif medium.storage is Storage.CRYOGENIC:
            pressure = medium.vapour_20_mpa * (1 + 0.05 * wander(own, t, 3 * HOUR_S))
        else:
            reference = 20.0 if medium.held_at_c is None else medium.held_at_c
            pressure = medium.vapour_20_mpa * np.exp(medium.vapour_growth * (liquid_c - reference))
            pressure = pressure * (1 + 0.0006 * (level - 50))
        return np.maximum(0.0, pressure * (1 + 0.002 * tremble(own, t)))


def _running(into: Floats, since: Floats, until: Floats) -> Floats:
    """How far a pump that runs between two moments has come to full flow, 0 to 1."""
    share: Floats = np.clip((into - since) / VALVE_S, 0, 1) * np.clip((until - into) / VALVE_S, 0, 1)
    return share


def _detected(point: PointPlan, own: np.uint64, t: Floats) -> Floats:
    """What a gas or oxygen detector reads when nothing is wrong: its drift and its noise."""
    if point.kind == "oxygen":
        return 20.9 + 0.06 * wander(own, t, 1800.0) + 0.03 * tremble(own, t)
    full = point.in_force.h or point.range_hi
    bias = 0.03 * float(uniform(own, -1))
    drift, air, shake = wander(own, t, 3 * DAY_S), wander(own + np.uint64(1), t, 600.0), tremble(own, t)
    return np.maximum(0.0, full * (bias + 0.02 * drift + 0.012 * air + 0.006 * shake))
