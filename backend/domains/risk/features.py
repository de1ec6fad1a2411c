"""From readings and alarms to the input of the tank-farm model; what was known is held while data are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from backend.domains.risk.blocks import unavailability
from backend.domains.risk.episodes import Episode, latched, minutes, most_repeats, residual, waiting_alarms
from backend.domains.risk.inputs import Point, read_input
from backend.domains.risk.parameters import Parameters
from backend.domains.risk.samples import NO_READING, WINDOW_MIN, Reading

# A slope below this share of the range a minute is drift of the instrument.
LEAST_TREND = 0.0002
# During a transfer a level that moves less than this share of its range in a quarter of an hour stands still.
STILL = 0.0005
# A window counts as covered when its oldest sample is at most this much younger than the window is long.
COVERED_MIN = WINDOW_MIN - 1.0
# A flow above this share of its range is a transfer and not a zero offset.
FLOWING = 0.01
# From here on a point does not count as seen.
UNSEEN = 0.5


class PointFacts(Struct, frozen=True):
    """A point of a tank and its limits in force."""

    id: int
    tag: str
    kind: str
    unit: str = ""
    ll: float | None = None
    l: float | None = None  # noqa: E741  # the plant's own name for it.
    h: float | None = None
    hh: float | None = None
    range_lo: float | None = None
    range_hi: float | None = None

    @property
    def has_limits(self) -> bool:
        """Whether anything is judged by it."""
        return any(limit is not None for limit in (self.ll, self.l, self.h, self.hh))

    @property
    def span(self) -> float:
        """Width of the range, 0 when it is not known."""
        return max(self.range_hi - self.range_lo, 0.0) if None not in (self.range_lo, self.range_hi) else 0.0  # type: ignore[operator]  # both are known here.


class TankFacts(Struct, frozen=True):
    """A tank and its points."""

    code: str
    name: str
    points: tuple[PointFacts, ...] = ()


class Before(Struct, frozen=True):
    """The input of the evaluation before, and when it was."""

    input: Mapping[str, Any]
    as_of: datetime


def tank_farm_input(
    grade: int | None,
    tanks: Sequence[TankFacts],
    readings: Mapping[int, Reading],
    episodes: Sequence[Episode],
    as_of: datetime,
    params: Parameters,
    before: Before | None = None,
) -> dict[str, Any]:
    """The input of the tank-farm model; `dark_h` is left to the caller, who knows since when.

    readings: by point id. episodes: of all points of the hazard, open ones and those of the last day.
    """
    of_point: dict[int, list[Episode]] = {}
    for episode in episodes:
        of_point.setdefault(episode.point_id, []).append(episode)
    known = _known_before(before, as_of)
    told = [_tank(tank, readings, known.get(tank.code, _UNKNOWN), params) for tank in tanks]
    for tank in told:
        for point in tank["points"]:
            own = of_point.get(int(point["id"]), ())
            point.update(latched(own, as_of))
            point.update(residual(point, own, as_of, params))
    names = {point.id: point.tag for tank in tanks for point in tank.points}
    return {
        "hazard_level": grade,
        "tanks": told,
        "alarms": waiting_alarms(episodes, names, as_of),
        "rep_max": most_repeats(episodes, as_of),
    }


def everything_lost(inp: Mapping[str, Any]) -> dict[str, Any]:
    """An accepted input with every point bad: what an object is scored by when its newest input cannot be scored."""
    tanks = [
        {**tank, "points": [{**point, "quality": "bad"} for point in tank.get("points", ())]}
        for tank in inp.get("tanks", ())
    ]
    return {**inp, "tanks": tanks}


class _Before(Struct, frozen=True):
    """What the evaluation before knew of a tank, and how many minutes ago that was."""

    tank: Mapping[str, Any]
    points: Mapping[str, Mapping[str, Any]]
    ago_min: float


_UNKNOWN = _Before({}, {}, 0.0)


def _known_before(before: Before | None, as_of: datetime) -> dict[str, _Before]:
    if before is None:
        return {}
    ago_min = minutes(as_of - before.as_of)
    return {
        tank["id"]: _Before(tank, {point["id"]: point for point in tank["points"]}, ago_min)
        for tank in before.input.get("tanks", ())
    }


def _tank(facts: TankFacts, readings: Mapping[int, Reading], before: _Before, params: Parameters) -> dict[str, Any]:
    flows = [(point, readings.get(point.id, NO_READING)) for point in facts.points if point.kind == "flow"]
    flowing = any(_flows(point, reading, params) for point, reading in flows)
    all_along = any(_flowed_all_along(point, reading) for point, reading in flows)
    points = [
        _point(point, readings.get(point.id, NO_READING), before, flowing and all_along, params)
        for point in facts.points
        # A flow without limits only tells of transfers; it is no point that could be missed.
        if point.kind != "flow" or point.has_limits
    ]
    return {
        "id": facts.code,
        "name": facts.name,
        "points": points,
        "transfer_active": flowing,
        "transfer_measured": flowing,
        "blind_min": _blind_min(points, flowing, before, params),
    }


def _point(facts: PointFacts, reading: Reading, before: _Before, flowing: bool, params: Parameters) -> dict[str, Any]:
    """One point: what the window tells, and what was known before where it tells nothing."""
    known = before.points.get(str(facts.id), {})
    value = known.get("value") if reading.value is None else reading.value
    age_s = reading.age_s
    if age_s is None and known.get("age_s") is not None:
        age_s = known["age_s"] + 60.0 * before.ago_min
    quality = reading.quality or known.get("quality", "good")
    frozen = facts.kind == "level" and flowing and _stands_still(facts, reading)
    seen = age_s is not None and age_s <= params.dq.t_ok_s and quality != "bad" and not frozen
    rate = (reading.rate if abs(reading.rate) >= LEAST_TREND * facts.span else 0.0) if seen else None
    told = {
        "id": str(facts.id),
        "name": facts.tag,
        "unit": facts.unit,
        "kind": facts.kind,
        "value": value,
        "ll": facts.ll,
        "l": facts.l,
        "h": facts.h,
        "hh": facts.hh,
        "range_lo": facts.range_lo,
        "range_hi": facts.range_hi,
        "rate_per_min": known.get("rate_per_min", 0.0) if rate is None else rate,
        "age_s": age_s,
        "quality": quality,
        "frozen": frozen,
    }
    return {name: given for name, given in told.items() if given is not None}


def _flows(facts: PointFacts, reading: Reading, params: Parameters) -> bool:
    """Whether a transfer is measured now."""
    fresh = reading.age_s is not None and reading.age_s <= params.dq.t_ok_s and reading.quality != "bad"
    return fresh and reading.value is not None and reading.value > FLOWING * facts.span


def _flowed_all_along(facts: PointFacts, reading: Reading) -> bool:
    """Whether the transfer was measured in every sample of the window: one that just began cannot have moved much."""
    return _is_covered(reading) and reading.lowest is not None and reading.lowest > FLOWING * facts.span


def _stands_still(facts: PointFacts, reading: Reading) -> bool:
    """Whether a level does not move at all although it is heard."""
    if reading.lowest is None or reading.highest is None or not facts.span:
        return False
    return _is_covered(reading) and reading.highest - reading.lowest < STILL * facts.span


def _is_covered(reading: Reading) -> bool:
    return reading.oldest_s is not None and reading.oldest_s >= COVERED_MIN * 60


def _blind_min(points: Sequence[Mapping[str, Any]], flowing: bool, before: _Before, params: Parameters) -> float:
    """Minutes of the present transfer without a usable level: from its last good sample, or where it stood still."""
    levels = [point for point in points if point["kind"] == "level"]
    if not flowing or not _all_unseen(levels, params):
        return 0.0
    already = before.tank.get("blind_min", 0.0)
    if already > 0:
        return float(already) + before.ago_min
    if any(point["frozen"] for point in levels):
        return WINDOW_MIN
    if not before.tank.get("transfer_active", False):
        return 0.0
    if _all_unseen([point for point in before.points.values() if point["kind"] == "level"], params):
        return before.ago_min
    lost_min: float = min(point["age_s"] for point in levels) / 60.0
    return max(lost_min, before.ago_min)


def _all_unseen(levels: Sequence[Mapping[str, Any]], params: Parameters) -> bool:
    """Whether no level can be relied on; none at all is the same."""
    return all(
        point["frozen"] or unavailability(read_input(Point, point), params.dq).share >= UNSEEN for point in levels
    )
