"""What alarms are called, in both languages: for lists, pushes and reports."""

from __future__ import annotations

from backend.domains.accounts.enums import Locale
from backend.domains.alarms.enums import RiskLevel, Side
from backend.domains.alarms.rules import limit_code
from backend.domains.monitoring.enums import PointKind

_KIND = {
    PointKind.LEVEL: ("液位", "Level"),
    PointKind.TEMPERATURE: ("温度", "Temperature"),
    PointKind.PRESSURE: ("压力", "Pressure"),
    PointKind.FLOW: ("流量", "Flow"),
    PointKind.COMB_GAS: ("可燃气体", "Combustible gas"),
    PointKind.TOXIC_GAS: ("有毒气体", "Toxic gas"),
    PointKind.OXYGEN: ("氧含量", "Oxygen"),
    PointKind.OTHER: ("测量值", "Value"),
}
_LIMIT = {
    "HH": ("高高报", "high-high"),
    "H": ("高报", "high"),
    "L": ("低报", "low"),
    "LL": ("低低报", "low-low"),
    "1": ("一级报警", "level 1"),
    "2": ("二级报警", "level 2"),
}
_COLOUR = {
    RiskLevel.RED: ("红", "red"),
    RiskLevel.ORANGE: ("橙", "orange"),
    RiskLevel.YELLOW: ("黄", "yellow"),
    RiskLevel.BLUE: ("蓝", "blue"),
}


def title(kind: PointKind, side: Side, level: int, subject: str = "", locale: Locale = Locale.ZH_CN) -> str:
    """The name of an alarm, such as 「TK-101 液位高高报」 or "TK-101 level high-high".

    subject: what stands before it, usually the tank; a gas alarm is named without one, because its place follows.
    """
    english = locale is Locale.EN
    kind_word, limit_word = _KIND[kind][english], _LIMIT[limit_code(kind, side, level)][english]
    if not english:
        return f"{subject} {kind_word}{limit_word}".strip()
    return f"{subject} {kind_word.lower()} {limit_word}" if subject else f"{kind_word} {limit_word}"


def colour_word(risk_level: int, locale: Locale = Locale.ZH_CN) -> str:
    """红 橙 黄 蓝."""
    return _COLOUR[RiskLevel(risk_level)][locale is Locale.EN]
