"""People who use the public API: the real one, on a city made for the test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from httpx import AsyncClient

from backend.domains.accounts.enums import Role
from backend.domains.accounts.service import add_person
from backend.domains.commitments.models import Commitment, CommitmentVersion
from backend.domains.enterprises.models import Enterprise
from backend.domains.permits.models import WorkReport
from backend.kit import clock
from backend.simulator.city import City, make_city
from backend.simulator.people import Townsfolk
from backend.simulator.people.api import Declined, PublicApi
from backend.simulator.people.townsfolk import commitment_of
from backend.simulator.routines import morning_of, works_of
from backend.simulator.routines.works import ZONE
from tests.people import make_enterprise

pytestmark = pytest.mark.anyio

PASSWORD = "seven quiet herons"


@pytest.fixture
async def city(db: None) -> City:
    """The visitor and two others of the demo city, as the seed would make them, without plants."""
    whole = make_city()
    few = [whole.visitor, *[each for each in whole.enterprises if each.slug in ("chixia", "heting")]]
    for plan in few:
        row = await make_enterprise(plan.code, plan.name, plan.adcode, units_total=plan.units_total)
        for person in plan.people:
            await add_person(
                person.username, person.name, Role(person.role), PASSWORD, clock.now(), by=None, enterprise_id=row.id
            )
    await add_person("city", "市局", Role.CITY_REGULATOR, PASSWORD, clock.now(), by=None, adcode="370300")
    return replace(whole, enterprises=tuple(few))


def folk(city: City, client: AsyncClient, now: datetime) -> Townsfolk:
    return Townsfolk(city, "http://test", PASSWORD, http=client, clock=lambda: now, between_acts_s=0)


async def test_what_has_come_due_is_filed_once(city: City, client: AsyncClient) -> None:
    now = datetime.now(UTC)
    today = now.astimezone(ZONE).date()
    people = folk(city, client, now)
    await people.look_around()
    await people.look_around()
    await folk(city, client, now).look_around()  # A simulator that was started anew.
    due = {
        plan.code
        for plan in city.enterprises
        if plan is not city.visitor and (at := morning_of(plan, today, city.seed).filed_at) is not None and at <= now
    }
    codes = {row.id: row.code for row in await Enterprise.all()}
    days = await Commitment.filter(commit_on=today)
    assert {codes[day.enterprise_id] for day in days} == due
    assert await CommitmentVersion.all().count() == len(due)
    told = {
        work.id
        for plan in city.enterprises
        for day in (today, today + timedelta(days=1))
        for work in works_of(plan, day, city.seed)
        if work.told_at <= now
    }
    assert {report.id for report in await WorkReport.all()} == told
    for day in days:
        assert day.on_time == (day.late_reason is None)


async def test_a_commitment_carries_the_units_and_the_duty_of_the_day(city: City) -> None:
    plan, day = city.enterprises[1], date(2026, 11, 24)
    morning = replace(morning_of(plan, day, city.seed), units_stopped=2, units_maintenance=1, duty="safety_officer")
    draft = {"hotWork1": 3, "unitsTotal": 9, "riskLevel": 3, "dutyLeader": "昨天的人", "note": "", "tankTransfers": 7}
    content = commitment_of(plan, morning, draft)
    assert content["hotWork1"] == 3, "what the draft counted stays"
    assert (content["unitsRunning"], content["unitsStopped"], content["unitsMaintenance"]) == (6, 2, 1)
    assert content["dutyLeader"] == next(p.name for p in plan.people if p.role == "safety_officer")
    assert content["tankTransfers"] == morning.changes["tankTransfers"]


async def test_refusals_are_told_apart_from_silence(city: City, client: AsyncClient) -> None:
    api = PublicApi("http://test", PASSWORD, client)
    with pytest.raises(Declined) as declined:
        await api.get("operator", "/enterprises/00000000-0000-7000-8000-000000000000")
    assert declined.value.status == 404
    with pytest.raises(Declined):
        await PublicApi("http://test", "wrong wrong wrong", client).get("operator", "/me")
    assert [row["code"] async for row in api.items("city", "/enterprises")] == sorted(
        plan.code for plan in city.enterprises
    )
