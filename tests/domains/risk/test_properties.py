"""What must hold for every tank farm: bounds, sums, order, monotony, memory, and that silence never looks safe."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from math import fsum
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.domains.risk import score
from backend.domains.risk.explain import explain, leaves

Farm = dict[str, Any]

# Two scores of the same numbers added in another order differ by less than this.
NOISE = 1e-9

KINDS = ["level", "temperature", "pressure", "flow", "other"]
AMOUNT = st.integers(0, 1200)


@st.composite
def points(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A point on a 0..100 scale, its limits 5, 10, 85, 90, most of them, or crossed; half of the points are healthy."""
    dice = draw(st.integers(0, 2**32 - 1))
    pick = Random(dice)
    point: dict[str, Any] = {"id": f"P{number}", "kind": pick.choice(KINDS), "value": round(pick.uniform(-5, 110), 2)}
    point |= {name: at for name, at in (("ll", 5.0), ("l", 10.0), ("h", 85.0), ("hh", 90.0)) if pick.random() < 0.9}
    if pick.random() < 0.1:
        point |= {"h": 90.0, "hh": 85.0}
    if pick.random() < 0.8:
        point |= {"range_lo": 0.0, "range_hi": 100.0}
    point["age_s"] = pick.choice([5.0, 5.0, 5.0, 300.0, 4000.0, None])
    if pick.random() < 0.5:
        point |= {
            "rate_per_min": round(pick.uniform(-1, 1), 3),
            "dur_any_min": pick.choice([0.0, 5.0, 90.0]),
            "dur_hh_min": pick.choice([0.0, 5.0, 90.0]),
            "latched_high": pick.choice([0, 0, 1, 2]),
            "latched_low": pick.choice([0, 0, 1, 2]),
            "quality": pick.choice(["good", "uncertain", "bad"]),
            "residual_peak": pick.choice([0.0, 0.4, 0.9]),
            "since_clear_min": pick.choice([0.0, 60.0, 600.0]),
            "frozen": pick.random() < 0.2,
            "oos_declared": pick.random() < 0.1,
            "key": pick.random() < 0.3,
        }
    if pick.random() < 0.05:
        point["value"] = None
    return point


@st.composite
def farms(draw: st.DrawFn, least_points: int = 0) -> Farm:
    """A farm of up to three tanks of up to three points with up to two alarms."""
    tanks = []
    for tank in range(draw(st.integers(min(least_points, 1), 3))):
        number = draw(st.integers(least_points, 3))
        tanks.append(
            {
                "id": f"T{tank}",
                "points": [draw(points(i)) for i in range(number)],
                "transfer_active": draw(st.booleans()),
                "transfer_measured": draw(st.booleans()),
                "blind_min": draw(st.sampled_from([0.0, 10.0, 90.0])),
            }
        )
    alarms = [
        {"id": f"A{i}", "grade": draw(st.sampled_from([1, 2])), "overdue_min": float(draw(AMOUNT))}
        for i in range(draw(st.integers(0, 2)))
    ]
    return {
        "hazard_level": draw(st.sampled_from([None, 4, 3, 2, 1])),
        "tanks": tanks,
        "alarms": alarms,
        "rep_max": draw(st.integers(0, 8)),
        "dark_h": float(draw(st.integers(0, 48))),
    }


def of(farm: Farm) -> float:
    value = score("tank_farm", farm)["score"]
    assert isinstance(value, float)
    return value


@settings(max_examples=1000, deadline=None)
@given(farms())
def test_bounded_and_made_of_its_parts_objects_and_leaves(farm: Farm) -> None:
    before = deepcopy(farm)
    found = score("tank_farm", farm)
    assert 0 <= found["score"] <= 100
    assert all(part >= 0 for part in found["parts"].values())
    assert fsum(found["parts"].values()) == pytest.approx(found["score"], abs=NOISE)
    assert fsum(found["objects"].values()) == pytest.approx(found["parts"]["proc"], abs=NOISE)
    explained = explain("tank_farm", farm)
    assert fsum(leaf["points"] for leaf in leaves(explained["tree"])) == pytest.approx(found["score"], abs=1e-6)
    assert sum(round(leaf["shown"] * 10) for leaf in leaves(explained["tree"])) == round(found["score"] * 10)
    assert score("tank_farm", farm) == found
    assert farm == before


