"""The access ledger on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.access.enums import AccessStep, Contradiction, StepState
from backend.kit.text import ANY_TEXT, FILLED_TEXT


class AccessStepOut(Struct, rename="camel"):
    """One step of a line: what was filed, what the system sees, and where the two differ."""

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
