"""Proposals of limits on the wire."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, field

from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.schemas import LimitSetOut
from backend.domains.passports.enums import ProposalState
from backend.kit.text import ANY_TEXT, FILLED_TEXT

MOST_LINES = 500
MOST_PHOTOS = 12
PointId = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Version = Annotated[int, Meta(ge=0, le=2**31 - 1, description="the newest version as the author saw it; 0 = none")]
Reason = Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["呼吸阀整定值改为 2.0 kPa"])]
Lon = Annotated[float, Meta(ge=-180, le=180, examples=[118.305])]
Lat = Annotated[float, Meta(ge=-90, le=90, examples=[36.812])]


class LimitName(StrEnum):
    """The four limits of a point; of gas `h` is level 1 and `hh` level 2."""

    LL = "ll"
    L = "l"
    H = "h"
    HH = "hh"


class LineDraft(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """The limits wanted for one point. Damping left out stays as it is, or is the usual one of the kind."""

    point_id: PointId
    replaces: Version
    ll: float | None = None
    l: float | None = None  # noqa: E741 - the plant's own name for it.
    h: Annotated[float | None, Meta(examples=[85])] = None
    hh: Annotated[float | None, Meta(examples=[90])] = None
    deadband: Annotated[float, Meta(ge=0)] | None = None
    on_delay_s: Annotated[float, Meta(ge=0, le=600)] | None = None
    off_delay_s: Annotated[float, Meta(ge=0, le=600)] | None = None


class ProposalDraft(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A proposal; `id` is made on the phone. All points belong to one enterprise, with `tankId` to that tank."""

    id: Annotated[UUID, Meta(examples=["0193b1a2-7c00-7000-8000-000000000001"])]
    reason: Reason
    lines: Annotated[list[LineDraft], Meta(min_length=1, max_length=MOST_LINES)]
    tank_id: UUID | None = None


class Verification(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """What an expert signs at the tank: where (WGS 84), on what basis, with which photos, when by the phone's clock."""

    basis: Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["设计文件 SD-101"])]
    photo_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_PHOTOS)]
    lon: Lon
    lat: Lat
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000, examples=[4])]
    signature: Annotated[
        str, Meta(min_length=1, max_length=100_000, pattern=FILLED_TEXT, description="SVG path or PNG data URL")
    ]
    signed_at: Annotated[datetime, Meta(tz=True, examples=["2026-11-24T10:32:00+08:00"])]
    note: Annotated[str, Meta(max_length=300, pattern=ANY_TEXT)] = ""


class Approval(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """From when the limits hold; at once when left out."""

    effective_from: Annotated[datetime, Meta(tz=True, examples=["2026-11-25T10:40:00+08:00"])] | None = None
    note: Annotated[str, Meta(max_length=300, pattern=ANY_TEXT)] = ""


class Ending(Struct, rename="camel", forbid_unknown_fields=True):
    """Why a proposal ends here."""

    reason: Reason


class BulkRequest(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Limits for all points of a kind at an enterprise or hazard: those named in `set` change (null takes one away).

    tagContains: only points whose tag has these letters.
    """

    kind: PointKind
    set: Annotated[dict[LimitName, float | None], Meta(min_length=1)]
    enterprise_id: UUID | None = None
    hazard_id: UUID | None = None
    tag_contains: Annotated[str, Meta(max_length=40, pattern=ANY_TEXT)] = ""


class ProposedLimits(Struct, rename="camel"):
    """Limits with their damping."""

    ll: float | None
    l: float | None  # noqa: E741 - the plant's own name for it.
    h: float | None
    hh: float | None
    deadband: float
    on_delay_s: float
    off_delay_s: float


class ProposalLineOut(Struct, rename="camel"):
    """One point: what it had (`before`), what is proposed, and a version that came in between (`newer`), if any."""

    point_id: int
    tag: Annotated[str, Meta(examples=["LT-101"])]
    name: str
    kind: PointKind
    unit: str
    decimals: int
    range_lo: float | None
    range_hi: float | None
    tank_code: str | None
    replaces: int
    before: LimitSetOut | None
    after: ProposedLimits
    newer: LimitSetOut | None
    fault: Annotated[str | None, Meta(description="why these limits cannot be; only in a dry run")] = None
    changes: bool = True


class ProposalStepOut(Struct, rename="camel"):
    """A step: who, when, why. distanceM: how far from the enterprise's registered place it was signed."""

    state: ProposalState
    at: datetime
    person_name: str
    reason: str
    basis: str
    signature: str
    signed_at: datetime | None
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    distance_m: float | None
    photo_ids: list[UUID]
    effective_from: datetime | None


class ProposalRow(Struct, rename="camel"):
    """A proposal in a list. toDo: it waits for the viewer."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: Annotated[str, Meta(examples=["澜屿化工"])]
    adcode: str
    lon: float | None
    lat: float | None
    tank_id: UUID | None
    tank_code: Annotated[str | None, Meta(examples=["TK-101"])]
    tank_name: str | None
    points: int
    state: ProposalState
    reason: str
    proposed_by_name: str
    proposed_at: datetime
    verified_by_name: str | None
    verified_at: datetime | None
    effective_from: datetime | None
    to_do: bool


class ProposalOut(ProposalRow):
    """A proposal with its lines, its steps, and what the viewer may do with it."""

    lines: list[ProposalLineOut]
    steps: list[ProposalStepOut]
    may_verify: bool
    may_approve: bool
    may_reject: bool
    may_withdraw: bool


class ProposalCounts(Struct, rename="camel"):
    """How many proposals are open in the viewer's area, and how many wait for the viewer."""

    proposed: int
    verified: int
    to_do: int


class BulkLines(Struct, rename="camel"):
    """What a bulk change would come to, line by line; nothing is stored. faulty, unchanged: how many lines are so."""

    lines: list[ProposalLineOut]
    faulty: int
    unchanged: int


class PreviewRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """Limits that are still being typed."""

    lines: Annotated[list[LineDraft], Meta(min_length=1, max_length=MOST_LINES)]


class RungOut(Struct, rename="camel"):
    """Episodes by their gravest level, and minutes in alarm."""

    level_1: int
    level_2: int
    minutes: float


class LinePreview(Struct, rename="camel"):
    """One point: with the limits in force and with those proposed. samples: of how many values; 0 says nothing."""

    point_id: int
    tag: str
    samples: int
    before: RungOut
    after: RungOut


class PreviewOut(Struct, rename="camel"):
    """How often it would have rung in the last 30 days. leftOut: points of the proposal beyond the most we try."""

    from_: datetime = field(name="from")
    to: datetime
    lines: list[LinePreview]
    left_out: int
