from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from backend.domains.notifications.rules import Manner
from backend.domains.notifications.sealing import LARGEST_PAYLOAD, PushPayload, Sealed, seal
from backend.domains.notifications.sending import FAILURES_BEFORE_REST, REST_S, Answer, HttpPush, open_push
from backend.domains.notifications.vapid import VapidKeys, new_keys, vapid_keys
from tests.support.push_service import PushServiceDouble

pytestmark = pytest.mark.anyio
SEALED = Sealed(b"sealed", {"ttl": "60"})
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA"
MANNER = Manner(60, "high", "alarm-1")


@pytest.fixture
def service() -> Iterator[PushServiceDouble]:
    with PushServiceDouble() as running:
        yield running


def keys() -> VapidKeys:
    return msgspec.json.decode(new_keys(), type=VapidKeys)


def sealed_for(subscription: dict[str, object], body: str = "x", signer: VapidKeys | None = None) -> Sealed:
    given: dict[str, str] = subscription["keys"]  # type: ignore[assignment]
    return seal(
        PushPayload("标题", body, "tag", "/", "id"),
        str(subscription["endpoint"]),
        given["p256dh"],
        given["auth"],
        keys=signer or keys(),
        subject="mailto:ops@anlan.example",
        manner=MANNER,
    )


async def test_what_is_sealed_can_be_opened_by_its_device_only(service: PushServiceDouble) -> None:
    mine, other = service.subscribe(), service.subscribe()
    sealed = sealed_for(mine)
    async with open_push() as push:
        assert (await push.post(mine["endpoint"], sealed)).status == 201
        assert (await push.post(other["endpoint"], sealed)).status == 400
    assert [message.data["title"] for message in service.messages] == ["标题"]


async def test_a_message_of_the_largest_size_still_arrives_and_a_larger_one_is_not_sealed(
    service: PushServiceDouble,
) -> None:
    subscription = service.subscribe()
    room = LARGEST_PAYLOAD - len('{"title":"标题","body":"","tag":"tag","url":"/","id":"id"}'.encode())
    async with open_push() as push:
        assert (await push.post(subscription["endpoint"], sealed_for(subscription, "b" * room))).status == 201
    with pytest.raises(ValueError, match="3900"):
        sealed_for(subscription, "b" * (room + 1))


async def test_ttl_of_one_message_does_not_stick_to_the_next(service: PushServiceDouble) -> None:
    subscription, signer = service.subscribe(), keys()
    one, two = sealed_for(subscription, signer=signer), sealed_for(subscription, signer=signer)
    assert one.headers["ttl"] == two.headers["ttl"] == "60"


@pytest.mark.usefixtures("db")
async def test_keys_are_made_once_and_kept() -> None:
    first, second = await vapid_keys(), await vapid_keys()
    assert first == second
    assert len(first.application_server_key) == 87


def answered(status: int, headers: dict[str, str] | None = None) -> httpx.Response:
    """An answer with an empty body that can still be read."""
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(b""))


class Scripted(httpx.AsyncBaseTransport):
    """Raises or answers, and counts."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers, self.calls = list(answers), 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_host_that_cannot_be_reached_rests_and_others_do_not() -> None:
    seconds = [0.0]
    away = [httpx.ConnectTimeout("away")] * FAILURES_BEFORE_REST
    transport = Scripted(*away, answered(201), answered(201))
    push = HttpPush(httpx.AsyncClient(transport=transport), seconds=lambda: seconds[0])
    for _ in range(FAILURES_BEFORE_REST):
        assert (await push.post(ENDPOINT, SEALED)).status is None
    assert await push.post(ENDPOINT, SEALED) == Answer(None, "the push service could not be reached a moment ago")
    assert transport.calls == FAILURES_BEFORE_REST
    assert (await push.post("https://fcm.googleapis.com/x", SEALED)).status == 201
    seconds[0] = REST_S + 1
    assert (await push.post(ENDPOINT, SEALED)).status == 201


async def test_an_answer_in_between_forgives_the_failures() -> None:
    away = httpx.ConnectTimeout("away")
    transport = Scripted(away, away, answered(500), away, away, answered(201))
    push = HttpPush(httpx.AsyncClient(transport=transport))
    assert [(await push.post(ENDPOINT, SEALED)).status for _ in range(6)] == [None, None, 500, None, None, 201]


async def test_retry_after_as_a_date_is_counted_from_now() -> None:
    now = datetime(2026, 11, 24, 1, tzinfo=UTC)
    busy = answered(503, headers={"retry-after": "Tue, 24 Nov 2026 01:00:30 GMT"})
    push = HttpPush(httpx.AsyncClient(transport=Scripted(busy)), now=lambda: now)
    assert await push.post(ENDPOINT, SEALED) == Answer(503, "HTTP 503", 30.0)


async def test_an_endless_answer_is_cut_off() -> None:
    read = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal read
        while True:
            read += 1
            yield b"x" * 1024

    push = HttpPush(httpx.AsyncClient(transport=Scripted(httpx.Response(201, content=endless()))))
    assert (await push.post(ENDPOINT, SEALED)).status == 201
    assert read < 10
