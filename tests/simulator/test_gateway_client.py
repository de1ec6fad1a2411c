"""A gateway's side of the line, on both brokers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiomqtt import Client, Message, ProtocolVersion

from backend.kit.broker_secrets import new_secret
from backend.simulator.gateway_client import Birth, BirthPoint, BrokerAddress, GatewayClient, WireFrame
from tests.services import Broker

pytestmark = pytest.mark.anyio

REGION, ENTERPRISE = "370305", "370310001"
BIRTH = Birth(1, [BirthPoint("LT-101", "level", "%"), BirthPoint("TT-101", "temperature", "℃")])


class Listener:
    """What the back end hears of one gateway."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any, bool]] = []

    @property
    def numbers(self) -> list[int]:
        """The sequence numbers of all frames, in the order in which they came."""
        found: list[int] = []
        for kind, payload, _ in self.heard:
            if kind == "frame":
                found += [frame["n"] for frame in (payload if isinstance(payload, list) else [payload])]
        return found

    def births(self) -> list[Any]:
        """What was said of the order of the values."""
        return [payload for kind, payload, _ in self.heard if kind == "birth"]

    def states(self) -> list[bool]:
        """What was said of its being there."""
        return [payload["online"] for kind, payload, _ in self.heard if kind == "state"]

    async def until(self, true: Any) -> None:
        """Wait until something is true of what was heard."""
        async with asyncio.timeout(20):
            while not true():  # noqa: ASYNC110 - what is waited for is any condition
                await asyncio.sleep(0.02)


@asynccontextmanager
async def listening(broker: Broker, code: str) -> AsyncIterator[Listener]:
    heard = Listener()

    def take(message: Message) -> None:
        kind = str(message.topic).rpartition("/")[2]
        heard.heard.append((kind, json.loads(bytes(message.payload)), bool(message.retain)))  # type: ignore[arg-type]

    async with Client(
        broker.host, broker.port, username=broker.username, password=broker.password,
        identifier=f"listener-{new_secret()[:8]}", protocol=ProtocolVersion.V311,
    ) as client:  # fmt: skip

        async def read() -> None:
            async for message in client.messages:
                take(message)

        await client.subscribe(f"anlan/v1/{REGION}/{ENTERPRISE}/{code}/+", qos=1)
        reading = asyncio.create_task(read())
        try:
            yield heard
        finally:
            reading.cancel()


@asynccontextmanager
async def gateway(broker: Broker) -> AsyncIterator[GatewayClient]:
    code = f"client-{new_secret()[:8]}"
    secret = broker.admit(code, REGION, ENTERPRISE)
    client = GatewayClient(BrokerAddress(broker.host, broker.port), REGION, ENTERPRISE, code, secret, BIRTH)
    running = asyncio.create_task(client.run())
    try:
        yield client
    finally:
        client.leave()
        await asyncio.wait_for(running, 10)
        broker.dismiss(code)


def frame(n: int) -> WireFrame:
    return WireFrame(t=1_790_000_000_000 + 5_000 * n, n=n, layout=1, v=[50.0 + n / 100, None], q=[0, 5])


async def test_it_announces_itself_sends_frames_in_order_and_says_goodbye(broker: Broker) -> None:
    async with gateway(broker) as client, listening(broker, client.code) as heard:
        for n in range(1, 21):
            client.send(frame(n))
        await asyncio.wait_for(client.drained(), 10)
        await heard.until(lambda: len(heard.numbers) == 20)
        # A listener that comes later hears what is retained, and a broker may bring it behind the frames.
        await heard.until(lambda: heard.births())
        assert heard.births()[0]["points"][0] == {"tag": "LT-101", "kind": "level", "unit": "%"}
        assert heard.numbers == list(range(1, 21))
        first = next(payload for kind, payload, _ in heard.heard if kind == "frame")
        one = first[0] if isinstance(first, list) else first
        assert one["v"] == [50.01, None]
        assert client.sent == 20
        client.leave()
        await heard.until(lambda: heard.states() and heard.states()[-1] is False)
        # Whoever comes later is told by the broker what stands.
        async with listening(broker, client.code) as later:
            await later.until(lambda: len(later.heard) == 2)
            assert {(kind, retained) for kind, _, retained in later.heard} == {("birth", True), ("state", True)}
            assert later.states() == [False]


async def test_a_cut_line_tells_the_will_and_brings_everything_later(broker: Broker) -> None:
    async with gateway(broker) as client, listening(broker, client.code) as heard:
        client.send(frame(1))
        await heard.until(lambda: heard.numbers == [1] and heard.states() == [True])
        client.cut()
        for n in range(2, 500):
            client.send(frame(n))
        await heard.until(lambda: heard.states() == [True, False])
        assert heard.numbers == [1], "nothing comes through a cut line"
        assert client.waiting == 498
        client.mend()
        await heard.until(lambda: len(set(heard.numbers)) == 499)
        assert sorted(set(heard.numbers)) == list(range(1, 500))
        assert heard.states()[-1] is True
        assert client.waiting == 0


async def test_a_wrong_secret_keeps_trying_and_can_be_told_to_leave(broker: Broker) -> None:
    code = f"client-{new_secret()[:8]}"
    broker.admit(code, REGION, ENTERPRISE)
    client = GatewayClient(BrokerAddress(broker.host, broker.port), REGION, ENTERPRISE, code, "wrong", BIRTH)
    running = asyncio.create_task(client.run())
    client.send(frame(1))
    await asyncio.sleep(1.2)
    assert client.waiting == 1
    assert client.sent == 0
    client.leave()
    await asyncio.wait_for(running, 12)
    broker.dismiss(code)


def test_an_address_is_read_from_a_url() -> None:
    assert BrokerAddress.of("mqtt://backend:x@[::1]:1884") == BrokerAddress("::1", 1884)
    assert BrokerAddress.of("mqtt://10.0.0.1") == BrokerAddress("10.0.0.1", 1883)
