"""What stands in an enterprise beside its tanks and detectors, and what it tells about itself, on the wire."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.domains.enterprises.enums import AreaKind, CameraPlace, LoadingMode
from backend.kit.text import ANY_TEXT, FILLED_TEXT


class ContactOut(Struct, rename="camel"):
    """Whom to call about what; the phone is null for viewers who have no business calling."""

    duty: Annotated[str, Meta(examples=["安全"])]
    name: str
    phone: str | None


class WarehouseOut(Struct, rename="camel"):
    """A warehouse; only gas is watched in it."""

    id: UUID
    hazard_id: UUID | None
    code: str
    name: str
    stored: str
    capacity_t: float | None
    floor_m2: float | None


class ParameterOut(Struct, rename="camel"):
    """A key parameter of a process, with the bounds of safe running in `measured_in`."""

    process: Annotated[str, Meta(examples=["E1508"])]
    name: str
    tag: str
    measured_in: str
    low: float | None
    high: float | None


class ProcessUnitOut(Struct, rename="camel"):
    """A production unit; processes: codes of the 18 key processes."""

    id: UUID
    hazard_id: UUID | None
    code: str
    name: str
    processes: list[str]
    parameters: list[ParameterOut]


class ArmOut(Struct, rename="camel"):
    """An arm of a bay."""

    bay: str
    arm: str
    medium: str


class StationOut(Struct, rename="camel"):
    """A loading station with its bays and arms."""

    id: UUID
    hazard_id: UUID | None
    code: str
    name: str
    mode: LoadingMode
    arms: list[ArmOut]


class CameraOut(Struct, rename="camel"):
    """A camera; device_id: its 20 digits by GB/T 28181."""

    id: UUID
    hazard_id: UUID | None
    code: str
    name: str
    place: CameraPlace
    position: str
    device_id: str


class AreaOut(Struct, rename="camel"):
    """A part of the plant's floor: m² and its rectangle in the plant's grid, m."""

    id: UUID
    code: str
    name: str
    kind: AreaKind
    floor_m2: float | None
    x_m: float | None
    y_m: float | None
    width_m: float | None
    depth_m: float | None


class RegisterOut(Struct, rename="camel"):
    """Everything of these kinds at one enterprise, each by its code."""

    warehouses: list[WarehouseOut]
    process_units: list[ProcessUnitOut]
    loading_stations: list[StationOut]
    cameras: list[CameraOut]
    areas: list[AreaOut]


class ContactIn(Struct, rename="camel", forbid_unknown_fields=True):
    """Whom to call about what."""

    duty: Annotated[str, Meta(min_length=1, max_length=40, pattern=FILLED_TEXT)]
    name: Annotated[str, Meta(min_length=1, max_length=50, pattern=FILLED_TEXT)]
    phone: Annotated[str, Meta(min_length=1, max_length=32, pattern=FILLED_TEXT)]


class InfoIn(Struct, rename="camel", forbid_unknown_fields=True):
    """The basic information as the enterprise wants it, whole; contacts: all of them."""

    short_name: Annotated[str, Meta(min_length=1, max_length=40, pattern=FILLED_TEXT)]
    address: Annotated[str, Meta(max_length=200, pattern=ANY_TEXT)]
    legal_representative: Annotated[str, Meta(max_length=50, pattern=ANY_TEXT)]
    licence_no: Annotated[str, Meta(max_length=60, pattern=ANY_TEXT)]
    duty_phone: Annotated[str, Meta(max_length=32, pattern=ANY_TEXT)]
    staff_count: Annotated[int, Meta(ge=0, le=10_000_000)] | None
    products: Annotated[str, Meta(max_length=300, pattern=ANY_TEXT)]
    about: Annotated[str, Meta(max_length=1000, pattern=ANY_TEXT)]
    contacts: Annotated[list[ContactIn], Meta(max_length=100)]
