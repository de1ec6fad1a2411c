"""How the stock of tanks goes up and down: cycles of filling, resting and drawing that balance to the last litre.

A cycle begins at one low and ends at the next; what a pump moves in between is exactly the difference. Some cycles end
a little too high or too low, because people plan tanks and people err.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.simulator.city.plants import TankPlan
from backend.simulator.city.points import FILL_PCT_PER_H, QUICK_FILL_PCT_PER_H
from backend.simulator.dynamics.noise import Floats, Keys, key, uniform

HOUR_S = 3600.0
PERIOD_H, QUICK_PERIOD_H = (30.0, 84.0), (14.0, 30.0)
DRAW_PCT_PER_H, QUICK_DRAW_PCT_PER_H = (4.0, 7.0), (12.0, 15.0)
LOW_PCT, HIGH_PCT = (24.0, 34.0), (62.0, 78.0)
# One filling in sixty passes the high limit of 85 %, one of twelve of these the limit of 90 %; low limits alike.
TOO_HIGH, TOO_HIGH_PCT, FAR_TOO_HIGH_PCT = 1 / 60, (85.8, 88.0), (90.3, 91.0)
TOO_LOW, TOO_LOW_PCT, FAR_TOO_LOW_PCT = 1 / 90, (12.0, 14.2), (8.0, 9.5)
FAR = 1 / 12
# Someone notices: a tank that is too high or too low rests this long before the pump is turned round.
NOTICED_S = 0.3 * HOUR_S


@dataclass(frozen=True)
class Cycle:
    """Where each tank stands in its cycle at each instant: arrays of (instants, tanks), times in s, levels in %."""

    number: NDArray[np.int64]
    into: Floats
    low: Floats
    high: Floats
    next_low: Floats
    fill_from: Floats
    fill_until: Floats
    draw_from: Floats
    draw_until: Floats


class Stock:
    """The stock of some tanks over time."""

    def __init__(self, tanks: list[TankPlan], where: str, seed: int) -> None:
        self.tanks = tanks
        self.keys: Keys = np.array([key(seed, where, tank.code) for tank in tanks], dtype=np.uint64)
        quick = np.array([tank.quick for tank in tanks])
        own = [uniform(self.keys, -n) for n in range(1, 4)]
        self.period_s = HOUR_S * np.where(quick, _between(QUICK_PERIOD_H, own[0]), _between(PERIOD_H, own[0]))
        self.phase_s = own[1] * self.period_s
        self.fill_pct_s = np.where(quick, QUICK_FILL_PCT_PER_H, FILL_PCT_PER_H) / HOUR_S
        draw = np.where(quick, _between(QUICK_DRAW_PCT_PER_H, own[2]), _between(DRAW_PCT_PER_H, own[2]))
        self.draw_pct_s = draw / HOUR_S
        self.volume_m3 = np.array([tank.volume_m3 for tank in tanks])

    def cycle(self, t: Floats) -> Cycle:
        """The cycle of every tank at each instant; t: seconds since the epoch, a column or one column for each tank."""
        number = np.floor((t - self.phase_s) / self.period_s).astype(np.int64)
        into = t - self.phase_s - number * self.period_s
        low, high, next_low = self._low(number), self._high(number), self._low(number + 1)
        fills_s, draws_s = (high - low) / self.fill_pct_s, (high - next_low) / self.draw_pct_s
        free_s = self.period_s - fills_s - draws_s
        before_s = free_s * (0.2 + 0.6 * uniform(self.keys, 8 * number + 5))
        before_s = np.where(high > HIGH_PCT[1], free_s - NOTICED_S, before_s)
        before_s = np.where(low < LOW_PCT[0], NOTICED_S, before_s)
        fill_until = before_s + fills_s
        return Cycle(
            number,
            into,
            low,
            high,
            next_low,
            before_s,
            fill_until,
            self.period_s - draws_s,
            self.period_s,
        )

    def level_pct(self, at: Cycle) -> Floats:
        """The level in % of each tank's height."""
        filled = self.fill_pct_s * np.clip(at.into - at.fill_from, 0, at.fill_until - at.fill_from)
        drawn = self.draw_pct_s * np.clip(at.into - at.draw_from, 0, at.draw_until - at.draw_from)
        level: Floats = at.low + filled - drawn
        return level

    def inflow_m3_h(self, at: Cycle) -> Floats:
        """What runs in, m³/h."""
        running = (at.into >= at.fill_from) & (at.into < at.fill_until)
        flow: Floats = np.where(running, self.fill_pct_s * HOUR_S / 100 * self.volume_m3, 0.0)
        return flow

    def outflow_m3_h(self, at: Cycle) -> Floats:
        """What is drawn, m³/h."""
        running = (at.into >= at.draw_from) & (at.into < at.draw_until)
        flow: Floats = np.where(running, self.draw_pct_s * HOUR_S / 100 * self.volume_m3, 0.0)
        return flow

    def beyond(self, start: float, end: float) -> list[tuple[int, float, float]]:
        """(tank, from, until) of each time between two instants in which a tank is planned too high or too low."""
        turns = np.arange(int((end - start) / self.period_s.min()) + 2)[:, None]
        moments = start + turns * self.period_s
        at = self.cycle(moments)
        begins = moments - at.into
        full_at = begins + at.fill_until
        found = [
            (int(tank), full_at[turn, tank] - 2 * HOUR_S, full_at[turn, tank] + NOTICED_S + 3 * HOUR_S)
            for turn, tank in np.argwhere(at.high > HIGH_PCT[1])
        ]
        found += [
            (int(tank), begins[turn, tank] - 3 * HOUR_S, begins[turn, tank] + NOTICED_S + 3 * HOUR_S)
            for turn, tank in np.argwhere(at.low < LOW_PCT[0])
        ]
        return [each for each in found if each[1] < end and each[2] > start]

    def _low(self, number: NDArray[np.int64]) -> Floats:
        drawn = uniform(self.keys, 8 * number)
        low = _between(LOW_PCT, drawn)
        low = np.where(self._too_low(number), _between(TOO_LOW_PCT, drawn), low)
        far = self._too_low(number) & (uniform(self.keys, 8 * number + 3) < FAR)
        return np.where(far, _between(FAR_TOO_LOW_PCT, drawn), low)

    def _high(self, number: NDArray[np.int64]) -> Floats:
        drawn = uniform(self.keys, 8 * number + 1)
        erring = uniform(self.keys, 8 * number + 2)
        too_high = (erring < TOO_HIGH) & ~self._too_low(number) & ~self._too_low(number + 1)
        high = np.where(too_high, _between(TOO_HIGH_PCT, drawn), _between(HIGH_PCT, drawn))
        return np.where(too_high & (erring < TOO_HIGH * FAR), _between(FAR_TOO_HIGH_PCT, drawn), high)

    def _too_low(self, number: NDArray[np.int64]) -> NDArray[np.bool_]:
        low: NDArray[np.bool_] = uniform(self.keys, 8 * number + 4) < TOO_LOW
        return low


def _between(bounds: tuple[float, float], share: Floats) -> Floats:
    low, high = bounds
    return low + (high - low) * share
