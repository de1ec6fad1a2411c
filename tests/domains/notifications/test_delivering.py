from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.accounts.models import Person
from backend.domains.notifications.delivering import Tried, deliver
from backend.domains.notifications.enums import Channel, DeliveryState
from backend.domains.notifications.models import Delivery, PushSubscription
from backend.domains.notifications.ringing import ring_alarm
from backend.domains.notifications.rules import MOST_ATTEMPTS
from backend.domains.notifications.sending import HttpPush, open_push
from backend.settings import Settings
from tests.domains.monitoring.plant import Plant
from tests.domains.notifications.fakes import FakePush, device_of
from tests.people import People
from tests.settings import settings_for_tests
from tests.support.push_service import PushServiceDouble

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, 41, 8, tzinfo=UTC)


@pytest.fixture
def service() -> Iterator[PushServiceDouble]:
    with PushServiceDouble() as running:
        yield running


@pytest.fixture
async def push() -> AsyncIterator[HttpPush]:
    async with open_push() as opened:
        yield opened


def settings(service: PushServiceDouble) -> Settings:
    return settings_for_tests(push_hosts=(service.url,), push_subject="mailto:ops@anlan.example")


async def waiting(people: People, service: PushServiceDouble, risk_level: int = 3, **fields: object) -> Delivery:
    """A message to the officer about an HH alarm of the tank."""
    await device_of(people.persons["officer"], service, NOW)
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(
        plant.level, NOW, level=2, risk_level=risk_level, worst_value=92.4, limit_value=90.0, **fields
    )
    (delivery_id,) = (await ring_alarm(alarm.id, NOW)).deliveries
    return await Delivery.get(id=delivery_id)


async def test_an_alarm_arrives_sealed_for_the_device_and_says_what_matters(
    people: People, service: PushServiceDouble, push: HttpPush
) -> None:
    delivery = await waiting(people, service)
    assert await deliver(delivery.id, push, settings(service), NOW) == Tried(DeliveryState.ACCEPTED)
    (message,) = service.messages
    assert message.data == {
        "title": "◆ 红 重大 · TK-101 液位高高报",
        "body": "92.4 %，限值 90.0 % · 淄博澜屿化工 · 09:41:08",
        "tag": f"alarm-{delivery.alarm_id}",
        "url": f"/alarms/{delivery.alarm_id}",
        "id": str(delivery.id),
        "riskLevel": 3,
        "alarmId": str(delivery.alarm_id),
    }
    assert (message.ttl_s, message.urgency, message.subject) == (3600, "high", "mailto:ops@anlan.example")
    assert message.topic is not None
    assert message.topic.startswith("alarm-")
    row = await Delivery.get(id=delivery.id)
    assert (row.state, row.accepted_at, row.attempts) == (DeliveryState.ACCEPTED, NOW, 1)
    assert (await PushSubscription.get(id=delivery.subscription_id)).last_accepted_at == NOW


async def test_the_lowest_colour_keeps_its_zero_on_the_wire(
    people: People, service: PushServiceDouble, push: HttpPush
) -> None:
    delivery = await waiting(people, service, risk_level=0)
    await deliver(delivery.id, push, settings(service), NOW)
    assert service.messages[0].data["riskLevel"] == 0
    assert (service.messages[0].ttl_s, service.messages[0].urgency) == (600, "normal")


async def test_it_is_told_in_the_persons_language(people: People, service: PushServiceDouble, push: HttpPush) -> None:
    await Person.filter(username="officer").update(locale="en")
    delivery = await waiting(people, service)
    await deliver(delivery.id, push, settings(service), NOW)
    assert service.messages[0].data["title"] == "◆ Red major · TK-101 level high-high"


async def test_a_job_that_comes_twice_sends_once(people: People, service: PushServiceDouble, push: HttpPush) -> None:
    delivery = await waiting(people, service)
    await deliver(delivery.id, push, settings(service), NOW)
    assert await deliver(delivery.id, push, settings(service), NOW) is None
    assert len(service.messages) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_is_gone_is_forgotten_and_the_ledger_remembers(
    people: People, service: PushServiceDouble, push: HttpPush, status: int
) -> None:
    delivery = await waiting(people, service)
    service.answer_next(status)
    assert await deliver(delivery.id, push, settings(service), NOW) == Tried(DeliveryState.GONE)
    assert await PushSubscription.all().count() == 0
    assert (await Delivery.get(id=delivery.id)).detail == f"HTTP {status}"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_service_is_tried_again_and_then_given_up(
    people: People, service: PushServiceDouble, push: HttpPush, status: int
) -> None:
    delivery = await waiting(people, service)
    service.answer_next(status, times=MOST_ATTEMPTS)
    tries = [await deliver(delivery.id, push, settings(service), NOW) for _ in range(MOST_ATTEMPTS)]
    assert [tried and tried.wait_s for tried in tries] == [2, 8, 32, 128, None]
    row = await Delivery.get(id=delivery.id)
    assert (row.state, row.attempts, row.detail) == (DeliveryState.FAILED, MOST_ATTEMPTS, f"HTTP {status}")
    assert await PushSubscription.all().count() == 1


