"""The demo city as plain data: what `anlan seed` writes down and what `anlan simulate` brings to life."""

from __future__ import annotations

from dataclasses import dataclass

from backend.simulator.city.media import Gas, Medium


@dataclass(frozen=True)
class LimitPlan:
    """One version of a point's limits with its passport. age_days: how long before the seed it came into force."""

    ll: float | None
    l: float | None  # noqa: E741 - the plant's own name for it
    h: float | None
    hh: float | None
    deadband: float
    on_delay_s: float
    off_delay_s: float
    author: str
    reason: str
    basis: str
    age_days: int


@dataclass(frozen=True)
class PointPlan:
    """One measured quantity. limits: every version, oldest first; the last one is in force."""

    tag: str
    name: str
    kind: str
    unit: str
    decimals: int
    range_lo: float
    range_hi: float
    limits: tuple[LimitPlan, ...]
    tank: str | None = None
    detector: str | None = None

    @property
    def in_force(self) -> LimitPlan:
        """The limits that count today."""
        return self.limits[-1]


@dataclass(frozen=True)
class TankPlan:
    """A tank; quick ones are filled from a pipeline."""

    code: str
    name: str
    medium: Medium
    volume_m3: float
    quick: bool


@dataclass(frozen=True)
class DetectorPlan:
    """A gas detector; x and y in metres in the plant's grid."""

    code: str
    name: str
    gas: Gas
    medium: str
    area: str
    x_m: float
    y_m: float


@dataclass(frozen=True)
class HazardPlan:
    """A major hazard with what stands in it; r_value as GB 18218 computes it from these very tanks."""

    code: str
    name: str
    grade: int
    r_value: float
    tanks: tuple[TankPlan, ...]
    detectors: tuple[DetectorPlan, ...]


@dataclass(frozen=True)
class GatewayPlan:
    """A gateway and the order of values in its frames."""

    code: str
    name: str
    layout: int
    points: tuple[PointPlan, ...]


@dataclass(frozen=True)
class PersonPlan:
    """Someone with an account; role as the API names it."""

    username: str
    name: str
    role: str
    phone: str
    adcode: str | None = None


@dataclass(frozen=True)
class EnterprisePlan:
    """An enterprise, whole. habits: share of mornings on which its commitment is filed in time."""

    slug: str
    code: str
    name: str
    short_name: str
    uscc: str
    adcode: str
    address: str
    lon: float
    lat: float
    park: str | None
    residents_500m: int
    units_total: int
    habits: float
    hazards: tuple[HazardPlan, ...]
    gateways: tuple[GatewayPlan, ...]
    people: tuple[PersonPlan, ...]

    @property
    def tanks(self) -> dict[str, TankPlan]:
        """Its tanks by code."""
        return {tank.code: tank for hazard in self.hazards for tank in hazard.tanks}

    @property
    def detectors(self) -> dict[str, DetectorPlan]:
        """Its detectors by code."""
        return {detector.code: detector for hazard in self.hazards for detector in hazard.detectors}


@dataclass(frozen=True)
class City:
    """The demo city. visitor: the enterprise whose people are the printed sign-ins."""

    seed: int
    enterprises: tuple[EnterprisePlan, ...]
    officials: tuple[PersonPlan, ...]
    visitor: EnterprisePlan

    def enterprise(self, code: str) -> EnterprisePlan | None:
        """The enterprise of that code, short name or Latin name."""
        return next((each for each in self.enterprises if code in (each.code, each.short_name, each.slug)), None)
