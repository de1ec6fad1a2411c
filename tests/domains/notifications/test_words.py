from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from backend.domains.accounts.enums import Locale
from backend.domains.alarms.enums import Side
from backend.domains.alarms.notified import RungAlarm
from backend.domains.monitoring.enums import PointKind
from backend.domains.notifications.words import alarm_text, number, trial_text

ZONE = ZoneInfo("Asia/Shanghai")
RAISED = datetime(2026, 11, 24, 1, 41, 8, tzinfo=UTC)


def rung(**changes: Any) -> RungAlarm:
    given: dict[str, Any] = {
        "id": uuid4(),
        "enterprise_id": uuid4(),
        "adcode": "370305",
        "risk_level": 3,
        "notified_level": None,
        "late": False,
        "side": Side.HIGH,
        "level": 2,
        "value": 92.41,
        "limit_value": 90.0,
        "raised_at": RAISED,
        "cleared_at": None,
        "kind": PointKind.LEVEL,
        "unit": "%",
        "decimals": 1,
        "subject": "TK-101",
        "place": "",
        "enterprise": "澜屿化工",
    }
    return RungAlarm(**{**given, **changes})


def test_the_title_says_shape_word_colour_and_what_it_is() -> None:
    text = alarm_text(rung(), Locale.ZH_CN, ZONE)
    assert text.title == "◆ 红 重大 · TK-101 液位高高报"
    assert text.body == "92.4 %，限值 90.0 % · 澜屿化工 · 09:41:08"


def test_english_people_read_english() -> None:
    text = alarm_text(rung(), Locale.EN, ZONE)
    assert text.title == "◆ Red major · TK-101 level high-high"
    assert text.body == "92.4 %, limit 90.0 % · 澜屿化工 · 09:41:08"


def test_gas_is_named_by_its_level_and_says_where() -> None:
    gas = rung(
        kind=PointKind.COMB_GAS,
        level=1,
        risk_level=0,
        unit="%LEL",
        decimals=0,
        value=26.0,
        limit_value=25.0,
        subject="",
        place="2# 泵区 GT-2107",
    )
    text = alarm_text(gas, Locale.ZH_CN, ZONE)
    assert text.title == "● 蓝 低 · 可燃气体一级报警"
    assert text.body == "26 %LEL，限值 25 %LEL · 2# 泵区 GT-2107 · 澜屿化工 · 09:41:08"


def test_what_is_over_already_says_so() -> None:
    over = rung(cleared_at=RAISED + timedelta(minutes=5))
    assert alarm_text(over, Locale.ZH_CN, ZONE).body.endswith("09:46:08 已恢复")
    assert alarm_text(over, Locale.EN, ZONE).body.endswith("cleared 09:46:08")


@pytest.mark.parametrize("risk_level", range(4))
def test_every_colour_has_a_shape_of_its_own(risk_level: int) -> None:
    titles = {alarm_text(rung(risk_level=level), Locale.ZH_CN, ZONE).title[0] for level in range(4)}
    assert len(titles) == 4
    assert alarm_text(rung(risk_level=risk_level), Locale.EN, ZONE).title[0] in titles


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [
        (90.25, 1, "90.2"),
        (-0.3, 1, "−0.3"),
        (9200.0, 0, "9\u2009200"),
        (0.0, 2, "0.00"),
        (1234567.891, 2, "1\u2009234\u2009567.89"),
    ],
)
def test_numbers_keep_their_decimals_and_a_real_minus(value: float, decimals: int, words: str) -> None:
    assert number(value, decimals) == words


def test_a_trial_says_that_it_is_one() -> None:
    assert trial_text(Locale.ZH_CN, RAISED, ZONE).title == "安澜 · 测试"
    assert trial_text(Locale.EN, RAISED, ZONE).title == "Anlan · test"
