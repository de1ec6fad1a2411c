"""Filed stops and gaps on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.accounts.enums import Role
from backend.domains.outages.enums import (
    GapChangeKind,
    GapClosing,
    GapKind,
    GapState,
    OutageCause,
    OutageScope,
    StopEnding,
    StopState,
)
from backend.domains.outages.rules import LEAST_HOURS, MOST_HOURS
from backend.kit.text import ANY_TEXT, FILLED_TEXT

Reason = Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["年度检修，仪表柜停电"])]
Id = Annotated[int, Meta(ge=1, lt=2**31)]


class StopDraft(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A stop as the enterprise announces it; `id` is made on the phone. Names the gateway or point of its scope."""

    id: Annotated[UUID, Meta(examples=["0193b1a2-7c00-7000-8000-000000000001"])]
    scope: OutageScope
    gateway_id: Id | None = None
    point_id: Id | None = None
    cause: OutageCause
    starts_at: Annotated[datetime, Meta(tz=True, examples=["2026-11-25T08:00:00+08:00"])]
    ends_at: Annotated[datetime, Meta(tz=True, examples=["2026-11-25T18:00:00+08:00"])]
    reason: Reason


class ProlongRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """Until when a stop lasts now, and why."""

    ends_at: Annotated[datetime, Meta(tz=True, examples=["2026-11-26T12:00:00+08:00"])]
    reason: Reason


class ReturnRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """A word about the return, if there is one to say."""

    note: Annotated[str, Meta(max_length=300, pattern=ANY_TEXT)] = ""


class ProlongationOut(Struct, rename="camel"):
    """One time that a stop was made longer."""

    from_ends_at: datetime
    to_ends_at: datetime
    reason: str
    filed_late: bool
    by_name: str
    at: datetime


class StopOut(Struct, rename="camel"):
    """A filed stop; `state` is that of the moment of the answer. `filedLate`: it had begun before it was filed."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: Annotated[str, Meta(examples=["澜屿化工"])]
    adcode: str
    scope: OutageScope
    gateway_id: int | None
    gateway_code: str | None
    point_id: int | None
    point_tag: str | None
    cause: OutageCause
    starts_at: datetime
    ends_at: datetime
    first_ends_at: datetime
    reason: str
    state: StopState
    filed_late: bool
    filed_at: datetime
    filed_by_name: str
    closed_at: datetime | None
    closed_by_name: Annotated[str, Meta(description="empty where data flowing again closed it")]
    ending: StopEnding | None
    closing_note: str
    prolongations: list[ProlongationOut]


class GapOut(Struct, rename="camel"):
    """A gap in the data and where it stands. `endedAt` null = data are still missing."""

    id: UUID
    gateway_id: int
    gateway_code: Annotated[str, Meta(examples=["gw-370310001-1"])]
    gateway_name: str
    enterprise_id: UUID
    enterprise_name: str
    adcode: str
    kind: GapKind
    began_at: datetime
    ended_at: datetime | None
    missing: Annotated[int | None, Meta(description="sequence numbers still out; null where silence alone tells")]
    state: GapState
    due_at: datetime
    cause: OutageCause | None
    note: str
    owner_id: UUID | None
    owner_name: str
    filing_id: UUID | None
    filed_until: datetime | None
    filed_late: Annotated[bool | None, Meta(description="of the stop that covers it; null = no stop does")]
    explained_at: datetime | None
    explained_by_name: str
    filled_at: datetime | None
    closed_at: datetime | None
    closed_how: GapClosing | None


class GapChangeOut(Struct, rename="camel"):
    """One time that a gap was handed over (`owner`) or its deadline moved (`deadline`); names and times are those of
    its kind.
    """

    kind: GapChangeKind
    from_owner_name: str
    to_owner_name: str
    from_due_at: datetime | None
    to_due_at: datetime | None
    reason: str
    by_name: str
    at: datetime


class GapDetail(GapOut):
    """One gap with what people changed of it, oldest first, and what the viewer may do."""

    changes: list[GapChangeOut]
    may_hand_over: bool
    may_move_deadline: bool


class ColleagueOut(Struct, rename="camel"):
    """Someone to whom a gap can be handed."""

    id: UUID
    name: str
    role: Role


class GapCountsOut(Struct, rename="camel"):
    """How many gaps stand in each state; closed ones are not counted."""

    overdue: int
    open: int
    filed: int
    explained: int


class ExplainRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """Why data are missing, in a cause and in words."""

    cause: OutageCause
    note: Annotated[
        str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["配电室检修，网关断电 40 分钟"])
    ]


class OwnerRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """Who answers for the gap from now on, and why it changes hands."""

    person_id: UUID
    reason: Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["夜班由他查网关电源"])]


class DeadlineRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """Until when the gap is to be explained, sooner or later than before, and why."""

    due_at: Annotated[datetime, Meta(tz=True, examples=["2026-11-26T18:00:00+08:00"])]
    reason: Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["厂家周三到场"])]


class GapRuleRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """A new deadline for gaps that open from now on."""

    explain_within_h: Annotated[int, Meta(ge=LEAST_HOURS, le=MOST_HOURS, examples=[24])]
    reason: Reason


class GapRuleOut(Struct, rename="camel"):
    """A deadline and who set it; the built-in one has no author."""

    explain_within_h: int
    author_name: str
    reason: str
    effective_from: datetime | None
