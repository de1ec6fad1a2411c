"""What incidents do, judged by the rules that ingest judges with."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from backend.ingest.engine import judge
from backend.ingest.slots import Limits, PointLimits
from backend.ingest.state import Change, Readings, State
from backend.simulator import SCENARIO_NAMES
from backend.simulator.city import City, make_city
from backend.simulator.dynamics import GatewayModel
from backend.simulator.incidents import SCENARIOS, Bend, Course, Incident, UnknownTarget, plan_incident

START = 1_790_000_000.0
STEP_S = 2.0
NAMES = {Change.RAISED: "raised", Change.WORSENED: "worsened", Change.EASED: "eased", Change.CLEARED: "cleared"}


@pytest.fixture(scope="module")
def city() -> City:
    return make_city()


def play(city: City, incident: Incident, speed: float) -> tuple[Course, dict[str, list[tuple[str, int, float]]]]:
    """The course, and by tag what ingest says of it: (what, level, s), of frames every two seconds."""
    model = GatewayModel(incident.gateway, incident.enterprise, city.seed)
    usual = model.frames(np.array([START])).values[0].tolist()
    course = incident.course(usual, speed)
    seconds = np.arange(0, course.lasts_s + 120, STEP_S)
    limits, state = Limits(), State()
    limits.grow(len(course.bends))
    state.grow(len(course.bends))
    said: dict[str, list[tuple[str, int, float]]] = {}
    for slot, bend in enumerate(course.bends):
        point = incident.gateway.points[bend.point]
        v = point.in_force
        given = PointLimits(
            v.ll, v.l, v.h, v.hh, v.deadband, v.on_delay_s, v.off_delay_s, point.range_lo, point.range_hi
        )  # fmt: skip
        limits.put([slot], [given])
        said[point.tag] = []
        size = len(seconds)
        values = np.array([bend.value(s, usual[bend.point]) for s in seconds], np.float32)
        readings = Readings(
            np.full(size, slot, np.intp), values, np.zeros(size, np.uint8),
            ((START + seconds) * 1000).astype(np.int64), np.zeros(size, np.bool_), np.arange(size, dtype=np.int32),
        )  # fmt: skip
        changes = judge(state, limits, readings)
        for kind, level, t in zip(changes.kind.tolist(), changes.level.tolist(), changes.t.tolist(), strict=True):
            said[point.tag].append((NAMES[Change(kind)], abs(level), t / 1000 - START))
    return course, said


def words(life: list[tuple[str, int, float]]) -> list[str]:
    return [what for what, _, _ in life]


def test_the_names_on_the_command_line_are_those_that_exist() -> None:
    assert tuple(SCENARIOS) == SCENARIO_NAMES


@pytest.mark.parametrize("speed", [1.0, 4.0])
def test_overfill_raises_h_then_hh_within_a_minute_in_one_episode(city: City, speed: float) -> None:
    incident = plan_incident(city, "overfill")
    assert incident.enterprise.adcode == "370305"
    _, said = play(city, incident, speed)
    (level,) = [life for tag, life in said.items() if tag.startswith("LT")]
    assert words(level) == ["raised", "worsened", "eased", "cleared"]
    (_, first, at), (_, second, worse_at) = level[:2]
    assert (first, second) == (1, 2)
    assert at < worse_at < 60
    assert all(life == [] for tag, life in said.items() if not tag.startswith("LT")), "only the level rings"


def test_overfill_waits_out_the_on_delay_of_any_tank(city: City) -> None:
    """A tank with the usual delay of a minute still goes to H first."""
    incident = plan_incident(city, "overfill", "heting")
    _, said = play(city, incident, 20.0)
    (level,) = [life for tag, life in said.items() if tag.startswith("LT")]
    assert words(level)[:2] == ["raised", "worsened"]
    assert words(level).count("cleared") == 1


def test_leak_reaches_level_2_and_its_neighbours_level_1(city: City) -> None:
    incident = plan_incident(city, "leak")
    _, said = play(city, incident, 1.0)
    main = said.pop(incident.target)
    assert words(main) == ["raised", "worsened", "eased", "cleared"]
    rung = [life for life in said.values() if life]
    assert len(rung) >= 2
    for life in rung:
        assert words(life) == ["raised", "cleared"]
        assert life[0][1] == 1
        assert life[0][2] > main[0][2], "the cloud comes to them later"


def test_leak_is_possible_wherever_there_are_detectors(city: City) -> None:
    for enterprise in city.enterprises:
        if not enterprise.detectors:
            continue
        incident = plan_incident(city, "leak", enterprise.code)
        _, said = play(city, incident, 2.0)
        assert words(said[incident.target])[:2] == ["raised", "worsened"], enterprise.short_name


@pytest.mark.parametrize("target", [None, "TK-201"])
def test_runaway_raises_temperature_and_pressure_together(city: City, target: str | None) -> None:
    incident = plan_incident(city, "runaway", None, target)
    _, said = play(city, incident, 1.0)
    assert {tag[:2] for tag in said} == {"TT", "PT"}
    for life in said.values():
        assert words(life) == ["raised", "worsened", "eased", "cleared"]


def test_flapping_gives_one_episode(city: City) -> None:
    incident = plan_incident(city, "flapping")
    course, said = play(city, incident, 1.0)
    (life,) = said.values()
    assert words(life) == ["raised", "cleared"]
    bend = course.bends[0]
    h = incident.gateway.points[bend.point].in_force.h
    assert h is not None
    above = [bend.value(s, 50.0) >= h for s in np.arange(0, course.lasts_s, STEP_S)]
    crossings = sum(one != other for one, other in pairwise(above))
    assert crossings > 15, "it does tremble around the limit"


def test_gateway_loss_cuts_the_line_and_mends_it(city: City) -> None:
    course, _ = play(city, plan_incident(city, "gateway-loss"), 1.0)
    assert course.cut is not None
    begins, ends = course.cut
    assert 0 < begins < ends < course.lasts_s
    assert ends - begins > 60, "what comes back is late"


@pytest.mark.parametrize("name", SCENARIO_NAMES)
def test_stages_come_in_order_and_the_end_is_as_before(city: City, name: str) -> None:
    incident = plan_incident(city, name)
    usual = GatewayModel(incident.gateway, incident.enterprise, city.seed).frames(np.array([START])).values[0].tolist()
    course = incident.course(usual, 1.0)
    times = [stage.at_s for stage in course.stages]
    assert times == sorted(times)
    assert times[-1] <= course.lasts_s
    assert course.holds_at_s < course.lasts_s or name == "flapping"
    for bend in course.bends:
        assert bend.value(0, usual[bend.point]) == usual[bend.point]
        assert bend.value(course.lasts_s, usual[bend.point]) == pytest.approx(usual[bend.point])


def test_a_bent_value_never_jumps(city: City) -> None:
    for name in ("overfill", "runaway", "leak"):
        incident = plan_incident(city, name)
        model = GatewayModel(incident.gateway, incident.enterprise, city.seed)
        usual = model.frames(np.array([START])).values[0].tolist()
        course = incident.course(usual, 1.0)
        for bend in course.bends:
            point = incident.gateway.points[bend.point]
            values = [bend.value(s, usual[bend.point]) for s in np.arange(0, course.lasts_s, 0.5)]
            # The fastest: a valve shuts within five seconds, gas comes within twelve.
            assert np.abs(np.diff(values)).max() < 0.11 * (point.range_hi - point.range_lo), point.tag


def test_an_ill_instrument_is_well_during_its_incident() -> None:
    bend = Bend(0, ((0.0, 10.0), (10.0, 90.0)), 20.0, 30.0)
    assert bend.value(5, math.nan) == 50.0


@pytest.mark.parametrize(
    ("name", "enterprise", "target", "words"),
    [
        ("overfill", "nobody", None, "no enterprise"),
        ("overfill", None, "TK-999", "no tank"),
        ("leak", None, "GT-9999", "no gas detector"),
        ("leak", "qingheng", "GT-1101", "no gas detector"),
        ("overfill", "jichuan", None, "no level"),
        ("gateway-loss", None, "42", "no gateway"),
    ],
)
def test_what_cannot_happen_is_refused_with_words(
    city: City, name: str, enterprise: str | None, target: str | None, words: str
) -> None:
    with pytest.raises(UnknownTarget, match=words):
        plan_incident(city, name, enterprise, target)
