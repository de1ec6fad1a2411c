"""Names of alarms."""

from __future__ import annotations

import pytest

from backend.domains.accounts.enums import Locale
from backend.domains.alarms.enums import Side
from backend.domains.alarms.words import colour_word, title
from backend.domains.monitoring.enums import PointKind


@pytest.mark.parametrize(
    ("kind", "side", "level", "subject", "chinese", "english"),
    [
        (PointKind.LEVEL, Side.HIGH, 2, "TK-101", "TK-101 液位高高报", "TK-101 level high-high"),
        (PointKind.PRESSURE, Side.LOW, 1, "TK-101", "TK-101 压力低报", "TK-101 pressure low"),
        (PointKind.COMB_GAS, Side.HIGH, 2, "", "可燃气体二级报警", "Combustible gas level 2"),
        (PointKind.TOXIC_GAS, Side.HIGH, 1, "", "有毒气体一级报警", "Toxic gas level 1"),
        (PointKind.OXYGEN, Side.LOW, 1, "", "氧含量低报", "Oxygen low"),
    ],
)
def test_title(kind: PointKind, side: Side, level: int, subject: str, chinese: str, english: str) -> None:
    assert title(kind, side, level, subject) == chinese
    assert title(kind, side, level, subject, Locale.EN) == english


def test_every_kind_has_a_name_in_both_languages() -> None:
    for kind in PointKind:
        for locale in Locale:
            assert title(kind, Side.HIGH, 2, locale=locale)


def test_colours_have_words() -> None:
    assert [colour_word(level) for level in range(4)] == ["蓝", "黄", "橙", "红"]
    assert colour_word(3, Locale.EN) == "red"
