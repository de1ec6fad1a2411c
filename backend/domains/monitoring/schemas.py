"""Points, their readings, limits, trends and gateways on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.enterprises.enums import GasClass
from backend.domains.monitoring.clocks import ClockCheck
from backend.domains.monitoring.enums import GatewayEventKind, PointKind
from backend.domains.monitoring.rules import LimitValues, ReadingState
from backend.domains.monitoring.states import PointState
from backend.kit.text import ANY_TEXT, FILLED_TEXT

Level = Annotated[int, Meta(ge=0, le=2, description="0 none; 1 H, L or gas level 1; 2 HH, LL or gas level 2")]
Risk = Annotated[int, Meta(ge=0, le=3, description="0 blue, 1 yellow, 2 orange, 3 red")]
QualityCode = Annotated[
    int,
    Meta(
        description="0 good, 1 last usable value, 2 inaccurate, 3 out of range, 4 off line, 5 sensor failure, 6 device"
        " failure, 7 out of service, 8 bad configuration, 9 frozen, 10 entered by hand, 11 clock wrong",
        examples=[0],
    ),
]


class LimitsOut(LimitValues, frozen=True, rename="camel", kw_only=True):
    """The limits in force; `version` is that of the point's threshold passport."""

    version: Annotated[int, Meta(examples=[3])]


class PointOut(Struct, rename="camel"):
    """A point with its newest reading. A reading that is not `good` must never look normal."""

    id: int
    tag: Annotated[str, Meta(examples=["LT-101"])]
    name: str
    kind: PointKind
    unit: Annotated[str, Meta(examples=["%"])]
    decimals: int
    range_lo: float | None
    range_hi: float | None
    limits: LimitsOut | None
    value: Annotated[float | None, Meta(description="newest value; null = none; zero is a reading", examples=[90.3])]
    quality: QualityCode
    t: Annotated[datetime | None, Meta(description="when it was measured")]
    state: ReadingState
    condition: Annotated[PointState, Meta(description="why the reading can or cannot be believed")]
    since: Annotated[
        datetime | None,
        Meta(
            description="since when it is in this condition, where that is known: always of frozen, stale and filed;"
            " of bad, out of range and out of service for one tank or one point, within the last 24 h"
        ),
    ]
    frozen_since: Annotated[datetime | None, Meta(description="unchanged since then or longer, beyond physics")]
    filing_id: Annotated[UUID | None, Meta(description="the filed stop by which it is off line")]
    filed_until: datetime | None
    level: Level
    side: Annotated[str | None, Meta(description="high or low while an alarm is open")]
    alarm_id: UUID | None
    risk_level: Risk | None


class PointDetail(PointOut):
    """One point with where it stands and how its alarms are damped."""

    gateway_code: str
    gateway_online: bool
    enterprise_id: UUID
    tank_id: UUID | None
    detector_id: UUID | None
    deadband: float | None
    on_delay_s: float | None
    off_delay_s: float | None


class TankOut(Struct, rename="camel"):
    """A tank and what is measured at it."""

    id: UUID
    code: Annotated[str, Meta(examples=["TK-101"])]
    name: Annotated[str, Meta(examples=["甲苯储罐"])]
    medium: Annotated[str, Meta(examples=["甲苯"])]
    volume_m3: float | None
    enterprise_id: UUID
    hazard_id: UUID
    hazard_name: Annotated[str, Meta(examples=["芳烃罐区"])]
    hazard_grade: Annotated[int, Meta(ge=1, le=4)]
    points: list[PointOut]


class DetectorOut(Struct, rename="camel"):
    """A gas detector and what it measures; x, y in metres in the plant's own grid."""

    id: UUID
    code: Annotated[str, Meta(examples=["GT-2107"])]
    name: str
    gas: GasClass
    medium: str
    area: Annotated[str, Meta(examples=["2# 泵区"])]
    x_m: float | None
    y_m: float | None
    enterprise_id: UUID
    hazard_id: UUID | None
    hazard_name: str | None
    hazard_grade: Annotated[int, Meta(ge=1, le=4)] | None
    points: list[PointOut]


class LimitSetOut(Struct, rename="camel"):
    """A version of a point's limits: what, who, why, since when."""

    id: int
    version: int
    ll: float | None
    l: float | None  # noqa: E741 - the plant's own name for it.
    h: float | None
    hh: float | None
    deadband: float
    on_delay_s: float
    off_delay_s: float
    author_name: str
    reason: str
    basis: str
    effective_from: datetime
    proposal_id: Annotated[UUID | None, Meta(description="the proposal verified on site that it comes from")]