@settings(max_examples=1000, deadline=None)
@given(farms(), st.randoms(use_true_random=False))
def test_order_of_lists_and_keys_changes_nothing(farm: Farm, dice: Random) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            dice.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        if isinstance(value, list):
            items = [shuffled(item) for item in value]
            dice.shuffle(items)
            return items
        return value

    found, again = score("tank_farm", farm), score("tank_farm", shuffled(farm))
    assert again["score"] == pytest.approx(found["score"], abs=NOISE)
    assert again["objects"] == pytest.approx(found["objects"], abs=NOISE)
    assert again["parts"] == pytest.approx(found["parts"], abs=NOISE)


def further_past_a_limit(point: dict[str, Any], by: float) -> None:
    """Pushes a value that has passed a limit, and is not coming back, further out."""
    value, rate = point["value"], point.get("rate_per_min", 0.0)
    highs = [point[name] for name in ("h", "hh") if name in point]
    lows = [point[name] for name in ("l", "ll") if name in point]
    if value is not None and highs and value >= min(highs) and rate >= 0:
        point["value"] = value + by
    elif value is not None and lows and value <= max(lows) and rate <= 0:
        point["value"] = value - by


def steeper(point: dict[str, Any], by: float) -> None:
    rate = point.get("rate_per_min", 0.0)
    point["rate_per_min"] = rate + (by if rate >= 0 else -by) / 100


def worse_quality(point: dict[str, Any], by: float) -> None:
    point["quality"] = {"good": "uncertain", "uncertain": "bad", "bad": "bad"}[point.get("quality", "good")]


def higher(name: str) -> Callable[[dict[str, Any], float], None]:
    def change(target: dict[str, Any], by: float) -> None:
        target[name] = (target.get(name) or 0.0) + by

    return change


def raised(name: str, most: float) -> Callable[[dict[str, Any], float], None]:
    def change(target: dict[str, Any], by: float) -> None:
        target[name] = min(target.get(name, 0) + 1, most)

    return change


def switched_on(name: str) -> Callable[[dict[str, Any], float], None]:
    def change(target: dict[str, Any], by: float) -> None:
        target[name] = True

    return change


def older(point: dict[str, Any], by: float) -> None:
    if point["age_s"] is not None:
        point["age_s"] = None if by > 60 else point["age_s"] + 10 * by


WORSE_POINT = {
    "value further past its limit": further_past_a_limit,
    "steeper": steeper,
    "longer past a limit": higher("dur_any_min"),
    "longer past the second limit": higher("dur_hh_min"),
    "older": older,
    "worse quality": worse_quality,
    "frozen": switched_on("frozen"),
    "latched high": raised("latched_high", 2),
    "latched low": raised("latched_low", 2),
    "worse before": raised("residual_peak", 1.0),
}
WORSE_TANK = {
    "transfer active": switched_on("transfer_active"),
    "transfer measured": switched_on("transfer_measured"),
    "longer blind": higher("blind_min"),
}


def worse_hazard(farm: Farm, by: float) -> None:
    farm["hazard_level"] = {None: 4, 4: 3, 3: 2, 2: 1, 1: 1}[farm["hazard_level"]]


def one_alarm_more(farm: Farm, by: float) -> None:
    farm["alarms"].append({"id": "new", "grade": 1, "overdue_min": by})


def worse_alarms(farm: Farm, by: float) -> None:
    for alarm in farm["alarms"]:
        alarm["grade"] = 2
        alarm["overdue_min"] += by


WORSE_FARM = {
    "worse hazard": worse_hazard,
    "repeats": higher("rep_max"),
    "dark": higher("dark_h"),
    "one alarm more": one_alarm_more,
    "worse alarms": worse_alarms,
}


