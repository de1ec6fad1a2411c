from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from backend.domains.risk import score
from backend.domains.risk.parameters import RM_1_0_0, UnusableParameters, default_parameters, load_parameters
from tests.domains.risk.farms import level_point, one_tank


def changed(path: str, value: object) -> dict[str, Any]:
    params = deepcopy(RM_1_0_0)
    *way, last = path.split(".")
    section = params
    for step in way:
        section = section[step]
    section[last] = value
    return params


def test_the_published_set_is_the_default() -> None:
    assert default_parameters() == load_parameters(RM_1_0_0)
    assert default_parameters().version == "rm-1.0.0"


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("pt.dur_h", 1.2, "dur_h"),
        ("tank.trend", -0.1, "trend"),
        ("tank.dur_half_min", 0, "dur_half_min"),
        ("dq.long_half_h", -1, "long_half_h"),
        ("top.lam", 1.5, "lam"),
        ("haz.m_step", -0.04, "m_step"),
        ("cut", [25.0, 25.0, 75.0], "cut"),
        ("cut", [25.0, 75.0, 50.0], "cut"),
        ("pt.pos_hh_span", 0.5, "pos_hh_span"),
        ("dq.t_full_s", 100.0, "t_full_s"),
        ("tank.k_low", {"level": 0.6}, "k_low"),
        ("hyst.down_min", [0, 10, 20], "down_min"),
    ],
)
def test_a_number_that_breaks_a_rule_is_refused_by_name(path: str, value: object, named: str) -> None:
    with pytest.raises(UnusableParameters, match=named):
        load_parameters(changed(path, value))


def test_sections_of_models_not_built_here_are_passed_over() -> None:
    assert load_parameters({**RM_1_0_0, "reg": {"cnt": 0.6}}) == default_parameters()


def test_two_versions_score_side_by_side() -> None:
    farm = one_tank(level_point(85.5))
    softer = changed("pt.pos_h", 0.18)
    softer["version"] = "rm-1.1.0"
    assert score("tank_farm", farm, softer)["score"] < 25 < score("tank_farm", farm)["score"]
    assert score("tank_farm", farm)["score"] == score("tank_farm", farm, RM_1_0_0)["score"]
