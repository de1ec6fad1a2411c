"""Writing the plants and people of the demo city down, and remembering under which ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from backend.domains.accounts.enums import Role
from backend.domains.accounts.models import Person
from backend.domains.accounts.passwords import hash_password
from backend.domains.enterprises.enums import GasClass
from backend.domains.enterprises.models import Enterprise, GasDetector, MajorHazard, Tank
from backend.domains.enterprises.rules import initials_of
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.models import Gateway, Layout, LimitSet, Point
from backend.domains.monitoring.service import make_gateway
from backend.kit import audit
from backend.kit.ids import new_id
from backend.simulator.city import City, EnterprisePlan, GatewayPlan, PointPlan
from backend.simulator.city.plants import PersonPlan

# The enterprises joined some time before the month of history begins.
JOINED = timedelta(days=900)


@dataclass
class SettledGateway:
    """A gateway with its layout; points and limits in force run along the plan's points."""

    plan: GatewayPlan
    id: int
    layout_id: int
    points: list[Point]
    limits: list[LimitSet]


@dataclass
class SettledEnterprise:
    """An enterprise with the ids of what stands in it; hazards and their grades by the codes of tanks and detectors."""

    plan: EnterprisePlan
    id: UUID
    people: dict[str, Person]
    hazards: dict[str, MajorHazard]
    gateways: list[SettledGateway] = field(default_factory=list)


@dataclass
class SettledCity:
    """The whole city, and the secrets of its gateways, which nobody will see again."""

    plan: City
    enterprises: list[SettledEnterprise]
    secrets: dict[str, str]


async def settle(city: City, password: str, now: datetime) -> SettledCity:
    """Make everything that stands and everyone who works in the city, in the caller's transaction."""
    password_hash = await hash_password(password)  # One for all: they share the password anyway.
    settled = SettledCity(city, [], {})
    await Person.bulk_create([_person(person, password_hash, now, adcode=person.adcode) for person in city.officials])
    for plan in city.enterprises:
        enterprise = await _settle_enterprise(plan, password_hash, now)
        for gateway in plan.gateways:
            settled.secrets[gateway.code] = await _settle_gateway(enterprise, gateway, now)
        settled.enterprises.append(enterprise)
    return settled


async def _settle_enterprise(plan: EnterprisePlan, password_hash: str, now: datetime) -> SettledEnterprise:
    row = Enterprise(
        id=new_id(),
        code=plan.code,
        name=plan.name,
        short_name=plan.short_name,
        initials=initials_of(plan.name),
        uscc=plan.uscc,
        adcode=plan.adcode,
        address=plan.address,
        lon=plan.lon,
        lat=plan.lat,
        park=plan.park,
        residents_500m=plan.residents_500m,
        units_total=plan.units_total,
        created_at=now - JOINED,
    )
    await Enterprise.bulk_create([row])
    people = [_person(person, password_hash, now, enterprise_id=row.id) for person in plan.people]
    await Person.bulk_create(people)
    settled = SettledEnterprise(plan, row.id, {person.role.value: person for person in people}, {})
    tanks: list[Tank] = []
    detectors: list[GasDetector] = []
    hazards: list[MajorHazard] = []
    for each in plan.hazards:
        hazard = MajorHazard(
            id=new_id(), enterprise_id=row.id, code=each.code, name=each.name, grade=each.grade, r_value=each.r_value
        )
        hazards.append(hazard)
        place = {"enterprise_id": row.id, "hazard_id": hazard.id}
        for tank in each.tanks:
            tanks.append(
                Tank(
                    id=new_id(),
                    **place,
                    code=tank.code,
                    name=tank.name,
                    medium=tank.medium.name,
                    volume_m3=tank.volume_m3,
                )
            )
            settled.hazards[tank.code] = hazard
        for head in each.detectors:
            detectors.append(
                GasDetector(
                    id=new_id(),
                    **place,
                    code=head.code,
                    name=head.name,
                    gas=GasClass(head.gas.value),
                    medium=head.medium,
                    area=head.area,
                    x_m=head.x_m,
                    y_m=head.y_m,
                )
            )
            settled.hazards[head.code] = hazard
    await MajorHazard.bulk_create(hazards)
    await Tank.bulk_create(tanks)
    await GasDetector.bulk_create(detectors)
    await audit.record(
        "enterprise.entered", "enterprise", row.id, at=now, person_id=None, person_name="demo city",
        code=plan.code, name=plan.name, hazards=[hazard.code for hazard in hazards], tanks=len(tanks),
        detectors=len(detectors), people=[person.username for person in people],
    )  # fmt: skip
    return settled