@settings(max_examples=1000, deadline=None)
@given(farms(least_points=1), st.integers(0, 2), st.integers(0, 2), st.integers(1, 100))
def test_a_worse_input_never_lowers_the_score(farm: Farm, tank: int, number: int, by: int) -> None:
    before = of(farm)
    for kind, changes in (("point", WORSE_POINT), ("tank", WORSE_TANK), ("farm", WORSE_FARM)):
        for name, change in changes.items():
            worse = deepcopy(farm)
            of_tank = worse["tanks"][tank % len(worse["tanks"])]
            target = {"point": of_tank["points"][number % len(of_tank["points"])], "tank": of_tank, "farm": worse}[kind]
            change(target, float(by))
            assert of(worse) >= before - NOISE, name


@settings(max_examples=1000, deadline=None)
@given(farms(least_points=1))
def test_a_tank_in_alarm_added_never_lowers_what_happens(farm: Farm) -> None:
    """A tank that reports well makes the lost share smaller, so the whole is compared with its data lost."""
    alarming = {"id": "P0", "kind": "level", "value": 86.0, "h": 85.0, "hh": 90.0, "age_s": 5.0, "key": True}
    seen = {**farm, "tanks": [*farm["tanks"], {"id": "new", "points": [alarming]}]}
    assert score("tank_farm", seen)["proc"] >= score("tank_farm", farm)["proc"] - NOISE
    unseen = {**farm, "tanks": [*farm["tanks"], {"id": "new", "points": [{**alarming, "quality": "bad"}]}]}
    assert of(unseen) >= of(farm) - NOISE


@settings(max_examples=1000, deadline=None)
@given(farms(least_points=1))
def test_a_healthy_tank_added_never_raises_the_score(farm: Farm) -> None:
    healthy = {"id": "P0", "kind": "level", "value": 50.0, "h": 85.0, "hh": 90.0, "age_s": 5.0}
    assert of({**farm, "tanks": [*farm["tanks"], {"id": "new", "points": [healthy]}]}) <= of(farm) + NOISE


@settings(max_examples=1000, deadline=None)
@given(farms())
def test_silence_never_looks_safer(farm: Farm) -> None:
    silent = deepcopy(farm)
    for tank in silent["tanks"]:
        for point in tank["points"]:
            point["age_s"] = None
    assert of(silent) >= of(farm) - NOISE
    if not any(point.get("oos_declared") for tank in silent["tanks"] for point in tank["points"]):
        assert of(silent) >= 40.0 - NOISE


@settings(max_examples=1000, deadline=None)
@given(farms(), st.integers(1, 5000))
def test_what_is_long_past_counts_less_and_in_the_end_not_at_all(farm: Farm, by: int) -> None:
    later, long_after = deepcopy(farm), deepcopy(farm)
    for given_farm, minutes in ((later, float(by)), (long_after, 1e7)):
        for tank in given_farm["tanks"]:
            for point in tank["points"]:
                point["since_clear_min"] = point.get("since_clear_min", 0.0) + minutes
    assert of(later) <= of(farm) + NOISE
    for tank in long_after["tanks"]:
        tank["transfer_active"] = False
        for point in tank["points"]:
            point |= {"value": 50.0, "rate_per_min": 0.0, "latched_high": 0, "latched_low": 0}
    found = score("tank_farm", {**long_after, "alarms": [], "rep_max": 0})
    assert found["parts"]["base"] + found["parts"]["dq"] == pytest.approx(found["score"], abs=1e-6)


@settings(max_examples=1000, deadline=None)
@given(farms(least_points=1), st.sampled_from([1e-3, 0.25, 3.0, 1024.0]))
def test_the_unit_of_a_point_changes_nothing(farm: Farm, c: float) -> None:
    scaled = deepcopy(farm)
    for tank in scaled["tanks"]:
        for point in tank["points"]:
            ranged = "range_hi" in point
            for high, low in (("h", "hh"), ("l", "ll")):
                assume(ranged or (high in point) == (low in point))
            for name in ("value", "ll", "l", "h", "hh", "range_lo", "range_hi", "rate_per_min"):
                if point.get(name) is not None:
                    point[name] *= c
    assert of(scaled) == pytest.approx(of(farm), abs=1e-6)
