from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient

from backend.app import create_app
from backend.domains.notifications.enums import DeliveryState
from backend.domains.notifications.models import Delivery, PushSubscription
from backend.domains.notifications.ringing import ring_alarm
from backend.domains.notifications.rules import MOST_DEVICES
from backend.kit import clock
from tests.domains.monitoring.plant import Plant
from tests.domains.notifications.fakes import device_of
from tests.people import People
from tests.services import Services
from tests.settings import settings_for_tests
from tests.support.push_service import PushServiceDouble

pytestmark = pytest.mark.anyio
PATH = "/push/subscriptions"


@pytest.fixture
def service() -> Iterator[PushServiceDouble]:
    with PushServiceDouble() as running:
        yield running


@pytest.fixture
async def client(db: None, services: Services, service: PushServiceDouble) -> Any:
    """The API of an operator who lists the double among the push hosts."""
    app = create_app(settings_for_tests(redis_url=services.redis_url, push_hosts=(service.url,)))
    async with app.lifespan(), AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        yield http


async def subscribed(people: People, who: str, subscription: dict[str, Any]) -> dict[str, Any]:
    answer = await people.post(who, PATH, subscription)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/push/key"),
        ("GET", PATH),
        ("POST", PATH),
        ("DELETE", f"{PATH}/{uuid4()}"),
        ("POST", "/push/test"),
        ("GET", "/push/deliveries"),
        ("POST", "/push/shown"),
    ],
)
async def test_nobody_anonymous_comes_near(client: AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, f"/api/v1{path}", json={})).status_code == 401


async def test_the_key_is_one_for_everybody_and_stays(people: People) -> None:
    first = (await people.get("officer", "/push/key")).json()["key"]
    assert len(first) == 87
    assert (await people.get("city", "/push/key")).json()["key"] == first


async def test_a_device_is_subscribed_listed_and_removed_by_its_owner_only(
    people: People, service: PushServiceDouble
) -> None:
    made = service.subscribe()
    answer = await people.post("officer", PATH, made)
    assert answer.status_code == 201
    assert answer.json()["endpoint"] == made["endpoint"]
    assert answer.json()["device"].startswith("python-httpx")
    assert len((await people.get("officer", PATH)).json()) == 1
    assert (await people.get("head", PATH)).json() == []
    own = f"/api/v1{PATH}/{answer.json()['id']}"
    assert (await people.client.delete(own, headers=await people.sign_in("head"))).status_code == 404
    assert (await people.client.delete(own, headers=await people.sign_in("officer"))).status_code == 204
    assert (await people.get("officer", PATH)).json() == []


async def test_subscribing_again_moves_the_device_to_who_is_signed_in_now(
    people: People, service: PushServiceDouble
) -> None:
    made = service.subscribe()
    first = await subscribed(people, "officer", made)
    again = await people.post("head", PATH, made)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert (await people.get("officer", PATH)).json() == []
    assert [row["id"] for row in (await people.get("head", PATH)).json()] == [first["id"]]


async def test_new_keys_of_a_known_endpoint_replace_the_old(people: People, service: PushServiceDouble) -> None:
    made, fresh = service.subscribe(), service.subscribe()
    await subscribed(people, "officer", made)
    await subscribed(people, "officer", {**made, "keys": fresh["keys"]})
    row = await PushSubscription.get(endpoint=made["endpoint"])
    assert (row.p256dh, row.auth) == (fresh["keys"]["p256dh"], fresh["keys"]["auth"])


async def test_of_too_many_devices_the_oldest_are_forgotten(people: People, service: PushServiceDouble) -> None:
    now = clock.now()
    officer = people.persons["officer"]
    old = [await device_of(officer, service, now - timedelta(days=n + 1)) for n in range(MOST_DEVICES)]
    newest = await subscribed(people, "officer", service.subscribe())
    rows = (await people.get("officer", PATH)).json()
    assert len(rows) == MOST_DEVICES
    assert rows[0]["id"] == newest["id"]
    assert str(old[-1].id) not in {row["id"] for row in rows}


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/push/1",
        "http://127.0.0.1:1/push/1",
        "http://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com/fcm/send/x",
    ],
)
async def test_an_endpoint_of_a_stranger_is_refused(people: People, service: PushServiceDouble, endpoint: str) -> None:
    answer = await people.post("officer", PATH, {**service.subscribe(), "endpoint": endpoint})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:push-host-not-known")
    assert await PushSubscription.all().count() == 0


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("p256dh", "B" * 87, "keys.p256dh"),
        ("p256dh", "A" * 80, "keys.p256dh"),
        ("auth", "A" * 23, "keys.auth"),
        ("auth", "!" * 22, "keys.auth"),
    ],
)
async def test_keys_that_could_not_be_sealed_for_are_refused(
    people: People, service: PushServiceDouble, key: str, value: str, field: str
) -> None:
    made = service.subscribe()
    answer = await people.post("officer", PATH, {**made, "keys": {**made["keys"], key: value}})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_trial_is_queued_for_ones_own_devices_and_can_be_followed(
    people: People, service: PushServiceDouble
) -> None:
    await subscribed(people, "officer", service.subscribe())
    await subscribed(people, "head", service.subscribe())
    rung = await people.post("officer", "/push/test")
    assert (rung.status_code, rung.json()["queued"]) == (202, 1)
    (row,) = (await people.get("officer", "/push/deliveries")).json()["items"]
    assert ([row["id"]], row["state"], row["alarmId"]) == (rung.json()["deliveries"], "queued", None)
    assert (await people.get("head", "/push/deliveries")).json()["items"] == []
    assert (await people.post("linzi", "/push/test")).json()["queued"] == 0


async def test_trials_are_bounded(people: People, service: PushServiceDouble) -> None:
    await subscribed(people, "officer", service.subscribe())
    answers = [await people.post("officer", "/push/test") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [202] * 6 + [429]
    assert answers[-1].json()["type"] == "urn:anlan:too-many-requests"


async def test_a_message_is_confirmed_as_shown_by_its_person_only(people: People, service: PushServiceDouble) -> None:
    await subscribed(people, "officer", service.subscribe())
    (delivery_id,) = (await people.post("officer", "/push/test")).json()["deliveries"]
    body = {"deliveryId": delivery_id}
    assert (await people.post("head", "/push/shown", body)).status_code == 404
    assert (await people.post("officer", "/push/shown", body)).status_code == 204
    first = await Delivery.get(id=delivery_id)
    assert (await people.post("officer", "/push/shown", body)).status_code == 204
    again = await Delivery.get(id=delivery_id)
    assert (again.state, again.shown_at) == (DeliveryState.SHOWN, first.shown_at)


async def test_who_was_told_of_an_alarm_is_seen_by_those_who_see_the_alarm(
    people: People, service: PushServiceDouble
) -> None:
    now = clock.now()
    for who in ("officer", "head", "linzi"):
        await device_of(people.persons[who], service, now)
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, now, risk_level=2)
    await ring_alarm(alarm.id, now)
    for who in ("operator", "linzi", "city"):
        page = (await people.get(who, "/push/deliveries", alarmId=str(alarm.id), limit=2)).json()
        rest = (await people.get(who, "/push/deliveries", alarmId=str(alarm.id), after=page["next"])).json()
        names = [row["personName"] for row in page["items"] + rest["items"]]
        assert sorted(names) == sorted(people.persons[name].name for name in ("officer", "head", "linzi"))
    for who in ("stranger", "huantai"):
        assert (await people.get(who, "/push/deliveries", alarmId=str(alarm.id))).status_code == 404
