"""What the tanks of the demo city hold: the properties that decide storage, limits, detectors and the hazard grade.

Threshold quantities and β: GB 18218-2018 tables 1–4. Occupational limits: GBZ 2.1, as ppm at 25 °C, rounded down.
Vapour pressures are those of the pure substance near 20 °C; a demo needs their shape, not their last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Storage(StrEnum):
    """How a medium is kept; decides what is measured and how pressure behaves."""

    BLANKETED = "blanketed"  # atmospheric tank under nitrogen with a breathing valve; pressure in kPa
    PRESSURISED = "pressurised"  # sphere or bullet at its own vapour pressure; MPa
    CRYOGENIC = "cryogenic"  # double-walled, held near its boiling point; MPa
    GAS = "gas"  # compressed gas: no level, the pressure is the stock; MPa


class Gas(StrEnum):
    """What its detectors look for; the words of the monitoring contract."""

    COMBUSTIBLE = "comb"
    TOXIC = "toxic"
    HIGHLY_TOXIC = "htoxic"


@dataclass(frozen=True)
class Medium:
    """One medium. Density in t/m³ as stored, threshold quantity in t, temperatures in °C, pressures in MPa (gauge).

    held_at_c: the temperature it is cooled or heated to; None follows the weather. temperature_limits: L, H, HH.
    burns: False when only its poison is looked for.
    vapour_20_mpa, vapour_growth: gauge pressure at 20 °C (or at held_at_c) and its relative growth per °C.
    safety_valve_mpa: where H is 0.8 and HH 0.9 of it. toxic_ppm: first alarm level, None when only burning matters.
    """

    name: str
    storage: Storage
    density: float
    threshold_t: float
    beta: float
    temperature_limits: tuple[float | None, float, float]
    held_at_c: float | None = None
    vapour_20_mpa: float = 0.0
    vapour_growth: float = 0.0
    safety_valve_mpa: float = 0.0
    gas: Gas = Gas.COMBUSTIBLE
    toxic_ppm: float | None = None
    burns: bool = True


_OPEN = (None, 38.0, 42.0)  # outdoor tanks of flammable liquids: below the design temperature of 50 °C
_PRESSED = (None, 40.0, 45.0)

BLANKETED, PRESSURISED, CRYOGENIC, GAS = Storage.BLANKETED, Storage.PRESSURISED, Storage.CRYOGENIC, Storage.GAS

_ALL = (
    Medium("甲苯", BLANKETED, 0.867, 500, 1.0, _OPEN),
    Medium("苯", BLANKETED, 0.877, 50, 1.0, (8.0, 38.0, 42.0), held_at_c=18.0, gas=Gas.TOXIC, toxic_ppm=3.0),
    Medium("二甲苯", BLANKETED, 0.86, 5000, 1.0, _OPEN),
    Medium("苯乙烯", BLANKETED, 0.906, 500, 1.0, (None, 22.0, 25.0), held_at_c=16.0),
    Medium("甲醇", BLANKETED, 0.79, 500, 1.0, _OPEN),
    Medium("乙醇", BLANKETED, 0.789, 500, 1.0, _OPEN),
    Medium("丙酮", BLANKETED, 0.79, 500, 1.0, _OPEN),
    Medium("乙酸乙酯", BLANKETED, 0.90, 500, 1.0, _OPEN),
    Medium("正己烷", BLANKETED, 0.66, 500, 1.0, _OPEN),
    Medium("环己烷", BLANKETED, 0.78, 500, 1.0, (10.0, 38.0, 42.0), held_at_c=20.0),
    Medium("汽油", BLANKETED, 0.74, 200, 1.0, _OPEN),
    Medium("柴油", BLANKETED, 0.84, 5000, 1.0, _OPEN),
    Medium("石脑油", BLANKETED, 0.70, 1000, 1.0, _OPEN),
    Medium("原油", BLANKETED, 0.86, 1000, 1.0, (30.0, 60.0, 65.0), held_at_c=45.0),
    Medium("丙烯腈", BLANKETED, 0.806, 50, 1.0, _OPEN, gas=Gas.HIGHLY_TOXIC, toxic_ppm=0.9),
    Medium("环氧氯丙烷", BLANKETED, 1.18, 20, 1.0, _OPEN, gas=Gas.TOXIC, toxic_ppm=0.5),
    Medium(
        "甲苯二异氰酸酯",
        BLANKETED,
        1.22,
        100,
        1.0,
        (15.0, 32.0, 36.0),
        22.0,
        gas=Gas.HIGHLY_TOXIC,
        toxic_ppm=0.02,
        burns=False,
    ),
    Medium("二硫化碳", BLANKETED, 1.26, 50, 1.0, (None, 25.0, 28.0), held_at_c=12.0, gas=Gas.TOXIC, toxic_ppm=3.0),
    Medium("过氧化氢溶液", BLANKETED, 1.11, 200, 1.0, (None, 35.0, 40.0)),
    Medium("冰醋酸", BLANKETED, 1.05, 5000, 1.0, (17.5, 38.0, 42.0), held_at_c=24.0),
    Medium("环氧丙烷", PRESSURISED, 0.83, 10, 1.5, (None, 25.0, 30.0), 14.0, 0.12, 0.02, 0.40),
    Medium("环氧乙烷", PRESSURISED, 0.87, 10, 2.0, (None, 8.0, 12.0), -2.0, 0.25, 0.02, 0.60, Gas.TOXIC, 1.1),
    Medium("液化石油气", PRESSURISED, 0.55, 50, 1.5, _PRESSED, None, 0.48, 0.026, 1.77),
    Medium("1,3-丁二烯", PRESSURISED, 0.62, 5, 1.5, (None, 27.0, 30.0), 10.0, 0.14, 0.03, 0.79),
    Medium("氯乙烯", PRESSURISED, 0.91, 50, 1.5, _PRESSED, None, 0.235, 0.03, 0.85, Gas.TOXIC, 3.9),
    Medium("液氨", PRESSURISED, 0.61, 10, 2.0, _PRESSED, None, 0.756, 0.029, 2.1, Gas.TOXIC, 40.0, burns=False),
    Medium("液氯", PRESSURISED, 1.41, 5, 4.0, _PRESSED, None, 0.57, 0.026, 1.6, Gas.HIGHLY_TOXIC, 0.3, burns=False),
    Medium(
        "氟化氢",
        PRESSURISED,
        0.97,
        1,
        5.0,
        (None, 22.0, 26.0),
        10.0,
        0.09,
        0.02,
        0.50,
        Gas.HIGHLY_TOXIC,
        2.4,
        burns=False,
    ),
    Medium("二氧化硫", PRESSURISED, 1.43, 20, 2.0, _PRESSED, None, 0.23, 0.03, 0.95, Gas.TOXIC, 3.8, burns=False),
    Medium("液化天然气", CRYOGENIC, 0.43, 50, 1.5, (None, -148.0, -143.0), -158.0, 0.32, 0.03, 0.80),
    Medium("乙烯", CRYOGENIC, 0.50, 50, 1.5, (None, -30.0, -26.0), -38.0, 1.42, 0.02, 2.16),
    Medium("液氧", CRYOGENIC, 1.14, 200, 1.0, (None, -172.0, -168.0), -179.0, 0.72, 0.03, 1.26),
    Medium("氢气", GAS, 0.0105, 5, 1.5, _PRESSED, None, 11.0, 0.0034, 20.0),
)

MEDIA = {medium.name: medium for medium in _ALL}
