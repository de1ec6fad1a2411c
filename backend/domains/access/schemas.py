"""The access ledger on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.access.enums import AccessStep, Contradiction, PlaceKind, StepState, WhyUnsigned
from backend.kit.text import ANY_TEXT, FILLED_TEXT

MOST_PHOTOS = 12


class AccessPhotoOut(Struct, rename="camel"):
    """A photo of a step; `id` is the photo's, its picture is at `url`."""

    id: UUID
    url: Annotated[str, Meta(examples=["/api/v1/photos/0193b1a2-7c00-7000-8000-000000000002/image"])]
    taken_at: datetime
    added_at: datetime
    added_by_name: str


class AccessStepOut(Struct, rename="camel"):
    """One step of a line: what was filed, what the system sees, and where the two differ.

    `derived`: nobody files it as done; day and name are those of the records it follows from.
    """

    step: AccessStep
    state: StepState
    done_on: date | None
    done_by: str
    due_on: date | None
    blocker: str
    note: str
    seen: Annotated[bool | None, Meta(description="what the system sees itself; null = it cannot know")]
    contradiction: Contradiction | None
    version: Annotated[int, Meta(description="0 = nothing was filed yet")]
    updated_at: datetime | None
    updated_by_name: str
    derived: bool
    photo_count: int
    photos: Annotated[
        list[AccessPhotoOut] | None, Meta(description="null on the board, where only their number is told")
    ]


class UnsignedOut(Struct, rename="camel"):
    """A tank or detector whose limits in force were not verified on site and approved, and why."""

    kind: PlaceKind
    id: UUID
    code: Annotated[str, Meta(examples=["TK-103"])]
    name: str
    why: WhyUnsigned


class FactsOut(Struct, rename="camel"):
    """What the system sees of a line."""

    gateways: int
    heard: int
    tanks: int
    tanks_measured: int
    detectors: int
    detectors_measured: int
    points: int
    points_seen: int
    points_limited: int
    tanks_signed: Annotated[int, Meta(description="limits in force verified on site by an expert, and approved")]
    detectors_signed: int
    connected: Annotated[bool, Meta(description="all tanks and detectors are measured and every point is sent")]


class AccessLineOut(Struct, rename="camel"):
    """A hazard's line of the ledger; `hazardId` null = the enterprise has no major hazard."""

    enterprise_id: UUID
    enterprise_name: Annotated[str, Meta(examples=["澜屿化工"])]
    adcode: str
    hazard_id: UUID | None
    hazard_name: Annotated[str | None, Meta(examples=["芳烃罐区"])]
    grade: Annotated[int, Meta(ge=1, le=4)] | None
    next_step: Annotated[AccessStep | None, Meta(description="the first that is not done; null = accepted")]
    overdue: Annotated[int, Meta(description="steps whose day is past")]
    steps: list[AccessStepOut]
    facts: FactsOut
    unsigned: Annotated[
        list[UnsignedOut] | None,
        Meta(description="tanks and detectors without signed limits; null on the board, where `facts` count them"),
    ]


class LedgerOut(Struct, rename="camel"):
    """The ledger of the area in view, lines with overdue steps first."""

    on: date
    lines: list[AccessLineOut]


class DistrictContactOut(Struct, rename="camel"):
    """Whom to call about it."""

    id: UUID
    adcode: str
    enterprise_id: UUID | None
    name: str
    phone: str
    duty: str


class AccessContactOut(DistrictContactOut):
    """A contact as the list of contacts shows it, those who left too. mayKeep: the viewer may correct or remove it."""

    enterprise_name: str | None
    entered_at: datetime
    entered_by_name: str
    left_at: datetime | None
    left_by_name: str
    left_reason: str
    may_keep: bool


class EnterpriseAccess(Struct, rename="camel"):
    """The lines of one enterprise, and whom to call at it and in its district."""

    lines: list[AccessLineOut]
    contacts: list[DistrictContactOut]


class CoverageRow(Struct, rename="camel"):
    """How far one group of hazards is on the system, and what is missing to all of it."""

    hazards: int
    connected: int
    accepted: int
    overdue: Annotated[int, Meta(description="lines with at least one overdue step")]
    tanks: int
    tanks_missing: int
    detectors: int
    detectors_missing: int
    points: int
    points_missing: Annotated[int, Meta(description="entered and never sent")]
    limits_missing: Annotated[int, Meta(description="points without limits in force")]
    tanks_unsigned: Annotated[int, Meta(description="tanks whose limits in force no expert verified on site")]
    detectors_unsigned: int


class DistrictCoverage(CoverageRow):
    """One district."""

    adcode: str
    name: str
    name_en: str


class GradeCoverage(CoverageRow):
    """One grade of hazards; 1 is the gravest, null stands for enterprises without major hazards."""

    grade: Annotated[int, Meta(ge=1, le=4)] | None


class CoverageOut(Struct, rename="camel"):
    """Coverage of the area in view: whole, by district and by grade."""

    all: CoverageRow
    districts: list[DistrictCoverage]
    grades: list[GradeCoverage]
    contacts: list[DistrictContactOut]


class StepChange(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """How a step stands now, whole: what is left out is empty.

    Without `hazardId` it holds for every line of the enterprise. `replaces` names the version that the author saw
    (0 = none); it counts only where one line is meant.
    """

    step: AccessStep
    hazard_id: UUID | None = None
    replaces: Annotated[int, Meta(ge=0)] | None = None
    due_on: date | None = None
    done_on: date | None = None
    done_by: Annotated[str, Meta(max_length=50, pattern=ANY_TEXT)] = ""
    blocker: Annotated[str, Meta(max_length=200, pattern=ANY_TEXT, examples=["防爆区布线等停车窗口"])] = ""
    note: Annotated[str, Meta(max_length=300, pattern=ANY_TEXT)] = ""


class StepPhotos(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Photos of a step that were sent before (`POST /photos`). Without `hazardId` they show every line."""

    step: AccessStep
    hazard_id: UUID | None = None
    photo_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_PHOTOS)]


class BlockerReport(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """What holds a step up, as the enterprise itself says; empty = nothing any more."""

    step: AccessStep
    hazard_id: UUID | None = None
    blocker: Annotated[str, Meta(max_length=200, pattern=ANY_TEXT, examples=["等停车检修布线"])]


class ContactDraft(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A contact person of a district, or of an enterprise; `id` is made by the client."""

    id: UUID
    adcode: Annotated[str, Meta(min_length=6, max_length=6, examples=["370305"])]
    enterprise_id: UUID | None = None
    name: Annotated[str, Meta(min_length=1, max_length=50, pattern=FILLED_TEXT, examples=["韩雪"])]
    phone: Annotated[str, Meta(min_length=3, max_length=32, pattern=FILLED_TEXT, examples=["0533-7100000"])]
    duty: Annotated[str, Meta(max_length=60, pattern=ANY_TEXT, examples=["专班联络员"])] = ""


class ContactChange(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Name, telephone and duty as they are now, and why they are corrected."""

    name: Annotated[str, Meta(min_length=1, max_length=50, pattern=FILLED_TEXT, examples=["韩雪"])]
    phone: Annotated[str, Meta(min_length=3, max_length=32, pattern=FILLED_TEXT, examples=["0533-7100001"])]
    duty: Annotated[str, Meta(max_length=60, pattern=ANY_TEXT)] = ""
    reason: Annotated[str, Meta(min_length=2, max_length=300, pattern=FILLED_TEXT, examples=["换了座机"])]
