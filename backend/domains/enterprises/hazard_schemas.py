"""Major hazards on the wire, with what they hold and who answers for them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.enterprises.enums import HazardKind, ResponsibleRole
from backend.domains.enterprises.schemas import Grade
from backend.kit.text import ANY_TEXT, FILLED_TEXT

Reason = Annotated[str, Meta(min_length=1, max_length=300, pattern=FILLED_TEXT)]


class HeldOut(Struct, rename="camel"):
    """A chemical of a hazard: design maximum and threshold in t, and what it adds to S and, before α, to R."""

    chemical: Annotated[str, Meta(examples=["液化石油气"])]
    cas: str
    hazard_class: str
    quantity_t: float
    threshold_t: float
    beta: float
    s_part: float
    r_part: float


class ResponsibleOut(Struct, rename="camel"):
    """One of the three persons with the term; the phone is null for viewers who have no business calling."""

    role: ResponsibleRole
    name: str
    phone: str | None
    since: date
    until: date | None


class HazardDetail(Struct, rename="camel"):
    """One major hazard. s, r, alpha: as GB 18218 computes them, null where no chemicals are on record."""

    id: UUID
    enterprise_id: UUID
    code: str
    name: str
    kind: HazardKind
    grade: Grade
    s_value: float | None
    r_value: float | None
    alpha: float | None
    residents_500m: int
    is_major: Annotated[bool | None, Meta(description="whether S reaches 1; one below may be struck off")]
    commissioned_on: date | None
    assessed_on: date | None
    filing_no: str
    filed_on: date | None
    filed_until: date | None
    chemicals: list[HeldOut]
    responsible: list[ResponsibleOut]


class HeldIn(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A chemical with its design maximum; its class is needed only where it is not among the known ones."""

    chemical: Annotated[str, Meta(min_length=1, max_length=40, pattern=FILLED_TEXT, examples=["液化石油气"])]
    quantity_t: Annotated[float, Meta(ge=0, le=10_000_000, examples=[600])]
    cas: Annotated[str, Meta(max_length=12, pattern=ANY_TEXT)] = ""
    hazard_class: Annotated[str, Meta(max_length=6, pattern=ANY_TEXT)] = ""


class QuantitiesIn(Struct, rename="camel", forbid_unknown_fields=True):
    """Everything a hazard holds, and why it is put down anew."""

    chemicals: Annotated[list[HeldIn], Meta(min_length=1, max_length=200)]
    reason: Reason


class QuantitiesForecastIn(Struct, rename="camel", forbid_unknown_fields=True):
    """Quantities that are still being typed."""

    chemicals: Annotated[list[HeldIn], Meta(min_length=1, max_length=200)]


class AppointmentIn(Struct, rename="camel", forbid_unknown_fields=True):
    """Who answers for a hazard in a role from a day on."""

    role: ResponsibleRole
    name: Annotated[str, Meta(min_length=1, max_length=50, pattern=FILLED_TEXT)]
    phone: Annotated[str, Meta(min_length=1, max_length=32, pattern=FILLED_TEXT)]
    since: date
