"""Major hazards and the register of an enterprise, from rows to what goes on the wire."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from msgspec import convert

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.hazard_schemas import HazardDetail, HeldOut, ResponsibleOut
from backend.domains.enterprises.major_hazards import Stock, assess
from backend.domains.enterprises.models import (
    Camera,
    Contact,
    Enterprise,
    HazardChemical,
    HazardResponsible,
    LoadingArm,
    LoadingStation,
    MajorHazard,
    PlantArea,
    ProcessParameter,
    ProcessUnit,
    Warehouse,
)
from backend.domains.enterprises.register_schemas import (
    AreaOut,
    ArmOut,
    CameraOut,
    ContactOut,
    ParameterOut,
    ProcessUnitOut,
    RegisterOut,
    StationOut,
    WarehouseOut,
)


def may_call(viewer: Viewer) -> bool:
    """Colleagues and regulators may call; who only runs the system may not."""
    return viewer.is_enterprise or viewer.is_regulator


async def show_hazard(hazard: MajorHazard, viewer: Viewer) -> HazardDetail:
    """One major hazard; who asks has checked that it is visible."""
    enterprise = await Enterprise.get(id=hazard.enterprise_id)
    held = await HazardChemical.filter(hazard_id=hazard.id).order_by("chemical")
    found = assess([Stock(each.quantity_t, each.threshold_t, each.beta) for each in held], enterprise.residents_500m)
    terms = await HazardResponsible.filter(hazard_id=hazard.id).order_by("role", "-since")
    return HazardDetail(
        id=hazard.id,
        enterprise_id=hazard.enterprise_id,
        code=hazard.code,
        name=hazard.name,
        kind=hazard.kind,
        grade=hazard.grade,
        s_value=hazard.s_value,
        r_value=hazard.r_value,
        alpha=found.alpha if held else None,
        residents_500m=enterprise.residents_500m,
        is_major=found.is_major if held else None,
        commissioned_on=hazard.commissioned_on,
        assessed_on=hazard.assessed_on,
        filing_no=hazard.filing_no,
        filed_on=hazard.filed_on,
        filed_until=hazard.filed_until,
        chemicals=[show_held(each) for each in held],
        responsible=[
            ResponsibleOut(term.role, term.name, term.phone if may_call(viewer) else None, term.since, term.until)
            for term in terms
        ],
    )


def show_held(held: HazardChemical) -> HeldOut:
    """A chemical with what it adds to S and, before α, to R."""
    s_part = held.quantity_t / held.threshold_t
    return HeldOut(
        held.chemical,
        held.cas,
        held.hazard_class,
        held.quantity_t,
        held.threshold_t,
        held.beta,
        s_part,
        held.beta * s_part,
    )


async def show_contacts(enterprise_id: UUID, viewer: Viewer) -> list[ContactOut]:
    """Whom to call at an enterprise."""
    return [
        ContactOut(each.duty, each.name, each.phone if may_call(viewer) else None)
        for each in await Contact.filter(enterprise_id=enterprise_id).order_by("duty", "name")
    ]


async def show_register(enterprise: Enterprise) -> RegisterOut:
    """Warehouses, units, loading stations, cameras and areas; who asks has checked that the enterprise is visible."""
    here = {"enterprise_id": enterprise.id}
    units = await ProcessUnit.filter(**here).order_by("code")
    stations = await LoadingStation.filter(**here).order_by("code")
    parameters: dict[UUID, list[ParameterOut]] = defaultdict(list)
    for parameter in await ProcessParameter.filter(unit_id__in=[unit.id for unit in units]).order_by("process", "name"):
        parameters[parameter.unit_id].append(convert(parameter, ParameterOut, from_attributes=True))
    arms: dict[UUID, list[ArmOut]] = defaultdict(list)
    for arm in await LoadingArm.filter(station_id__in=[station.id for station in stations]).order_by("bay", "arm"):
        arms[arm.station_id].append(convert(arm, ArmOut, from_attributes=True))
    return RegisterOut(
        warehouses=[
            convert(each, WarehouseOut, from_attributes=True)
            for each in await Warehouse.filter(**here).order_by("code")
        ],
        process_units=[
            ProcessUnitOut(unit.id, unit.hazard_id, unit.code, unit.name, list(unit.processes), parameters[unit.id])
            for unit in units
        ],
        loading_stations=[
            StationOut(each.id, each.hazard_id, each.code, each.name, each.mode, arms[each.id]) for each in stations
        ],
        cameras=[
            convert(each, CameraOut, from_attributes=True) for each in await Camera.filter(**here).order_by("code")
        ],
        areas=[
            convert(each, AreaOut, from_attributes=True) for each in await PlantArea.filter(**here).order_by("code")
        ],
    )
