"""Work reports on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.permits.enums import WorkGrade, WorkKind, WorkState
from backend.domains.permits.rules import MOST_PEOPLE
from backend.kit.text import ANY_TEXT, FILLED_TEXT

Instant = Annotated[datetime, Meta(tz=True, examples=["2026-11-24T09:00:00+08:00"])]


class WorkReportDraft(Struct, rename="camel", forbid_unknown_fields=True):
    """A special operation as the enterprise announces it; `id` is made on the phone."""

    id: Annotated[UUID, Meta(examples=["0193b1a2-7c00-7000-8000-000000000001"])]
    kind: WorkKind
    place: Annotated[str, Meta(min_length=1, max_length=120, pattern=FILLED_TEXT, examples=["二车间 R-201 反应釜平台"])]
    planned_from: Instant
    planned_to: Annotated[datetime, Meta(tz=True, examples=["2026-11-24T15:00:00+08:00"])]
    people: Annotated[int, Meta(ge=1, le=MOST_PEOPLE, examples=[3])]
    responsible: Annotated[str, Meta(min_length=1, max_length=50, pattern=FILLED_TEXT, examples=["王建国"])]
    grade: WorkGrade = WorkGrade.NONE
    area: Annotated[str, Meta(max_length=60, pattern=ANY_TEXT, examples=["二车间"])] = ""
    content: Annotated[str, Meta(max_length=500, pattern=ANY_TEXT, examples=["更换出料管线法兰，电焊"])] = ""
    contractor: Annotated[str, Meta(max_length=120, pattern=ANY_TEXT)] | None = None
    phone: Annotated[str, Meta(max_length=32, pattern=ANY_TEXT, examples=["13800001234"])] = ""


class CancelRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """Why the work will not be done."""

    reason: Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["大风，改到明日"])]


class WorkReportOut(Struct, rename="camel"):
    """A work report; `state` is that of the moment of the answer."""

    id: UUID
    enterprise_id: UUID
    enterprise_name: Annotated[str, Meta(examples=["淄博澜屿化工有限公司"])]
    adcode: Annotated[str, Meta(examples=["370305"])]
    number: Annotated[str, Meta(examples=["DH-1124-003"])]
    kind: WorkKind
    grade: WorkGrade
    place: str
    area: str
    content: str
    planned_from: datetime
    planned_to: datetime
    people: int
    contractor: str | None
    responsible: str
    phone: str
    state: WorkState
    filed_at: datetime
    filed_by_name: str
    cancelled_at: datetime | None
    cancelled_by_name: str
    cancel_reason: str


class WorkCounts(Struct, rename="camel"):
    """How much work a plant day holds: reports whose hours touch it, cancelled ones apart."""

    on: date
    total: int
    running: int
    cancelled: int
    contractor: int
    by_kind: dict[WorkKind, int]
    hot_work: dict[WorkGrade, int]
