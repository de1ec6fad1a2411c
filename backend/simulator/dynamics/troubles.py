"""What goes wrong by itself on ordinary days: small excursions, ailing instruments, a gateway without a line.

About a third of the gateways have one excursion a day, most of them slight; the nation's average is of that size
(standards 5.7: 4 500 alarms a day from some 7 000 enterprises).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from backend.simulator.city.plants import GatewayPlan, PointPlan
from backend.simulator.dynamics.noise import Floats, key, swell, uniform
from backend.simulator.dynamics.weather import DAY_S

EXCURSIONS_A_DAY = 0.36
AILMENTS_A_DAY = 0.3
OUTAGES_A_DAY = 0.03
TRIES = 3  # an excursion needs this many lots to fall; keeps days uneven
MINUTE_S = 60.0
UNCERTAIN_SENSOR, BAD_SENSOR = 2, 5  # quality codes of the contract


@dataclass(frozen=True)
class Excursion:
    """A point leaves its usual band for `target` and comes back. Times in s since the epoch."""

    point: int
    target: float
    rises_at: float
    rise_s: float
    falls_at: float
    fall_s: float

    @property
    def ends_at(self) -> float:
        """When all is as before."""
        return self.falls_at + self.fall_s

    def share(self, t: Floats) -> Floats:
        """How far the point has gone from its usual value (0) to the target (1)."""
        return swell(t, self.rises_at, self.rise_s, self.falls_at, self.fall_s)


@dataclass(frozen=True)
class Ailment:
    """An instrument that is not well: from, until, and the quality code it sends; bad ones send no value."""

    point: int
    start: float
    end: float
    quality: int


class Troubles:
    """The planned troubles of one gateway."""

    def __init__(self, plan: GatewayPlan, seed: int, steady: frozenset[str]) -> None:
        """steady: tags of temperatures that someone holds; only these can lose their cooling."""
        self._key = key(seed, plan.code, "troubles")
        self._points = plan.points
        self._gases = [i for i, p in enumerate(plan.points) if p.kind in ("comb_gas", "toxic_gas")]
        self._process = [
            i
            for i, p in enumerate(plan.points)
            if p.kind == "pressure" or (p.kind == "temperature" and p.tag in steady)
        ]

    def excursions(self, start: float, end: float) -> list[Excursion]:
        """Those under way between two instants."""
        found = []
        for day in range(math.floor(start / DAY_S) - 1, math.floor(end / DAY_S) + 1):
            for lot in range(TRIES):
                dice = self._dice(day, f"excursion{lot}")
                if dice[0] < EXCURSIONS_A_DAY / TRIES:
                    found.append(self._excursion(day, dice))
        return [each for each in found if each.ends_at > start and each.rises_at < end]

    def ailments(self, start: float, end: float) -> list[Ailment]:
        """Those under way between two instants."""
        found = []
        for day in range(math.floor(start / DAY_S) - 1, math.floor(end / DAY_S) + 1):
            dice = self._dice(day, "ailment")
            if dice[0] < AILMENTS_A_DAY:
                began = day * DAY_S + dice[1] * DAY_S
                quality = UNCERTAIN_SENSOR if dice[2] < 0.5 else BAD_SENSOR
                lasts = MINUTE_S * (2 + 18 * dice[3])
                found.append(Ailment(int(dice[4] * len(self._points)), began, began + lasts, quality))
        return [each for each in found if each.end > start and each.start < end]

    def outages(self, start: float, end: float) -> list[tuple[float, float]]:
        """When the gateway's line is down between two instants; it keeps measuring and sends later."""
        found = []
        for day in range(math.floor(start / DAY_S) - 1, math.floor(end / DAY_S) + 1):
            dice = self._dice(day, "outage")
            if dice[0] < OUTAGES_A_DAY:
                began = (day + dice[1]) * DAY_S
                found.append((began, began + MINUTE_S * (4 + 8 * dice[2])))
        return [each for each in found if each[1] > start and each[0] < end]

    def _dice(self, day: int, what: str) -> list[float]:
        rolled: list[float] = uniform(key(self._key, day, what), np.arange(8)).tolist()
        return rolled

    def _excursion(self, day: int, dice: list[float]) -> Excursion:
        gas = bool(self._gases) and (dice[1] < 0.6 or not self._process)
        candidates = self._gases if gas else self._process
        index = candidates[int(dice[2] * len(candidates))]
        began = (day + dice[3]) * DAY_S
        if gas:
            rise, stays, fall = 0.5 + 2 * dice[4], 1 + 9 * dice[5] ** 2, 1 + 3 * dice[4]
        else:
            rise, stays, fall = 15 + 25 * dice[4], 5 + 60 * dice[5] ** 2, 20 + 30 * dice[4]
        falls_at = began + MINUTE_S * (rise + stays)
        target = _target(self._points[index], dice[6])
        return Excursion(index, target, began, rise * MINUTE_S, falls_at, fall * MINUTE_S)


def _target(point: PointPlan, luck: float) -> float:
    """How far it goes: mostly a little over the first limit, one time in twelve over the second."""
    limits = point.in_force
    first, second = limits.h, limits.hh
    assert first is not None, "gas, pressure and temperature points have a high limit"
    assert second is not None, "gas, pressure and temperature points have a second high limit"
    if luck < 1 / 12:
        return second + (second - first) * (0.05 + 2 * luck)
    return first + (second - first) * (0.08 + 0.7 * luck)
