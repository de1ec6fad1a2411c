"""Codes of enterprises and grades of hazards."""

from __future__ import annotations

import pytest

from backend.simulator.city.codes import alpha, grade, is_uscc, make_uscc, organisation_check, r_value, ratio_sum


def test_uscc_of_a_published_example_holds() -> None:
    """The code that GB 32100-2015 itself prints as an example."""
    assert is_uscc("91350100M000100Y43")


@pytest.mark.parametrize(
    "wrong", ["91350100M000100Y44", "91350100M000100X43", "91350100M000100Y4", "9135O100M000100Y43"]
)
def test_uscc_with_one_wrong_character_is_refused(wrong: str) -> None:
    assert not is_uscc(wrong)


def test_made_uscc_is_valid_and_names_the_area() -> None:
    code = make_uscc("370305", "MA3W4XU1")
    assert is_uscc(code)
    assert code[2:8] == "370305"


def test_organisation_code_of_a_published_example() -> None:
    """GB 11714 works its own rule out on D2143569, giving X."""
    assert organisation_check("D2143569") == "X"


@pytest.mark.parametrize(("residents", "expected"), [(0, 0.5), (1, 1.0), (29, 1.0), (30, 1.2), (50, 1.5), (100, 2.0)])
def test_alpha_of_residents(residents: int, expected: float) -> None:
    assert alpha(residents) == expected


@pytest.mark.parametrize(("r", "expected"), [(100, 1), (99.99, 2), (50, 2), (49.99, 3), (10, 3), (9.99, 4)])
def test_grade_of_r(r: float, expected: int) -> None:
    assert grade(r) == expected


def test_worked_example_of_the_standards_note() -> None:
    """600 t of LPG in one dike with 60 residents: S = 12, R = 27, grade 3."""
    assert ratio_sum([(600, 50)]) == 12
    assert r_value([(600, 50, 1.5)], 60) == pytest.approx(27)
    assert grade(27) == 3
