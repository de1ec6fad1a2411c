"""The words for each contribution: what was measured, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.domains.risk.inputs import OpenAlarm, Point, Tank

Facts = Mapping[str, Any]
Words = tuple[str, str]

LABELS: Mapping[str, Words] = {
    "tank_farm": ("罐区", "Tank farm"),
    "base": ("固有风险", "Inherent hazard"),
    "proc": ("工艺偏离", "Process deviation"),
    "ack": ("报警处置", "Alarm handling"),
    "dq": ("数据质量", "Data quality"),
    "tank": ("储罐", "Tank"),
    "point": ("测点", "Point"),
    "pos": ("超限程度", "Past the limit"),
    "dur": ("持续时间", "Duration"),
    "trend": ("变化趋势", "Trend"),
    "residual": ("近期超限", "Recent exceedance"),
    "couple": ("温压耦合", "Temperature and pressure"),
    "blind": ("盲进料", "Filling unseen"),
    "overdue": ("处置超时", "Handling overdue"),
    "repeated": ("反复报警", "Repeated alarm"),
    "lost_point": ("数据缺失", "Data lost"),
    "unconnected": ("未接入", "Not connected"),
}

_KINDS: Mapping[str, Words] = {
    "level": ("液位", "level"),
    "temperature": ("温度", "temperature"),
    "pressure": ("压力", "pressure"),
    "flow": ("流量", "flow"),
    "other": ("读数", "reading"),
}

# (side, limit passed) -> what the reading is and the limit's name.
_LIMITS: Mapping[tuple[str, int], Words] = {
    ("high", 2): ("高于高高限", "above the high-high limit"),
    ("high", 1): ("高于高限", "above the high limit"),
    ("low", 2): ("低于低低限", "below the low-low limit"),
    ("low", 1): ("低于低限", "below the low limit"),
}

_GRADES = ("一级", "二级", "三级", "四级")

_REASONS: Mapping[str, Words] = {
    "never": ("从未收到有效读数", "no usable reading was ever received"),
    "bad": ("信号质量坏", "signal quality is bad"),
    "uncertain": ("信号质量不可靠", "signal quality is uncertain"),
    "frozen": ("输送中读数不变", "the reading stands still during a transfer"),
    "off_range": ("读数超出量程", "the reading lies outside its range"),
    "oos": ("已申报停用", "declared out of service"),
    "no_limits": ("未设报警限值", "no limits are set"),
    "crossed_limits": ("报警限值倒挂", "the limits are crossed"),
}


def evidence(kind: str, facts: Facts) -> Words:
    """The evidence of one contribution in Chinese and English; two empty strings where its label says it all."""
    words = _EVIDENCE.get(kind)
    return words(facts) if words else ("", "")


def named(facts: Facts) -> str | None:
    """The name of the tank, point or alarm a contribution is about; None when it is about the whole object."""
    subject = facts.get("point") or facts.get("tank") or facts.get("alarm")
    return (subject.name or subject.id) if subject is not None else None


def number(x: float) -> str:
    """A reading in a sentence: at most three decimals, no trailing zeros."""
    return f"{round(x, 3) + 0.0:.9g}"


def span(minutes: float) -> Words:
    """A length of time in the unit a person would use."""
    if minutes < 120:
        return f"{minutes:.0f}分钟", f"{minutes:.0f} min"
    if minutes < 48 * 60:
        return f"{number(round(minutes / 60, 1))}小时", f"{number(round(minutes / 60, 1))} h"
    return f"{number(round(minutes / 1440, 1))}天", f"{number(round(minutes / 1440, 1))} days"


def _with_unit(x: float, point: Point) -> str:
    return f"{number(x)} {point.unit}".rstrip()


def _base(facts: Facts) -> Words:
    grade = facts["hazard_level"]
    if grade is None:
        return "未构成重大危险源", "not a major hazard"
    return f"{_GRADES[grade - 1]}重大危险源", f"major hazard of grade {grade}"


def _pos(facts: Facts) -> Words:
    point: Point = facts["point"]
    zh, en = _KINDS[point.kind]
    if facts["reckoned"]:
        zh, en = f"按进料速率推算{zh}", f"{en} reckoned from the filling rate"
    reading = _with_unit(facts["x"], point)
    passed = max(facts["past"], facts["latched"])
    limit_zh, limit_en = _LIMITS[facts["side"], passed]
    limit = _with_unit(facts["second"] if passed == 2 else facts["first"], point)
    if facts["latched"] > facts["past"]:
        return (
            f"{zh} {reading}，曾{limit_zh} {limit}，未出死区",
            f"{en} {reading}, was {limit_en} {limit}, within its deadband",
        )
    return f"{zh} {reading}，{limit_zh} {limit}", f"{en} {reading}, {limit_en} {limit}"


def _dur(facts: Facts) -> Words:
    point: Point = facts["point"]
    second = point.dur_hh_min > 0
    zh, en = span(point.dur_hh_min if second else point.dur_any_min)
    which = _LIMITS[facts["side"], 2 if second else 1]
    return f"{which[0]}已持续{zh}", f"{which[1]} for {en}"


def _trend(facts: Facts) -> Words:
    point: Point = facts["point"]
    rising = facts["side"] == "high"
    zh, en = _KINDS[point.kind]
    rate = _with_unit(abs(point.rate_per_min), point)
    moves = (
        f"{zh}每分钟{'上升' if rising else '下降'} {rate}",
        f"{en} {'rises' if rising else 'falls'} {rate} a minute",
    )
    if facts["past"] == 2:
        return moves
    left_zh, left_en = span(abs(facts["second"] - facts["x"]) / abs(point.rate_per_min))
    limit = ("高高限", "high-high") if rising else ("低低限", "low-low")
    return f"{moves[0]}，约{left_zh}后到{limit[0]}", f"{moves[1]}, about {left_en} to {limit[1]}"


def _residual(facts: Facts) -> Words:
    zh, en = span(facts["point"].since_clear_min)
    return f"{zh}前才恢复正常", f"back to normal only {en} ago"


def _couple(facts: Facts) -> Words:
    return "温度与压力同时偏高", "temperature and pressure are high together"


def _blind(facts: Facts) -> Words:
    tank: Tank = facts["tank"]
    zh, en = span(tank.blind_min)
    how = (
        ("且检测到输送", "while a transfer is measured")
        if tank.transfer_measured
        else ("且已申报输送", "while a transfer is declared")
    )
    return f"{zh}无可用液位{how[0]}", f"no usable level for {en} {how[1]}"


def _overdue(facts: Facts) -> Words:
    alarm: OpenAlarm | None = facts.get("alarm")
    if alarm is None:
        return "", ""
    zh, en = span(alarm.overdue_min)
    return f"未按时处置，已超时{zh}", f"not handled in time, {en} overdue"


def _repeated(facts: Facts) -> Words:
    times = number(facts["rep_max"])
    return f"同一测点24小时内报警{times}次", f"one point alarmed {times} times in 24 h"


def _lost_point(facts: Facts) -> Words:
    point: Point = facts["point"]
    zh, en = [], []
    for reason in facts["reasons"]:
        if reason == "stale":
            age = span((point.age_s or 0.0) / 60)
            words = (f"{age[0]}无数据", f"no data for {age[1]}")
        else:
            words = _REASONS[reason]
        zh.append(words[0])
        en.append(words[1])
    if facts["dark_h"] > 0:
        dark = span(facts["dark_h"] * 60)
        zh.append(f"整体失明{dark[0]}")
        en.append(f"the object has been dark for {dark[1]}")
    return "，".join(zh), ", ".join(en)


def _unconnected(facts: Facts) -> Words:
    return "没有接入任何测点，缺数据不等于安全", "no point is connected, and missing data is not safety"


_EVIDENCE: Mapping[str, Callable[[Facts], Words]] = {
    "base": _base,
    "pos": _pos,
    "dur": _dur,
    "trend": _trend,
    "residual": _residual,
    "couple": _couple,
    "blind": _blind,
    "overdue": _overdue,
    "repeated": _repeated,
    "lost_point": _lost_point,
    "unconnected": _unconnected,
}
