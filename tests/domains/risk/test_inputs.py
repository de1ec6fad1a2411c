from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest

from backend.domains.risk import score
from backend.domains.risk.inputs import UnusableInput
from tests.domains.risk.farms import level_point, one_tank


def test_a_model_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"no model 'volcano'.*tank_farm"):
        score("volcano", {})


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"kind": "colour"}, r"tanks\[0\]\.points\[0\]\.kind"),
        ({"quality": "fine"}, r"tanks\[0\]\.points\[0\]\.quality"),
        ({"latched_high": 3}, r"latched_high"),
        ({"dur_any_min": -1.0}, r"dur_any_min"),
        ({"age_s": -0.5}, r"age_s"),
        ({"since_clear_min": -1}, r"since_clear_min"),
        ({"residual_peak": 1.5}, r"residual_peak"),
        ({"value": math.nan}, r"tanks\[0\]\.points\[0\]\.value"),
        ({"rate_per_min": math.inf}, r"tanks\[0\]\.points\[0\]\.rate_per_min"),
        ({"value": "86"}, r"value"),
        ({"id": None}, r"id"),
    ],
)
def test_what_cannot_be_scored_names_its_field(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(UnusableInput, match=named):
        score("tank_farm", one_tank(level_point(**changed)))


@pytest.mark.parametrize("hazard_level", [0, 5, "1"])
def test_an_unknown_hazard_level_is_refused(hazard_level: object) -> None:
    with pytest.raises(UnusableInput, match="hazard_level"):
        score("tank_farm", {"hazard_level": hazard_level, "tanks": []})


def test_an_unknown_alarm_grade_is_refused() -> None:
    with pytest.raises(UnusableInput, match=r"alarms\[0\]\.grade"):
        score("tank_farm", {"alarms": [{"id": "A1", "grade": 3}]})


def test_null_and_absent_mean_the_same() -> None:
    spelt = level_point(86.0, latched_high=None, quality=None, dur_hh_min=None, residual_peak=None, key=None)
    assert score("tank_farm", one_tank(spelt)) == score("tank_farm", one_tank(level_point(86.0)))


def test_a_point_without_an_age_never_reported() -> None:
    never = level_point(50.0)
    del never["age_s"]
    assert score("tank_farm", one_tank(never))["F"] == 1.0


def test_importing_the_domain_brings_no_database_and_no_numpy() -> None:
    code = "import sys, backend.domains.risk; print({'tortoise', 'asyncpg', 'numpy', 'litestar'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
