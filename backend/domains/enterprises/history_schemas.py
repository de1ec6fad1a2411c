"""What became of an enterprise's record and of a hazard's quantities, on the wire: read from the audit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from backend.domains.enterprises.hazard_schemas import HeldOut
from backend.domains.enterprises.schemas import Grade


class FieldChange(Struct, rename="camel"):
    """One member of the basic information before and after; empty where there was nothing.

    Both are null for viewers who have no business calling, where the member is a phone.
    """

    field: Annotated[str, Meta(examples=["legalRepresentative"])]
    before: str | None
    after: str | None


class InfoChange(Struct, rename="camel"):
    """One time the basic information was maintained; version: the `infoVersion` it led to."""

    id: int
    at: datetime
    by_name: str
    version: int
    changes: list[FieldChange]


class HazardChangeKind(StrEnum):
    """What changed: what the hazard holds, or the grade that follows from it."""

    QUANTITIES = "quantities"
    REGRADED = "regraded"


class QuantityChange(Struct, rename="camel"):
    """A chemical whose design maximum changed, in t; null where it was not there."""

    chemical: str
    before_t: float | None
    after_t: float | None


class HazardChange(Struct, rename="camel"):
    """One change of a hazard. chemicals: those that changed; grades and R: null where only quantities did."""

    id: int
    at: datetime
    by_name: str
    reason: str
    kind: HazardChangeKind
    chemicals: list[QuantityChange]
    grade_before: Grade | None
    grade_after: Grade | None
    r_before: float | None
    r_after: float | None


class HazardForecast(Struct, rename="camel"):
    """What S, R and the grade would be with these quantities; nothing is stored."""

    grade_before: Grade
    r_before: float | None
    grade: Grade
    s_value: float
    r_value: float
    alpha: float
    is_major: bool
    chemicals: list[HeldOut]
