"""Codes and initials."""

from __future__ import annotations

import pytest

from backend.domains.enterprises.rules import initials_of, is_code, is_uscc


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("淄博澜屿化工有限公司", "zblyhgyxgs"),
        ("桓台云栈气体", "htyzqt"),
        ("鲁ABC 化工（集团）", "labchgjt"),
        ("", ""),
        ("化" * 100, "h" * 60),
    ],
)
def test_initials_make_a_name_searchable(name: str, initials: str) -> None:
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("370305001", True),
        ("TK-101_a", True),
        ("", False),
        ("a/b", False),
        ("a b", False),
        ("罐", False),
        ("x" * 21, False),
    ],
)
def test_codes_are_safe_in_topics(code: str, fits: bool) -> None:
    assert is_code(code) is fits


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("91350100M000100Y43", True),  # the worked example of GB 32100-2015
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("91350100I000100Y43", False),
        ("91350100m000100y43", False),
    ],
)
def test_credit_code_carries_its_check_character(code: str, fits: bool) -> None:
    assert is_uscc(code) is fits
