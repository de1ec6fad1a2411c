"""A session that stands at the broker is taken up: what waits in it comes at once, and it listens in any case."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter

import msgspec
import pytest

from backend.ingest.contract import filters_of
from backend.ingest.link import client_of, open_link
from backend.ingest.retained import read_retained
from backend.ingest.sorting import Message
from backend.kit import clock
from tests.ingest.gateways import send, signed_in, until
from tests.ingest.plant import REGION

pytestmark = pytest.mark.anyio

WAITING = 3_000


@pytest.fixture
def identifier() -> str:
    return f"ingest-{secrets.token_hex(8)}"


class Hearing:
    """What came, acknowledged as soon as it did; count: by the number of the frame."""

    def __init__(self) -> None:
        self.count: Counter[int] = Counter()

    def hear(self, message: Message) -> None:
        message.link.acknowledge([message])
        if message.topic.endswith("/frame"):
            self.count[msgspec.json.decode(message.payload)["n"]] += 1

    async def has(self, wanted: int) -> bool:
        return len(self.count) >= wanted


def opened(broker, identifier, hearing):
    return open_link(broker.mqtt_url, identifier, filters_of(REGION), clock.now, hearing.hear)


async def test_what_waits_comes_at_once_and_once_while_more_arrives(broker, plant, identifier):
    await plant.gateway("G1", "A")
    async with opened(broker, identifier, Hearing()):
        pass
    hearing = Hearing()
    async with signed_in(broker, "G1") as gateway:
        for first in range(0, WAITING, 100):
            await asyncio.gather(*(send(gateway, "G1", "frame", {"n": n}) for n in range(first, first + 100)))
        async with opened(broker, identifier, hearing) as link:
            assert link.is_resumed
            for n in range(WAITING, WAITING + 200):
                await send(gateway, "G1", "frame", {"n": n})
            # A broker that lost track of some would bring them when its patience ends, in ten seconds.
            await until(lambda: hearing.has(WAITING + 200), 6)
    assert set(hearing.count.values()) == {1}


async def test_a_session_whose_maker_got_no_further_is_subscribed(broker, plant, identifier):
    await plant.gateway("G1", "A")
    async with client_of(broker.mqtt_url, identifier, clean_session=False):
        pass
    hearing = Hearing()
    async with signed_in(broker, "G1") as gateway, opened(broker, identifier, hearing) as link:
        assert link.is_resumed
        await asyncio.sleep(1.5)
        await send(gateway, "G1", "frame", {"n": 1})
        await until(lambda: hearing.has(1), 5)


async def test_what_is_retained_is_read_beside_the_session(broker, plant):
    await plant.gateway("G1", "A")
    heard: list[Message] = []
    async with signed_in(broker, "G1") as gateway:
        await send(gateway, "G1", "birth", {"layout": 1, "points": [{"tag": "A"}]})
        await send(gateway, "G1", "state", {"online": True})
        reading = asyncio.create_task(read_retained(broker.mqtt_url, [REGION], clock.now, heard.append))
        await asyncio.sleep(0.5)
        await send(gateway, "G1", "state", {"online": True, "live": True})
        await reading
    ours = [message for message in heard if "/G1/" in message.topic]
    assert sorted(message.topic.rpartition("/")[2] for message in ours) == ["birth", "state"]
    assert all(message.retained and message.mid == 0 for message in ours)
    assert b"live" not in b"".join(message.payload for message in ours)