async def _settle_gateway(enterprise: SettledEnterprise, plan: GatewayPlan, now: datetime) -> str:
    made = await make_gateway(enterprise.id, plan.code, now, by=None, name=plan.name)
    gateway = made.gateway
    tanks = {t.code: t.id for t in await Tank.filter(enterprise_id=enterprise.id)}
    heads = {d.code: d.id for d in await GasDetector.filter(enterprise_id=enterprise.id)}
    await Point.bulk_create([_point(point, gateway, tanks, heads, now) for point in plan.points])
    by_tag = {point.tag: point for point in await Point.filter(gateway_id=gateway.id)}
    points = [by_tag[point.tag] for point in plan.points]
    await LimitSet.bulk_create(
        [limits for row, point in zip(points, plan.points, strict=True) for limits in _versions(row, point, now)]
    )
    in_force: dict[int, LimitSet] = {}
    for limits in await LimitSet.filter(point_id__in=[point.id for point in points]).order_by("version"):
        in_force[limits.point_id] = limits
    layout = await Layout.create(
        gateway_id=gateway.id,
        number=plan.layout,
        tags=[point.tag for point in points],
        point_ids=[point.id for point in points],
        received_at=now - JOINED,
    )
    await Gateway.filter(id=gateway.id).update(layout=plan.layout)
    enterprise.gateways.append(
        SettledGateway(plan, gateway.id, layout.id, points, [in_force[point.id] for point in points])
    )
    return made.secret


def _person(
    plan: PersonPlan, password_hash: str, now: datetime, *, adcode: str | None = None, enterprise_id: UUID | None = None
) -> Person:
    return Person(
        id=new_id(),
        username=plan.username,
        name=plan.name,
        phone=plan.phone,
        role=Role(plan.role),
        adcode=adcode,
        enterprise_id=enterprise_id,
        password_hash=password_hash,
        created_at=now,
    )


def _point(plan: PointPlan, gateway: Gateway, tanks: dict[str, UUID], heads: dict[str, UUID], now: datetime) -> Point:
    return Point(
        gateway_id=gateway.id,
        enterprise_id=gateway.enterprise_id,
        tank_id=tanks[plan.tank] if plan.tank else None,
        detector_id=heads[plan.detector] if plan.detector else None,
        tag=plan.tag,
        name=plan.name,
        kind=PointKind(plan.kind),
        unit=plan.unit,
        decimals=plan.decimals,
        range_lo=plan.range_lo,
        range_hi=plan.range_hi,
        created_at=now - JOINED,
    )


def _versions(point: Point, plan: PointPlan, now: datetime) -> list[LimitSet]:
    return [
        LimitSet(
            point_id=point.id,
            version=version,
            limit_ll=limits.ll,
            limit_l=limits.l,
            limit_h=limits.h,
            limit_hh=limits.hh,
            deadband=limits.deadband,
            on_delay_s=limits.on_delay_s,
            off_delay_s=limits.off_delay_s,
            author_name=limits.author,
            reason=limits.reason,
            basis=limits.basis,
            effective_from=now - timedelta(days=limits.age_days),
            created_at=now - timedelta(days=limits.age_days),
        )
        for version, limits in enumerate(plan.limits, 1)
    ]
