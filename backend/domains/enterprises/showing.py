"""From rows to what goes on the wire."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domains.accounts.enums import Role
from backend.domains.accounts.models import Person
from backend.domains.accounts.queries import people_in_charge
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise, GasDetector, Tank
from backend.domains.enterprises.queries import HazardSummary, counts_by_hazard, hazard_summaries, hazards_of
from backend.domains.enterprises.schemas import EnterpriseOut, EnterpriseRow, HazardOut, PersonInCharge
from backend.domains.enterprises.showing_registry import may_call, show_contacts
from backend.domains.regions.queries import all_regions

# In the order in which one calls them.
_ORDER = (Role.MAIN_RESPONSIBLE, Role.SAFETY_OFFICER, Role.ENTERPRISE_OPERATOR)


async def show_rows(enterprises: Sequence[Enterprise]) -> list[EnterpriseRow]:
    """Rows of a list."""
    summaries = await hazard_summaries(enterprise.id for enterprise in enterprises)
    regions = {region.adcode: region for region in await all_regions()}
    return [
        EnterpriseRow(
            id=enterprise.id,
            code=enterprise.code,
            name=enterprise.name,
            short_name=enterprise.short_name,
            adcode=enterprise.adcode,
            region_name=regions[enterprise.adcode].name,
            region_name_en=regions[enterprise.adcode].name_en,
            park=enterprise.park,
            lon=enterprise.lon,
            lat=enterprise.lat,
            hazard_count=(summary := summaries.get(enterprise.id, HazardSummary())).count,
            gravest_grade=summary.gravest,
        )
        for enterprise in enterprises
    ]


async def show_enterprise(enterprise: Enterprise, viewer: Viewer) -> EnterpriseOut:
    """One enterprise with all that stands in it."""
    (row,) = await show_rows([enterprise])
    tanks = await counts_by_hazard(Tank, enterprise.id)
    detectors = await counts_by_hazard(GasDetector, enterprise.id)
    hazards = [
        HazardOut(h.id, h.code, h.name, h.grade, h.r_value, tanks.get(h.id, 0), detectors.get(h.id, 0))
        for h in await hazards_of(enterprise.id)
    ]
    people = sorted(await people_in_charge(enterprise.id, frozenset()), key=lambda p: (_ORDER.index(p.role), p.name))
    return EnterpriseOut(
        **{name: getattr(row, name) for name in row.__struct_fields__},
        uscc=enterprise.uscc,
        long_code=enterprise.long_code,
        city_managed=enterprise.city_managed,
        address=enterprise.address,
        legal_representative=enterprise.legal_representative,
        licence_no=enterprise.licence_no,
        duty_phone=enterprise.duty_phone if may_call(viewer) else None,
        staff_count=enterprise.staff_count,
        products=enterprise.products,
        about=enterprise.about,
        info_version=enterprise.info_version,
        contacts=await show_contacts(enterprise.id, viewer),
        residents_500m=enterprise.residents_500m,
        units_total=enterprise.units_total,
        tank_count=sum(tanks.values()),
        detector_count=sum(detectors.values()),
        hazards=hazards,
        people=[_show_person(person, viewer) for person in people],
    )


def _show_person(person: Person, viewer: Viewer) -> PersonInCharge:
    return PersonInCharge(person.id, person.name, person.role, person.phone or None if may_call(viewer) else None)
