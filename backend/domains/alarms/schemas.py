"""Alarms on the wire."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.alarms.enums import AlarmEventKind, Side
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.rules import ReadingState
from backend.domains.monitoring.schemas import LimitsOut

Level = Annotated[int, Meta(ge=1, le=2, description="1 = H, L or gas level 1; 2 = HH, LL or gas level 2")]
Risk = Annotated[int, Meta(ge=0, le=3, description="0 blue, 1 yellow, 2 orange, 3 red")]


class AlarmState(StrEnum):
    """Which alarms are asked for.

    unacknowledged: nobody has acknowledged it, whether it still stands or has cleared (gravest first).
    acknowledged: it stands, and someone has acknowledged it. open: it stands. today: raised on this plant day.
    """

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    OPEN = "open"
    TODAY = "today"
    ALL = "all"


class AlarmOut(Struct, rename="camel"):
    """An alarm episode: what it is, where, how far beyond, since when, and who has seen it.

    limit: what was crossed, as the plant says it; once cleared, by its worst level. limits: the versioned set
    (`version` = threshold passport) that raised it. value: the point's reading now, null once cleared or when there is
    none; it is no more than its `valueState`.
    """

    id: UUID
    point_id: int
    tag: Annotated[str, Meta(examples=["LT-101"])]
    kind: PointKind
    side: Side
    level: Annotated[Level | None, Meta(description="null once cleared")]
    start_level: Level
    worst_level: Level
    limit: Annotated[str, Meta(description="HH, H, L, LL; for gas 1 or 2", examples=["HH"])]
    title: Annotated[str, Meta(examples=["TK-101 液位高高报"])]
    title_en: Annotated[str, Meta(examples=["TK-101 level high-high"])]
    subject: Annotated[str, Meta(description="code of the tank or detector, else the tag", examples=["TK-101"])]
    place: Annotated[str, Meta(description="hazard of the tank, area of the detector", examples=["芳烃罐区"])]
    medium: Annotated[str, Meta(examples=["甲苯"])]
    tank_id: UUID | None
    detector_id: UUID | None
    hazard_id: UUID | None
    hazard_name: str | None
    hazard_grade: Annotated[int, Meta(ge=1, le=4)] | None
    enterprise_id: UUID
    enterprise_name: Annotated[str, Meta(examples=["澜屿化工"])]
    adcode: str
    unit: Annotated[str, Meta(examples=["%"])]
    decimals: int
    range_lo: float | None
    range_hi: float | None
    limits: LimitsOut
    limit_value: Annotated[float, Meta(examples=[90])]
    value: Annotated[float | None, Meta(examples=[90.3])]
    value_at: datetime | None
    value_state: ReadingState | None
    start_value: float
    worst_value: float
    risk_level: Risk
    rises_at: Annotated[datetime | None, Meta(description="when the colour climbs if nothing changes")]
    rises_to: Risk | None
    raised_at: datetime
    level_since: datetime
    acknowledged_at: datetime | None
    acknowledged_by: Annotated[str | None, Meta(examples=["王建国"])]
    answer_due_at: Annotated[datetime | None, Meta(description="while it stands and nobody has acknowledged it")]
    cleared_at: datetime | None
    late: Annotated[bool, Meta(description="known only from frames that came too late to ring anyone")]


class AlarmEventOut(Struct, rename="camel"):
    """A line of an alarm's life."""

    id: int
    at: datetime
    kind: AlarmEventKind
    level: Level | None
    risk_level: Risk | None
    value: float | None
    person_name: str | None
    detail: dict[str, Any]


class PassportOut(Struct, rename="camel"):
    """The limit set that raised the alarm: who set it, why, and how it is damped.

    returns_at: the value at which it stops counting as beyond, for `off_delay_s`.
    """

    version: int
    author_name: str
    reason: str
    basis: str
    effective_from: datetime
    proposal_id: UUID | None
    deadband: float
    on_delay_s: float
    off_delay_s: float
    returns_at: float | None


class DeadlinesOut(Struct, rename="camel"):
    """When the enterprise must have answered, and when its silence is told to district and city (level 2 only)."""

    answer_due_at: datetime
    district_told_at: datetime | None
    city_told_at: datetime | None


class AlarmDetail(AlarmOut):
    """One alarm with its life, its passport and its deadlines (null once cleared)."""

    tank_name: str | None
    detector_name: str | None
    gateway_online: bool
    passport: PassportOut
    deadlines: DeadlinesOut | None
    events: list[AlarmEventOut]


class ColourCounts(Struct, rename="camel"):
    """How many of each colour."""

    red: int = 0
    orange: int = 0
    yellow: int = 0
    blue: int = 0
    total: int = 0


class AlarmCounts(Struct, rename="camel"):
    """How many alarms the viewer's area has, each list as `GET /alarms` shows it."""

    at: datetime
    unacknowledged: ColourCounts
    acknowledged: ColourCounts
    open: ColourCounts
    today: int