class TrendOut(Struct, rename="camel"):
    """A point over time, in columns of equal length.

    t: ms after `t0`. min, max, mean: equal where every sample is shown (`bucket_ms` = 0), else extremes and mean of the
    bucket that begins at or before t, whose every sample is in them. good: which share of what was measured in the
    bucket was of good quality; less than 1 must not look good. gaps: [from, to] in ms after `t0` in which nothing
    usable was measured; never join across them.
    """

    point_id: int
    t0: datetime
    t: Annotated[list[int], Meta(examples=[[0, 10000, 20000]])]
    min: Annotated[list[float], Meta(examples=[[84.1, 84.2, 84.2]])]
    max: Annotated[list[float], Meta(examples=[[84.1, 84.2, 84.2]])]
    mean: Annotated[list[float], Meta(examples=[[84.1, 84.2, 84.2]])]
    good: Annotated[list[float], Meta(examples=[[1, 1, 0.5]])]
    gaps: Annotated[list[tuple[int, int]], Meta(examples=[[[20000, 140000]]])]
    bucket_ms: int
    interval_ms: Annotated[int | None, Meta(description="usual distance of samples")]
    unit: str
    decimals: int
    limits: LimitsOut | None


class GatewayOut(Struct, rename="camel"):
    """A gateway and whether it is there. `lost_at` is set while it is lost."""

    id: int
    code: Annotated[str, Meta(examples=["gw-370305001-1"])]
    name: str
    enterprise_id: UUID
    enterprise_name: str
    adcode: str
    online: bool
    last_frame_at: datetime | None
    lost_at: datetime | None
    points: Annotated[int, Meta(description="how many points it serves")]
    active: Annotated[bool, Meta(description="false once it was retired: it can no longer sign in")]
    filed: Annotated[bool, Meta(description="off line by filing now, whole or with its enterprise")]
    clock: Annotated[ClockCheck | None, Meta(description="null while nothing came for 15 min")]
    open_gaps: Annotated[int, Meta(description="gaps in its data that nobody closed yet")]


class FrameOut(Struct, rename="camel"):
    """A stored frame: when it was measured, when it came, and how many of its points had a value."""

    t: datetime
    received_at: datetime
    n: int | None
    late: bool
    points: int
    values: int


class GatewayEventOut(Struct, rename="camel"):
    """Lost, returned or born."""

    kind: GatewayEventKind
    at: datetime
    detail: str


class RejectCount(Struct, rename="camel"):
    """How often something was refused for one reason in the last 24 h."""

    reason: Annotated[str, Meta(examples=["unknown_tag"])]
    count: int
    last_at: datetime


class RejectOut(Struct, rename="camel"):
    """One refusal; `payload` is the beginning of what was sent, with � where it is no text."""

    id: int
    reason: Annotated[str, Meta(examples=["unknown_tag"])]
    detail: str
    received_at: datetime
    topic: str
    payload: str


class GatewayDetail(GatewayOut):
    """A gateway with its last frames, what happened to it, and what was refused."""

    branch: Annotated[str, Meta(examples=["anlan/v1/370305/370310001/gw-370310001-1"])]
    layout: int | None
    created_at: datetime
    frames: list[FrameOut]
    events: list[GatewayEventOut]
    rejects: list[RejectCount]


class SetupOut(Struct, rename="camel"):
    """How to bring a gateway on line. A secret stands in it only where the answer made one."""

    host: str
    port: int
    username: str
    branch: str
    address: Annotated[str, Meta(description="all of it in one line, as the QR code says it")]
    qr_svg: str
    script: Annotated[str, Meta(description="a shell script for mosquitto_pub that proves the way")]
    config: Annotated[str, Meta(description="options for an ordinary MQTT client, one a line")]


class SecretOut(Struct, rename="camel"):
    """A new secret: this is the one time it is told.

    `brokerTold`: the broker lets it in from now on; false = the broker is another's and takes its files from
    `anlan gateway acl`.
    """

    gateway: GatewayDetail
    secret: str
    setup: SetupOut
    broker_told: bool


class GatewayDraft(Struct, rename="camel", forbid_unknown_fields=True):
    """A gateway to let in; `code` is its user name at the broker."""

    enterprise_id: UUID
    code: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$", examples=["gw-370310001-2"])]
    name: Annotated[str, Meta(max_length=80, pattern=ANY_TEXT, examples=["罐区二期"])] = ""


class ReasonRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """Why it is done."""

    reason: Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["网关柜更换"])]


class StateCounts(Struct, rename="camel"):
    """How many points are in each state."""

    live: int = 0
    out_of_range: int = 0
    frozen: int = 0
    bad: int = 0
    stale: int = 0
    out_of_service: int = 0
    filed: int = 0
    never_seen: int = 0


class EnterpriseStates(Struct, rename="camel"):
    """The states of one enterprise's points."""

    enterprise_id: UUID
    enterprise_name: str
    adcode: str
    counts: StateCounts


class PointStatesOut(Struct, rename="camel"):
    """The states of all points in view, and of those enterprises that have one that is not live, the worst first."""

    all: StateCounts
    enterprises: list[EnterpriseStates]
