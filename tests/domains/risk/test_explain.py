from __future__ import annotations

import json
from typing import Any

import pytest

from backend.domains.risk import score
from backend.domains.risk.evidence import LABELS, number, span
from backend.domains.risk.explain import explain, input_hash, largest_remainder, leaves, waterfall
from tests.domains.risk.farms import GOLDEN, level_point, one_tank

T1, T2, T3, T4 = (vector["input"] for vector in GOLDEN["vectors"]["tank_farm"])


def told(inp: dict[str, Any]) -> dict[str, str]:
    """Evidence of every leaf by kind."""
    return {leaf["kind"]: leaf["evidence"] for leaf in leaves(explain("tank_farm", inp)["tree"])}


@pytest.mark.parametrize("inp", [T1, T2, T3, T4], ids=["T1", "T2", "T3", "T4"])
def test_leaves_and_figures_shown_add_up_to_the_score(inp: dict[str, Any]) -> None:
    found = explain("tank_farm", inp)
    assert sum(leaf["points"] for leaf in leaves(found["tree"])) == pytest.approx(found["score"], abs=1e-9)
    shown = [round(leaf["shown"] * 10) for leaf in leaves(found["tree"])]
    assert sum(shown) == round(found["score"] * 10)
    assert all(abs(leaf["shown"] - leaf["points"]) < 0.2 for leaf in leaves(found["tree"]))


def test_an_explanation_is_the_score_and_where_it_came_from() -> None:
    found = explain("tank_farm", T1, object_id="h-1")
    assert {key: found[key] for key in score("tank_farm", T1)} == score("tank_farm", T1)
    assert (found["object_id"], found["level_raw"]) == ("h-1", 2)
    assert (found["param_version"], found["code_version"]) == ("rm-1.0.0", "1")
    assert found["input_hash"] == input_hash(dict(reversed(T1.items())))
    assert found["input_hash"] != input_hash({**T1, "rep_max": 3})
    json.dumps(found, allow_nan=False)


def test_every_node_splits_into_its_children() -> None:
    def check(node: dict[str, Any]) -> None:
        if node["children"]:
            assert sum(child["points"] for child in node["children"]) == pytest.approx(node["points"])
            assert sum(round(child["shown"] * 10) for child in node["children"]) == round(node["shown"] * 10)
        for child in node["children"]:
            check(child)

    check(explain("tank_farm", T1)["tree"])


def test_a_sentence_names_the_object_the_fact_and_its_points() -> None:
    sentences = [bar["sentence"] for bar in waterfall(explain("tank_farm", T1)["tree"])]
    assert "PT1 超限程度 压力 0.02，低于低低限 0.05，贡献 46.2 分" in sentences
    assert "固有风险 三级重大危险源，贡献 6.0 分" in sentences
    assert "A1 处置超时 未按时处置，已超时45分钟，贡献 4.7 分" in sentences
    english = [bar["sentence_en"] for bar in waterfall(explain("tank_farm", T1)["tree"])]
    assert "LT1 past the limit: level 86, above the high limit 85, adds 7.8 points" in english


def test_blind_filling_says_what_was_reckoned() -> None:
    words = told(T2)
    assert words["blind"] == "45分钟无可用液位且检测到输送"
    assert words["pos"] == "按进料速率推算液位 85.486，高于高限 85"
    assert words["lost_point"] == "输送中读数不变"


def test_silence_and_absence_are_said() -> None:
    assert told(T3)["lost_point"] == "13小时无数据，整体失明13小时"
    assert told(T4) == {"unconnected": "没有接入任何测点，缺数据不等于安全"}


def test_a_latched_limit_a_trend_a_residual_and_a_pair_are_said() -> None:
    hot = {
        "id": "TT",
        "kind": "temperature",
        "value": 39.8,
        "h": 40.0,
        "hh": 50.0,
        "age_s": 5,
        "latched_high": 1,
        "unit": "°C",
    }
    tight = {
        "id": "PT",
        "kind": "pressure",
        "value": 0.9,
        "h": 0.8,
        "hh": 1.0,
        "age_s": 5,
        "rate_per_min": 0.01,
        "unit": "MPa",
    }
    past = level_point(50.0, residual_peak=0.9, since_clear_min=150.0)
    by_object = {
        (leaf["object"], leaf["kind"]): leaf["evidence"]
        for leaf in leaves(explain("tank_farm", one_tank(hot, tight, past, hazard_level=2))["tree"])
    }
    assert by_object["TT", "pos"] == "温度 39.8 °C，曾高于高限 40 °C，未出死区"
    assert by_object["PT", "trend"] == "压力每分钟上升 0.01 MPa，约10分钟后到高高限"
    assert by_object["LT1", "residual"] == "2.5小时前才恢复正常"
    assert by_object["T1", "couple"] == "温度与压力同时偏高"


def test_the_smallest_bars_are_folded_and_the_stair_ends_at_the_score() -> None:
    many = {
        "hazard_level": 1,
        "tanks": [{"id": f"T{i}", "points": [level_point(86.0 + i / 4, dur_any_min=30.0)]} for i in range(9)],
    }
    found = explain("tank_farm", many)
    bars = waterfall(found["tree"])
    assert len(bars) == 10
    assert bars[-1]["kind"] == "others"
    start = 0
    for bar in bars:
        assert round(bar["start"] * 10) == start
        start += round(bar["shown"] * 10)
    assert start == round(found["score"] * 10)
    assert len(waterfall(found["tree"], most=100)) == len(
        [leaf for leaf in leaves(found["tree"]) if leaf["points"] > 0]
    )


def test_a_score_of_nothing_has_no_bars() -> None:
    assert waterfall(explain("tank_farm", one_tank(level_point()))["tree"]) == []


def test_largest_fractions_are_rounded_up_first() -> None:
    assert largest_remainder([1.4, 1.3, 1.3], 4) == [2, 1, 1]
    assert largest_remainder([0.5, 0.5], 1) == [1, 0]
    assert largest_remainder([], 0) == []


def test_every_kind_has_both_labels() -> None:
    assert all(zh and en for zh, en in LABELS.values())


@pytest.mark.parametrize(
    ("x", "text"), [(86.0, "86"), (0.05, "0.05"), (85.48612, "85.486"), (-0.0001, "0"), (1234567.25, "1234567.25")]
)
def test_readings_are_printed_without_noise(x: float, text: str) -> None:
    assert number(x) == text


@pytest.mark.parametrize(("minutes", "words"), [(45.2, "45分钟"), (150.0, "2.5小时"), (4320.0, "3天")])
def test_times_are_printed_in_the_unit_a_person_would_use(minutes: float, words: str) -> None:
    assert span(minutes)[0] == words
