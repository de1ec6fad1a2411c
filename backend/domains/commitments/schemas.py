"""Commitments on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.commitments.content import CommitmentContent
from backend.domains.commitments.drafting import Evidence
from backend.domains.commitments.enums import CommitmentState, LateReason
from backend.domains.commitments.rules import ContentWarning
from backend.domains.regions.queries import ADCODE
from backend.kit.text import ANY_TEXT, FILLED_TEXT

WallClock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["09:00"])]
Instant = Annotated[datetime, Meta(tz=True, examples=["2026-11-24T07:53:06+08:00"])]


class Basis(Struct, rename="camel"):
    """The filing a draft starts from."""

    commit_on: date
    version: int
    filed_at: datetime
    signer_name: str


class DraftOut(Struct, rename="camel"):
    """Today's draft; send `content` back, changed or not. `changed` names the fields that differ from the basis.

    version: the newest version already filed today, to be named in If-Match of a change; null before the first.
    """

    commit_on: date
    enterprise_id: UUID
    enterprise_name: str
    state: CommitmentState
    opens_at: datetime
    due_at: datetime
    ends_at: datetime
    is_open: bool
    late_reason_required: bool
    commitment_id: UUID | None
    version: int | None
    basis: Basis | None
    content: CommitmentContent
    evidence: list[Evidence]
    changed: Annotated[list[str], Meta(examples=[["hotWork1", "riskLevel"]])]
    warnings: list[ContentWarning]


class Filing(Struct, rename="camel", forbid_unknown_fields=True):
    """A signed commitment; `id` is made on the phone. A change of the same day needs `changeReason` and If-Match."""

    id: Annotated[UUID, Meta(examples=["0193b1a2-7c00-7000-8000-000000000002"])]
    commit_on: Annotated[date, Meta(examples=["2026-11-24"])]
    content: CommitmentContent
    signed_at: Instant
    signature: Annotated[str, Meta(max_length=100_000, pattern=ANY_TEXT, description="SVG path or PNG data URL")] = ""
    late_reason: LateReason | None = None
    late_note: Annotated[str, Meta(max_length=500, pattern=ANY_TEXT)] = ""
    change_reason: Annotated[str, Meta(max_length=300, pattern=ANY_TEXT)] = ""


class VersionOut(Struct, rename="camel"):
    """One version as it was filed."""

    id: UUID
    version: int
    content: CommitmentContent
    signer_id: UUID
    signer_name: str
    signature: str
    signed_at: datetime
    filed_at: datetime
    change_reason: str


class CommitmentOut(Struct, rename="camel"):
    """The commitment of an enterprise for a day. versions: newest first; a filing answers only its own."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: str
    adcode: str
    commit_on: date
    state: CommitmentState
    version: int
    due_at: datetime
    deadline_id: int | None
    first_filed_at: datetime
    on_time: bool
    late_reason: LateReason | None
    late_note: str
    versions: list[VersionOut]
    warnings: list[ContentWarning] = []


class DayRow(Struct, rename="camel"):
    """How one enterprise stands on a day; without a filing everything about the filing is null."""

    enterprise_id: UUID
    enterprise_code: Annotated[str, Meta(examples=["370305001"])]
    enterprise_name: Annotated[str, Meta(examples=["淄博澜屿化工有限公司"])]
    short_name: Annotated[str, Meta(examples=["澜屿化工"])]
    adcode: Annotated[str, Meta(examples=["370305"])]
    commit_on: date
    state: CommitmentState
    due_at: datetime
    commitment_id: UUID | None = None
    version: int | None = None
    first_filed_at: datetime | None = None
    filed_at: datetime | None = None
    signer_name: str | None = None
    risk_level: int | None = None
    late_reason: LateReason | None = None
    late_note: str = ""
    responsible_name: str | None = None
    responsible_phone: str | None = None


class AreaCounts(Struct, rename="camel"):
    """How an area stands on a day; should = filed + missing, overdue is the part of missing that is past due."""

    adcode: str
    name: str
    name_en: str
    should: int
    filed: int
    on_time: int
    late: int
    missing: int
    overdue: int


class DayCounts(Struct, rename="camel"):
    """How the viewer's areas stand on a day; by_risk_level: promised level 1–4 of those that filed."""

    on: date
    should: int
    filed: int
    on_time: int
    late: int
    missing: int
    overdue: int
    by_risk_level: dict[int, int]
    areas: list[AreaCounts]


class MonthDay(Struct, rename="camel"):
    """One day of the enterprise's own calendar."""

    on: date
    state: CommitmentState
    commitment_id: UUID | None = None
    version: int | None = None
    first_filed_at: datetime | None = None
    risk_level: int | None = None


class MonthOut(Struct, rename="camel"):
    """A month of an enterprise's filings: past days and today, oldest first."""

    month: Annotated[str, Meta(examples=["2026-11"])]
    days: list[MonthDay]


class DeadlineChange(Struct, rename="camel", forbid_unknown_fields=True):
    """New hours of an area, at the plant's wall clock."""

    adcode: Annotated[str, Meta(pattern=ADCODE, examples=["370305"])]
    window_opens: WallClock
    due: WallClock
    effective_from: Annotated[date, Meta(examples=["2026-12-01"])]
    reason: Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["市局统一提前到九点"])]


class DeadlineOut(Struct, rename="camel"):
    """The hours in force in an area; id, author and reason are null where the usual hours hold."""

    adcode: str
    window_opens: WallClock
    due: WallClock
    id: int | None = None
    set_by_adcode: str | None = None
    effective_from: date | None = None
    author_name: str | None = None
    reason: str | None = None
