from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.accounts.models import Person, Session
from backend.domains.alarms.enums import AlarmEventKind
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.alarms.notified import not_rung, open_grave_alarms
from backend.domains.notifications.enums import DeliveryState
from backend.domains.notifications.models import Delivery
from backend.domains.notifications.ringing import ring_alarm
from backend.kit.ids import new_id
from tests.domains.monitoring.plant import Plant
from tests.domains.notifications.fakes import device_of
from tests.people import People
from tests.support.push_service import PushServiceDouble

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def everybody_has_a_device(people: People) -> None:
    service = PushServiceDouble()
    for person in people.persons.values():
        await device_of(person, service, NOW)


async def told(alarm: Alarm) -> set[str]:
    """User names of those for whom a message was written."""
    ids = await Delivery.filter(alarm_id=alarm.id).values_list("person_id", flat=True)
    return {person.username for person in await Person.filter(id__in=ids)}


@pytest.mark.parametrize(
    ("risk_level", "regulators"), [(0, set()), (1, {"linzi"}), (2, {"linzi", "city"}), (3, {"linzi", "city"})]
)
async def test_the_enterprise_always_and_regulators_by_colour(
    people: People, risk_level: int, regulators: set[str]
) -> None:
    await everybody_has_a_device(people)
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, NOW, risk_level=risk_level)
    rung = await ring_alarm(alarm.id, NOW)
    assert await told(alarm) == {"operator", "officer", "head"} | regulators
    assert len(rung.deliveries) == 3 + len(regulators)


async def test_a_repeat_wakes_nobody_twice_but_finds_what_still_waits(people: People) -> None:
    await everybody_has_a_device(people)
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, NOW)
    first = await ring_alarm(alarm.id, NOW)
    await Delivery.filter(id=first.deliveries[0]).update(state=DeliveryState.ACCEPTED)
    again = await ring_alarm(alarm.id, NOW + timedelta(seconds=1))
    assert set(again.deliveries) == set(first.deliveries[1:])
    assert again.event is None
    assert await Delivery.filter(alarm_id=alarm.id).count() == 3
    assert await AlarmEvent.filter(alarm_id=alarm.id, kind=AlarmEventKind.NOTIFIED).count() == 1


async def test_a_graver_colour_rings_again_and_further(people: People) -> None:
    await everybody_has_a_device(people)
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, NOW)
    await ring_alarm(alarm.id, NOW)
    await Alarm.filter(id=alarm.id).update(risk_level=3)
    await ring_alarm(alarm.id, NOW + timedelta(minutes=5))
    assert await told(alarm) == {"operator", "officer", "head", "linzi", "city"}
    assert await Delivery.filter(alarm_id=alarm.id).count() == 3 + 5
    assert (await Alarm.get(id=alarm.id)).notified_level == 3


async def test_the_alarms_life_says_how_many_were_told_and_open_pages_hear_it(people: People) -> None:
    service = PushServiceDouble()
    for _ in range(2):
        await device_of(people.persons["officer"], service, NOW)
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, NOW)
    rung = await ring_alarm(alarm.id, NOW)
    line = await AlarmEvent.get(alarm_id=alarm.id, kind=AlarmEventKind.NOTIFIED)
    assert line.detail == {"people": 1, "devices": 2}
    assert rung.event is not None
    assert (rung.event.id, rung.event.data) == (line.id, {"id": str(alarm.id)})
    assert f"enterprise:{people.own.id}" in rung.channels


async def test_an_alarm_that_nobody_can_be_told_of_is_not_rung_for_ever(people: People) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, NOW)
    assert await not_rung(NOW, HOUR) == [alarm.id]
    assert (await ring_alarm(alarm.id, NOW)).deliveries == []
    assert await not_rung(NOW, HOUR) == []


async def test_where_a_person_signed_out_nothing_rings(people: People) -> None:
    service, officer = PushServiceDouble(), people.persons["officer"]
    session = await Session.create(
        id=new_id(), person_id=officer.id, token_hash="x", rotated_at=NOW, created_at=NOW, expires_at=NOW + HOUR
    )
    await device_of(officer, service, NOW, session_id=session.id)
    plant = await Plant.build(people.own)
    before = await plant.alarm(plant.level, NOW)
    assert len((await ring_alarm(before.id, NOW)).deliveries) == 1
    await Session.filter(id=session.id).update(ended_at=NOW)
    after = await plant.alarm(plant.gas, NOW)
    assert (await ring_alarm(after.id, NOW)).deliveries == []


async def test_a_late_alarm_and_one_that_does_not_exist_ring_nobody(people: People) -> None:
    await everybody_has_a_device(people)
    plant = await Plant.build(people.own)
    late = await plant.alarm(plant.level, NOW, late=True)
    assert (await ring_alarm(late.id, NOW)).deliveries == []
    assert (await ring_alarm(new_id(), NOW)).deliveries == []
    assert await not_rung(NOW, HOUR) == []


async def test_the_sweep_finds_the_unrung_and_the_graver_and_leaves_the_old(people: People) -> None:
    plant = await Plant.build(people.own)
    fresh = await plant.alarm(plant.level, NOW - timedelta(minutes=10))
    graver = await plant.alarm(plant.gas, NOW - timedelta(minutes=40), risk_level=2, notified_level=0)
    old = await plant.alarm(plant.gas2, NOW - timedelta(hours=2))
    assert set(await not_rung(NOW, HOUR)) == {fresh.id, graver.id}
    await Alarm.filter(id=graver.id).update(cleared_at=NOW)
    assert await not_rung(NOW, HOUR) == [fresh.id]
    await AlarmEvent.create(alarm_id=old.id, at=NOW, kind=AlarmEventKind.WENT_LIVE)
    assert set(await not_rung(NOW, HOUR)) == {fresh.id, old.id}


async def test_grave_open_alarms_are_counted_for_the_commitment(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.alarm(plant.level, NOW, level=2)
    await plant.alarm(plant.gas, NOW, level=1)
    await plant.alarm(plant.gas2, NOW, level=2, late=True)
    assert await open_grave_alarms(people.own.id) == 1
    assert await open_grave_alarms(people.neighbour.id) == 0
