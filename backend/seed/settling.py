"""Writing the plants and people of the demo city down, and remembering under which ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from backend.domains.accounts.enums import Role
from backend.domains.accounts.models import Person
from backend.domains.accounts.passwords import hash_password
from backend.domains.enterprises.models import Enterprise, GasDetector, MajorHazard, Tank
from backend.domains.enterprises.workbook.importing import import_workbook
from backend.domains.monitoring.models import Gateway, Layout, LimitSet, Point
from backend.kit import audit
from backend.kit.ids import new_id
from backend.seed.city_workbook import FILE, city_workbook
from backend.seed.signing import Signers, sign, write_signings
from backend.simulator.city import CITY_SEED, City, EnterprisePlan, GatewayPlan, PointPlan
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
    """Make everything that stands and everyone who works in the city, in the caller's transaction.

    What stands comes from the workbook, through the import that users have, as of the day on which all joined.
    """
    report = await import_workbook(workbook_of(city), FILE.name, now - JOINED, by=None)
    password_hash = await hash_password(password)  # One for all: they share the password anyway.
    settled = SettledCity(city, [], {each.gateway: each.secret for each in report.secrets})
    officials = [_person(person, password_hash, now, adcode=person.adcode) for person in city.officials]
    await Person.bulk_create(officials)
    expert = next(person for person in officials if person.role is Role.SAFETY_EXPERT)
    districts = {person.adcode: person for person in officials if person.role is Role.DISTRICT_REGULATOR}
    for plan in city.enterprises:
        enterprise = await _settle_enterprise(plan, password_hash, now)
        signers = Signers(enterprise.people["safety_officer"], expert, districts[plan.adcode])
        await _settle_limits(enterprise, signers, now)
        for gateway in plan.gateways:
            enterprise.gateways.append(await _settle_gateway(gateway, now))
        settled.enterprises.append(enterprise)
    return settled


def workbook_of(city: City) -> bytes:
    """The demo city's own workbook, or one made of a city of another seed."""
    return FILE.read_bytes() if city.seed == CITY_SEED else city_workbook(city)


async def _settle_enterprise(plan: EnterprisePlan, password_hash: str, now: datetime) -> SettledEnterprise:
    row = await Enterprise.get(code=plan.code)
    people = [_person(person, password_hash, now, enterprise_id=row.id) for person in plan.people]
    await Person.bulk_create(people)
    hazards = {hazard.id: hazard for hazard in await MajorHazard.filter(enterprise_id=row.id)}
    standing: list[Tank | GasDetector] = [
        *await Tank.filter(enterprise_id=row.id),
        *await GasDetector.filter(enterprise_id=row.id),
    ]
    await audit.record(
        "people.entered", "enterprise", row.id, at=now, person_id=None, person_name="demo city",
        code=plan.code, people=[person.username for person in people],
    )  # fmt: skip
    return SettledEnterprise(
        plan,
        row.id,
        {person.role.value: person for person in people},
        {each.code: hazards[each.hazard_id] for each in standing if each.hazard_id},
    )


async def _settle_limits(enterprise: SettledEnterprise, signers: Signers, now: datetime) -> None:
    """What became of the limits since the import: changed by the enterprise, then signed, or declared only."""
    row = await Enterprise.get(id=enterprise.id)
    by_tag = {point.tag: point for point in await Point.filter(enterprise_id=row.id)}
    plans = [point for gateway in enterprise.plan.gateways for point in gateway.points]
    versions = [(by_tag[plan.tag], _versions(by_tag[plan.tag], plan, now)) for plan in plans]
    signings = sign(enterprise.plan, enterprise.hazards, [(point, rows[-1]) for point, rows in versions])
    await write_signings(signings, row.id, row.adcode, (row.lon, row.lat), signers)
    rows = [limits for _, each in versions for limits in each]
    await LimitSet.bulk_create(rows, batch_size=500)
    await audit.record_all([_told(limits) for limits in rows], at=now, person_id=None, person_name="demo city")


async def _settle_gateway(plan: GatewayPlan, now: datetime) -> SettledGateway:
    gateway = await Gateway.get(code=plan.code)
    by_tag = {point.tag: point for point in await Point.filter(gateway_id=gateway.id)}
    points = [by_tag[point.tag] for point in plan.points]
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
    return SettledGateway(plan, gateway.id, layout.id, points, [in_force[point.id] for point in points])


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


def _versions(point: Point, plan: PointPlan, now: datetime) -> list[LimitSet]:
    """What experts and the enterprise made of the limits since they were imported; the last ones are the same."""
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
        for version, limits in enumerate(plan.limits, 2)
    ]


def _told(limits: LimitSet) -> audit.Entry:
    """A version's line in the audit; its own day stands in the version."""
    return audit.Entry(
        verb="limits.set",
        object_kind="point",
        object_id=limits.point_id,
        reason=limits.reason,
        detail={
            "version": limits.version,
            "author": limits.author_name,
            "from": limits.effective_from,
            **({"proposal": limits.proposal_id} if limits.proposal_id else {}),
        },
    )
