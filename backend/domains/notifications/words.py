"""What a push says: shape, word and colour in the title, then value, limit, place and time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.domains.accounts.enums import Locale
from backend.domains.alarms.notified import RungAlarm
from backend.domains.alarms.words import title as alarm_title

MINUS, THIN_SPACE = "\u2212", "\u2009"
# Shape, word and colour always go together: a colour alone is lost on a locked screen and on colour-blind eyes.
_COLOURS = {
    3: ("◆ 红 重大", "◆ Red major"),
    2: ("▲ 橙 较大", "▲ Orange larger"),
    1: ("■ 黄 一般", "■ Yellow general"),
    0: ("● 蓝 低", "● Blue low"),
}


class Text(Struct, frozen=True):
    """Title and body of a notification."""

    title: str
    body: str


def number(value: float, decimals: int) -> str:
    """A value as people read it here: fixed decimals, a real minus, groups parted by thin spaces."""
    return f"{value:,.{decimals}f}".replace(",", THIN_SPACE).replace("-", MINUS)


def alarm_text(alarm: RungAlarm, locale: Locale, zone: ZoneInfo) -> Text:
    """Such as 「◆ 红 重大 · TK-101 液位高高报」, 「92.4 %，限值 90.0 % · 澜屿化工 · 09:41:08」."""
    english = locale is Locale.EN
    named = alarm_title(alarm.kind, alarm.side, alarm.level, alarm.subject, locale)
    value = f"{number(alarm.value, alarm.decimals)} {alarm.unit}".strip()
    limit = f"{number(alarm.limit_value, alarm.decimals)} {alarm.unit}".strip()
    facts = [f"{value}, limit {limit}" if english else f"{value}，限值 {limit}"]
    facts += [place for place in (alarm.place, alarm.enterprise) if place]
    facts.append(f"{alarm.raised_at.astimezone(zone):%H:%M:%S}")
    if alarm.cleared_at:
        cleared = f"{alarm.cleared_at.astimezone(zone):%H:%M:%S}"
        facts.append(f"cleared {cleared}" if english else f"{cleared} 已恢复")
    return Text(f"{_COLOURS[alarm.risk_level][english]} · {named}", " · ".join(facts))


def trial_text(locale: Locale, now: datetime, zone: ZoneInfo) -> Text:
    """What a test rings with."""
    clock = f"{now.astimezone(zone):%H:%M:%S}"
    if locale is Locale.EN:
        return Text("Anlan · test", f"This phone can be reached by web push. {clock}")
    return Text("安澜 · 测试", f"此手机可以收到网页推送。{clock}")