async def test_after_a_busy_answer_the_next_try_arrives(
    people: People, service: PushServiceDouble, push: HttpPush
) -> None:
    delivery = await waiting(people, service)
    service.answer_next(429, retry_after="45")
    assert await deliver(delivery.id, push, settings(service), NOW) == Tried(DeliveryState.QUEUED, 45.0)
    assert await deliver(delivery.id, push, settings(service), NOW) == Tried(DeliveryState.ACCEPTED)
    assert len(service.messages) == 1


@pytest.mark.parametrize("status", [301, 307, 308, 400, 403, 413])
async def test_other_refusals_end_it_and_redirects_are_not_followed(
    people: People, service: PushServiceDouble, push: HttpPush, status: int
) -> None:
    delivery = await waiting(people, service)
    elsewhere = service.subscribe()["endpoint"]
    service.answer_next(status, location=elsewhere)
    assert await deliver(delivery.id, push, settings(service), NOW) == Tried(DeliveryState.FAILED)
    assert (service.requests, service.messages) == (1, [])


async def test_a_service_that_is_away_is_tried_again(people: People, push: HttpPush) -> None:
    with PushServiceDouble() as gone:
        delivery = await waiting(people, gone)
    tried = await deliver(delivery.id, push, settings(gone), NOW)
    assert tried == Tried(DeliveryState.QUEUED, 2.0)
    assert (await Delivery.get(id=delivery.id)).detail == "no answer: ConnectError"


async def test_a_host_that_left_the_list_is_not_called(people: People, service: PushServiceDouble) -> None:
    delivery, push = await waiting(people, service), FakePush()
    strict = settings_for_tests(push_hosts=("fcm.googleapis.com",))
    assert await deliver(delivery.id, push, strict, NOW) == Tried(DeliveryState.FAILED)
    assert push.posted == []


async def test_a_message_for_a_removed_device_and_one_too_old_are_not_sent(
    people: People, service: PushServiceDouble
) -> None:
    delivery, push = await waiting(people, service), FakePush()
    late = NOW + timedelta(hours=1, seconds=1)
    assert await deliver(delivery.id, push, settings(service), late) == Tried(DeliveryState.FAILED)
    await Delivery.filter(id=delivery.id).update(state=DeliveryState.QUEUED)
    await PushSubscription.all().delete()
    assert await deliver(delivery.id, push, settings(service), NOW) == Tried(DeliveryState.GONE)
    assert push.posted == []


async def test_a_device_taken_over_by_another_person_does_not_get_the_first_ones_messages(
    people: People, service: PushServiceDouble
) -> None:
    delivery, push = await waiting(people, service), FakePush()
    await PushSubscription.all().update(person_id=people.persons["stranger"].id)
    assert await deliver(delivery.id, push, settings(service), NOW) == Tried(DeliveryState.GONE)
    assert push.posted == []


async def test_shown_before_the_answer_stays_shown(people: People, service: PushServiceDouble) -> None:
    delivery = await waiting(people, service)

    class Quick(FakePush):
        async def post(self, *posted: object) -> object:  # type: ignore[override]
            await Delivery.filter(id=delivery.id).update(state=DeliveryState.SHOWN, shown_at=NOW)
            return await super().post(*posted)  # type: ignore[arg-type]

    await deliver(delivery.id, Quick(), settings(service), NOW)  # type: ignore[arg-type]
    row = await Delivery.get(id=delivery.id)
    assert (row.state, row.accepted_at) == (DeliveryState.SHOWN, NOW)


async def test_a_trial_needs_no_alarm(people: People, service: PushServiceDouble, push: HttpPush) -> None:
    officer = people.persons["officer"]
    device = await device_of(officer, service, NOW)
    trial = await Delivery.create(
        person_id=officer.id,
        channel=Channel.WEB_PUSH,
        subscription_id=device.id,
        state=DeliveryState.QUEUED,
        queued_at=NOW,
    )
    await deliver(trial.id, push, settings(service), NOW)
    (message,) = service.messages
    assert (message.data["title"], message.data["url"], message.topic) == ("安澜 · 测试", "/me", "test")
    assert "riskLevel" not in message.data
