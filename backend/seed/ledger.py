"""The access ledger of the demo city: most hazards are accepted, some hang, and each that hangs says on what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.domains.access.enums import AccessStep
from backend.domains.access.facts import lines_in_view
from backend.domains.access.models import AccessEntry
from backend.domains.access.rules import STEPS
from backend.domains.access.schemas import BlockerReport, ContactDraft, StepChange
from backend.domains.access.service import add_contact, report_blocker, set_step
from backend.domains.accounts.enums import REGULATOR_ROLES, Role
from backend.domains.accounts.models import Person
from backend.domains.accounts.queries import as_viewer
from backend.domains.accounts.viewer import Viewer
from backend.kit import audit
from backend.kit.clock import plant_day
from backend.kit.ids import new_id
from backend.seed.settling import SettledCity, SettledEnterprise

# (enterprise, first step that is not done, days from today on which it is due, what holds it up, who says so)
HANGING: tuple[tuple[str, AccessStep, int, str, str], ...] = (
    ("zhiyun", AccessStep.POINTS_AUDITED, -12, "两处可燃气体探测器位号与台账不符，等企业改图", "district"),
    ("ciquan", AccessStep.LIMITS_SIGNED, -5, "专家组本周未排到，等第二批核定", "district"),
    ("guyi", AccessStep.ACCEPTED, 6, "", ""),
    ("qingyuan", AccessStep.POWERED, -20, "防爆区布线等停车窗口，检修排在下月", "officer"),
    ("wangshu", AccessStep.LIMITS_SIGNED, 9, "", ""),
    ("weidang", AccessStep.INTEGRATED, 3, "DCS 厂家接口授权未到", "officer"),
)
# Days between the steps of the hazards that went through.
PACE = (0, 6, 13, 15, 22, 31, 44, 58)
# The last tank is signed, then the district looks at the whole.
ACCEPTED_AFTER_DAYS = 6
BEGAN_AGO = timedelta(days=330)


async def write_ledger(city: SettledCity, now: datetime, zone: ZoneInfo) -> int:
    """Write the ledger and the contacts; returns how many lines have something left to do."""
    today = plant_day(now, zone)
    officials = {row.adcode: row for row in await Person.filter(adcode__isnull=False, role__in=list(REGULATOR_ROLES))}
    hanging = {slug: rest for slug, *rest in HANGING}
    city_official = await as_viewer(await Person.get(role=Role.CITY_REGULATOR))
    signed = {line.hazard_id: line for line in await lines_in_view(city_official, now)}
    rows: list[AccessEntry] = []
    for serial, enterprise in enumerate(city.enterprises):
        official = officials[enterprise.plan.adcode]
        stop: Any = hanging.get(enterprise.plan.slug)
        until = STEPS.index(stop[0]) if stop else len(STEPS)
        begins = today - BEGAN_AGO + timedelta(days=serial % 9)
        signed_on = {hazard_id: plant_day(line.signed_at, zone) for hazard_id, line in signed.items() if line.signed_at}
        rows += _done(enterprise, until, begins, signed_on, official.name, now)
    await AccessEntry.bulk_create(rows, batch_size=500)
    await audit.record(
        "access.ledger_entered", "access_entry", "all", at=now, person_id=None, person_name="demo city", rows=len(rows)
    )
    by_slug = {enterprise.plan.slug: enterprise for enterprise in city.enterprises}
    for slug, step, due_in, blocker, who in HANGING:
        enterprise = by_slug[slug]
        district = await as_viewer(officials[enterprise.plan.adcode])
        due_on = today + timedelta(days=due_in)
        said = blocker if who == "district" else ""
        await set_step(enterprise.id, StepChange(step=step, due_on=due_on, blocker=said), district, now, today)
        if who == "officer":
            officer = await as_viewer(enterprise.people["safety_officer"])
            await report_blocker(enterprise.id, BlockerReport(step=step, blocker=blocker), officer, now)
    await _contacts(city, officials, now)
    return sum(len(by_slug[slug].plan.hazards) for slug, *_ in HANGING)


def _done(
    enterprise: SettledEnterprise,
    until: int,
    begins: date,
    signed_on: dict[UUID | None, date],
    name: str,
    now: datetime,
) -> list[AccessEntry]:
    """The steps that every hazard of an enterprise has behind it; what is signed says itself when, and then it is
    accepted.
    """
    late = {AccessStep.LIMITS_SIGNED: 0, AccessStep.ACCEPTED: ACCEPTED_AFTER_DAYS}
    hazards = sorted({hazard.id for hazard in enterprise.hazards.values()})
    return [
        AccessEntry(
            id=new_id(),
            enterprise_id=enterprise.id,
            adcode=enterprise.plan.adcode,
            hazard_id=hazard_id,
            step=step,
            done_on=(
                signed_on[hazard_id] + timedelta(days=late[step]) if step in late else begins + timedelta(days=days)
            ),
            done_by=name,
            updated_at=now,
            updated_by_name="demo city",
        )
        for hazard_id in hazards
        for step, days in zip(STEPS[:until], PACE, strict=False)
    ]


async def _contacts(city: SettledCity, officials: dict[str | None, Person], now: datetime) -> None:
    for adcode, person in officials.items():
        assert adcode is not None, "only officials of an area are asked for"
        await _contact(await as_viewer(person), adcode, person, "接入专班联络员", now)
    for enterprise in city.enterprises:
        officer = enterprise.people["safety_officer"]
        viewer = await as_viewer(officer)
        await _contact(viewer, enterprise.plan.adcode, officer, "企业接入联系人", now, enterprise)


async def _contact(
    by: Viewer, adcode: str, person: Person, duty: str, now: datetime, enterprise: SettledEnterprise | None = None
) -> None:
    draft = ContactDraft(
        id=new_id(),
        adcode=adcode,
        enterprise_id=enterprise.id if enterprise else None,
        name=person.name,
        phone=person.phone,
        duty=duty,
    )
    await add_contact(draft, by, now)
