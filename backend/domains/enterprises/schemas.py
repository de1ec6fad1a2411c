"""Enterprises on the wire."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.accounts.enums import Role
from backend.domains.enterprises.register_schemas import ContactOut

Grade = Annotated[int, Meta(ge=1, le=4, description="1 is the gravest", examples=[2])]


class EnterpriseOrder(StrEnum):
    """In which order enterprises are listed."""

    CODE = "code"
    NAME = "name"


class EnterpriseRow(Struct, rename="camel"):
    """An enterprise in a list."""

    id: UUID
    code: Annotated[str, Meta(examples=["370305001"])]
    name: Annotated[str, Meta(examples=["淄博澜屿化工有限公司"])]
    short_name: Annotated[str, Meta(examples=["澜屿化工"])]
    adcode: Annotated[str, Meta(examples=["370305"])]
    region_name: Annotated[str, Meta(examples=["临淄区"])]
    region_name_en: Annotated[str, Meta(examples=["Linzi"])]
    park: str | None
    lon: float | None
    lat: float | None
    hazard_count: int
    gravest_grade: Grade | None


class HazardOut(Struct, rename="camel"):
    """A major hazard and what stands at it."""

    id: UUID
    code: str
    name: Annotated[str, Meta(examples=["芳烃罐区"])]
    grade: Grade
    r_value: float | None
    tank_count: int
    detector_count: int


class PersonInCharge(Struct, rename="camel"):
    """Someone of the enterprise; the phone is null for viewers who have no business calling."""

    id: UUID
    name: str
    role: Role
    phone: str | None


class EnterpriseOut(EnterpriseRow):
    """One enterprise with its hazards and people."""

    uscc: str | None
    long_code: Annotated[str | None, Meta(description="the 11 digits some provinces use", examples=["37030510001"])]
    city_managed: Annotated[bool, Meta(description="reports to the city itself, not to its district")]
    address: str
    legal_representative: str
    licence_no: str
    duty_phone: str | None
    staff_count: int | None
    products: str
    about: str
    info_version: Annotated[int, Meta(description="goes into If-Match when the basic information is changed")]
    contacts: list[ContactOut]
    residents_500m: Annotated[int, Meta(description="people living within 500 m")]
    units_total: Annotated[int, Meta(description="production units, sets")]
    tank_count: int
    detector_count: int
    hazards: list[HazardOut]
    people: list[PersonInCharge]
