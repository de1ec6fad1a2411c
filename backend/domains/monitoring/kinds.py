"""What each kind of point measures, described once.

Sources: deadbands and delays of standards 6.3, ranges and limits of 5.2 and 5.3.
"""

from __future__ import annotations

import msgspec

from backend.domains.monitoring.enums import PointKind


class PointFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of point.

    unit: in which it is usually given; decimals: how many are shown.
    plausible_lo, plausible_hi: what such an instrument can span at all, in `unit`.
    limits: which of LL, L, H, HH it may carry (of gas, H is level 1 and HH level 2).
    Deadband: `deadband_pct` percent of the range, or of the level-1 limit where `of_level_1`, or `deadband` in `unit`.
    """

    unit: str
    decimals: int
    plausible_lo: float
    plausible_hi: float
    on_delay_s: float
    off_delay_s: float
    limits: frozenset[str] = frozenset({"ll", "l", "h", "hh"})
    deadband_pct: float | None = None
    of_level_1: bool = False
    deadband: float = 0.0


KINDS: dict[PointKind, PointFacts] = {
    PointKind.LEVEL: PointFacts(
        unit="%", decimals=1, plausible_lo=0, plausible_hi=100, on_delay_s=60, off_delay_s=60, deadband_pct=5
    ),
    PointKind.TEMPERATURE: PointFacts(
        unit="℃", decimals=1, plausible_lo=-273.15, plausible_hi=2000, on_delay_s=60, off_delay_s=60, deadband_pct=1
    ),
    PointKind.PRESSURE: PointFacts(
        unit="kPa", decimals=2, plausible_lo=-101.3, plausible_hi=400_000, on_delay_s=15, off_delay_s=15, deadband_pct=2
    ),
    PointKind.FLOW: PointFacts(
        unit="m³/h",
        decimals=1,
        plausible_lo=-100_000,
        plausible_hi=100_000,
        on_delay_s=15,
        off_delay_s=15,
        deadband_pct=5,
    ),
    PointKind.COMB_GAS: PointFacts(
        unit="%LEL",
        decimals=0,
        plausible_lo=0,
        plausible_hi=100,
        on_delay_s=3,
        off_delay_s=30,
        limits=frozenset({"h", "hh"}),
        deadband=2.0,
    ),
    PointKind.TOXIC_GAS: PointFacts(
        unit="ppm",
        decimals=1,
        plausible_lo=0,
        plausible_hi=100_000,
        on_delay_s=3,
        off_delay_s=30,
        limits=frozenset({"h", "hh"}),
        deadband_pct=5,
        of_level_1=True,
    ),
    PointKind.OXYGEN: PointFacts(
        unit="%VOL",
        decimals=1,
        plausible_lo=0,
        plausible_hi=100,
        on_delay_s=3,
        off_delay_s=30,
        limits=frozenset({"l", "h"}),
        deadband=0.3,
    ),
    PointKind.OTHER: PointFacts(
        unit="",
        decimals=2,
        plausible_lo=-1e9,
        plausible_hi=1e9,
        on_delay_s=15,
        off_delay_s=15,
        deadband_pct=2,
    ),
}
