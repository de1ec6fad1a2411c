"""The air over Zibo: cold winters, hot summers, warm afternoons, and a week that is never like the last.

Long-term means of the area: about −2 °C in January, 27 °C in July, a daily swing of about ten degrees.
"""

from __future__ import annotations

import math

import numpy as np

from backend.simulator.dynamics.noise import Floats, Keys, key, wander

DAY_S = 86_400.0
YEAR_S = 365.2425 * DAY_S
UTC_OFFSET_S = 8 * 3600.0
YEAR_MEAN_C, YEAR_SWING_C = 13.2, 14.5
HOTTEST_DAY = 201  # about 20 July
DAY_SWING_C = 5.0
WARMEST_HOUR = 14.5
SPELL_S, SPELL_C = 3 * DAY_S, 3.5
OMEGA = 2 * math.pi / DAY_S
SUN_C = 2.5  # what the sun adds to a white tank on the mean of a day


def season_c(t: Floats) -> Floats:
    """The mean of the season, °C; t in seconds since the epoch."""
    phase = (t + UTC_OFFSET_S) / YEAR_S - HOTTEST_DAY / 365.2425
    mean: Floats = YEAR_MEAN_C + YEAR_SWING_C * np.cos(2 * math.pi * phase)
    return mean


def spell_c(seed: int, t: Floats) -> Floats:
    """Warm and cold spells of some days, °C around the season."""
    return SPELL_C * wander(key(seed, "weather"), t, SPELL_S)


def day_c(t: Floats, lag_s: Floats | float = 0.0) -> Floats:
    """The day's wave, °C, as something sees it that follows the air with a time constant of `lag_s`.

    A first-order lag flattens a sine by √(1+(ωτ)²) and delays it by atan(ωτ)/ω.
    """
    angle = OMEGA * (t + UTC_OFFSET_S - WARMEST_HOUR * 3600)
    turned = OMEGA * np.asarray(lag_s)
    wave: Floats = DAY_SWING_C / np.sqrt(1 + turned**2) * np.cos(angle - np.arctan(turned))
    return wave


def air_c(seed: int, t: Floats) -> Floats:
    """The temperature of the air, °C."""
    return season_c(t) + spell_c(seed, t) + day_c(t)


def tank_c(seed: int, t: Floats, lag_s: Floats, held_at_c: Floats, keys: Keys) -> Floats:
    """The temperature of what is in tanks, °C: one column for each tank, held_at_c NaN where nobody cools or heats."""
    outdoors = season_c(t) + 0.8 * spell_c(seed, t - lag_s / 2) + SUN_C + day_c(t, lag_s)
    indoors = held_at_c + 0.45 * wander(keys, t, 5 * 3600.0) + 0.02 * (air_c(seed, t) - YEAR_MEAN_C)
    liquid: Floats = np.where(np.isnan(held_at_c), outdoors, indoors)
    return liquid
