"""The numbers of the models as versioned data, checked when they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from backend.domains.risk.inputs import PointKind

Strength = Annotated[float, Meta(ge=0, le=1)]
HalfLife = Annotated[float, Meta(gt=0)]
Amount = Annotated[float, Meta(ge=0)]

DEFAULT_VERSION = "rm-1.0.0"


class UnusableParameters(ValueError):
    """A parameter set breaks a rule of the models; the message names the number."""


class Hysteresis(Struct, frozen=True):
    """A level falls only when the score lies `band` points below its cut-off for `down_min[level]` minutes."""

    band: Amount
    down_min: tuple[Amount, Amount, Amount, Amount]


class Top(Struct, frozen=True):
    """Weights of the worst, the next worst, … : lam**rank, the first k of them."""

    lam: Strength
    k: Annotated[int, Meta(ge=1)]


class Exceedance(Struct, frozen=True):
    """Severity of one point past a limit. The spans are fractions of the range, or of the limit without a range."""

    pos_h: Strength
    pos_h_span: Strength
    pos_hh: Strength
    pos_hh_span: Strength
    dur_h: Strength
    dur_hh: Strength
    span_range: Annotated[float, Meta(gt=0)]
    span_abs: Annotated[float, Meta(gt=0)]

    def __post_init__(self) -> None:
        if self.pos_h + self.pos_h_span > self.pos_hh or self.pos_hh + self.pos_hh_span > 1:
            raise ValueError("pt: pos_h + pos_h_span <= pos_hh and pos_hh + pos_hh_span <= 1 must hold")


class TankFarmNumbers(Struct, frozen=True):
    """What is special to storage tanks: durations in minutes, residual half-life in hours."""

    dur_half_min: HalfLife
    trend: Strength
    look_min: HalfLife
    lam_obj: Strength
    couple: Strength
    blind: Strength
    blind_min: HalfLife
    blind_decl: Strength
    res_rho: Strength
    res_half_h: HalfLife
    k_low: dict[PointKind, Strength]


class AlarmHandling(Struct, frozen=True):
    """Overdue alarms of grade 1 and 2, and alarms that keep coming back."""

    g1: Strength
    g2: Strength
    half_min: HalfLife
    rep: Strength
    rep_n0: Amount
    rep_half: HalfLife


class DataQuality(Struct, frozen=True):
    """When a point counts as lost, and what a dark object is worth."""

    t_ok_s: Amount
    t_full_s: Amount
    full: Strength
    long: Strength
    long_from_h: Amount
    long_half_h: HalfLife
    uncertain: Strength
    oos: Strength
    nothr: Strength
    w_key: Annotated[float, Meta(ge=1)]

    def __post_init__(self) -> None:
        if self.t_full_s <= self.t_ok_s or self.full + self.long > 1:
            raise ValueError("dq: t_ok_s < t_full_s and full + long <= 1 must hold")


class HazardSteps(Struct, frozen=True):
    """Amplification and base strength for each step of the major-hazard grade, 4 to 1."""

    m_step: Amount
    b_step: Annotated[float, Meta(ge=0, le=0.25)]


class Parameters(Struct, frozen=True):
    """One version of all numbers that the built models use. Sections of other models are passed over."""

    version: Annotated[str, Meta(min_length=1)]
    cut: tuple[float, float, float]
    hyst: Hysteresis
    top: Top
    pt: Exceedance
    tank: TankFarmNumbers
    ack: AlarmHandling
    dq: DataQuality
    haz: HazardSteps

    def __post_init__(self) -> None:
        if not 0 < self.cut[0] < self.cut[1] < self.cut[2] <= 100:
            raise ValueError("cut: the cut-offs must increase within 0..100")
        if missing := {"level", "temperature", "pressure", "flow", "other"} - self.tank.k_low.keys():
            raise ValueError(f"tank.k_low: no factor for {', '.join(sorted(missing))}")


RM_1_0_0: dict[str, Any] = {
    "version": DEFAULT_VERSION,
    "cut": [25.0, 50.0, 75.0],
    "hyst": {"band": 5.0, "down_min": [0, 10, 20, 30]},
    "top": {"lam": 0.5, "k": 8},
    "pt": {
        "pos_h": 0.28,
        "pos_h_span": 0.12,
        "pos_hh": 0.55,
        "pos_hh_span": 0.2,
        "dur_h": 0.12,
        "dur_hh": 0.3,
        "span_range": 0.05,
        "span_abs": 0.05,
    },
    "tank": {
        "dur_half_min": 15.0,
        "trend": 0.25,
        "look_min": 30.0,
        "lam_obj": 0.7,
        "couple": 0.35,
        "blind": 0.55,
        "blind_min": 30.0,
        "blind_decl": 0.4,
        "res_rho": 0.5,
        "res_half_h": 4.0,
        "k_low": {"level": 0.6, "pressure": 0.7, "temperature": 0.5, "flow": 0.6, "other": 0.6},
    },
    "ack": {"g1": 0.2, "g2": 0.35, "half_min": 30.0, "rep": 0.2, "rep_n0": 2.0, "rep_half": 3.0},
    "dq": {
        "t_ok_s": 180.0,
        "t_full_s": 900.0,
        "full": 0.4,
        "long": 0.2,
        "long_from_h": 1.0,
        "long_half_h": 12.0,
        "uncertain": 0.5,
        "oos": 0.5,
        "nothr": 0.5,
        "w_key": 2.0,
    },
    "haz": {"m_step": 0.04, "b_step": 0.03},
}


def load_parameters(given: Mapping[str, Any]) -> Parameters:
    """A checked parameter set; raises UnusableParameters naming the number that breaks a rule."""
    try:
        return msgspec.convert(given, Parameters)
    except msgspec.ValidationError as exc:
        raise UnusableParameters(f"{given.get('version', 'unnamed')}: {exc}") from exc


@cache
def default_parameters() -> Parameters:
    """The published set `rm-1.0.0`."""
    return load_parameters(RM_1_0_0)


def parameters_from(params: Parameters | Mapping[str, Any] | None) -> Parameters:
    """What a caller may hand in: nothing (the published set), a checked set, or a plain dictionary to check."""
    if params is None:
        return default_parameters()
    return params if isinstance(params, Parameters) else load_parameters(params)
