"""Who gets in and what reaches whom, the same on the embedded broker and on Mosquitto."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import pytest
from aiomqtt import Client, MqttError, ProtocolVersion, Will

from backend.embedded.broker import MAX_PAYLOAD_BYTES, accepts, write_broker_config
from backend.embedded.logins import GatewayLogin
from tests.services import Broker, Services, roomy_folder, running_mosquitto

pytestmark = pytest.mark.anyio

SILENCE_S = 0.5


def client(broker: Broker, username: str, password: str, **more: object) -> Client:
    """A client that speaks 3.1.1, as ours and the oldest gateways do."""
    return Client(
        broker.host,
        broker.port,
        username=username,
        password=password,
        identifier=f"test-{uuid4().hex}",
        protocol=ProtocolVersion.V311,
        **more,  # type: ignore[arg-type]  # keywords of Client
    )


def code() -> str:
    """A gateway nobody has seen."""
    return f"GW-{uuid4().hex[:8]}"


@asynccontextmanager
async def listening(broker: Broker, topic: str) -> AsyncIterator[list[tuple[str, bytes]]]:
    """What the back end receives on a topic while the block runs."""
    heard: list[tuple[str, bytes]] = []

    async def read(link: Client) -> None:
        async for message in link.messages:
            assert isinstance(message.payload, bytes)
            heard.append((str(message.topic), message.payload))

    async with client(broker, broker.username, broker.password) as link:
        granted = await link.subscribe(topic, qos=1)
        assert [each.value for each in granted] == [1]  # type: ignore[union-attr]  # reason codes, not integers
        reader = asyncio.create_task(read(link))
        try:
            yield heard
        finally:
            reader.cancel()


async def eventually(happened: Callable[[], bool], within_s: float = 5) -> None:
    """Wait until it has happened."""
    for _ in range(int(within_s / 0.01)):
        if happened():
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"did not happen within {within_s} s")


async def arrives(heard: list[tuple[str, bytes]], count: int) -> None:
    """Wait until that many messages are there."""
    await eventually(lambda: len(heard) >= count)


async def test_admitted_gateway_is_heard_and_those_connected_stay(broker: Broker) -> None:
    first, second = code(), code()
    first_secret = broker.admit(first, "370305", "E1")
    assert not accepts(broker.host, broker.port, second, "not yet known")
    async with (
        listening(broker, "anlan/v1/370305/E1/+/frame") as heard,
        client(broker, first, first_secret) as early,
    ):
        second_secret = broker.admit(second, "370305", "E1")
        async with client(broker, second, second_secret) as late:
            await late.publish(f"anlan/v1/370305/E1/{second}/frame", b"2", qos=1)
        await early.publish(f"anlan/v1/370305/E1/{first}/frame", b"1", qos=1)
        await arrives(heard, 2)
    assert {payload for _, payload in heard} == {b"1", b"2"}


async def test_foreign_branch_never_reaches_the_back_end(broker: Broker) -> None:
    own, neighbour = code(), code()
    secret = broker.admit(own, "370305", "E1")
    broker.admit(neighbour, "370306", "E2")
    foreign = [
        f"anlan/v1/370306/E2/{neighbour}/frame",  # another gateway
        f"anlan/v1/370306/E2/{own}/frame",  # its own code in another's enterprise
        f"anlan/v1/370305/E2/{own}/frame",
        f"anlan/v1/370306/E1/{own}/frame",
        f"anlan/v1/370305/E1/{own}x/frame",
        "anlan/v1/frame",
        "frame",
    ]
    async with listening(broker, "anlan/v1/#") as heard, client(broker, own, secret) as gateway:
        for topic in foreign:
            for retain in (False, True):
                await gateway.publish(topic, b"foreign", qos=1, retain=retain)
        await gateway.publish(f"anlan/v1/370305/E1/{own}/frame", b"own", qos=1)
        await arrives(heard, 1)
        await asyncio.sleep(SILENCE_S)
    assert heard == [(f"anlan/v1/370305/E1/{own}/frame", b"own")]


async def test_gateway_reads_its_commands_and_nothing_else(broker: Broker) -> None:
    own, neighbour = code(), code()
    secret, neighbour_secret = broker.admit(own, "370305", "E1"), broker.admit(neighbour, "370305", "E1")
    heard: list[str] = []

    async def read(link: Client) -> None:
        async for message in link.messages:
            heard.append(str(message.topic))

    async with (
        client(broker, own, secret) as gateway,
        client(broker, neighbour, neighbour_secret) as other,
        client(broker, broker.username, broker.password) as backend,
    ):
        granted = await gateway.subscribe(f"anlan/v1/370305/E1/{own}/cmd/#", qos=1)
        assert [each.value for each in granted] == [1]  # type: ignore[union-attr]  # reason codes, not integers
        for topic in ("#", "anlan/v1/#", f"anlan/v1/370305/E1/{neighbour}/#", f"anlan/v1/370305/E1/{own}/frame"):
            await gateway.subscribe(topic, qos=1)  # one broker refuses, the other grants and delivers nothing
        reader = asyncio.create_task(read(gateway))
        await other.publish(f"anlan/v1/370305/E1/{neighbour}/frame", b"secret", qos=1)
        await backend.publish(f"anlan/v1/370305/E1/{neighbour}/cmd/limits", b"secret", qos=1)
        await backend.publish(f"anlan/v1/370305/E1/{own}/cmd/limits", b"yours", qos=1)
        await asyncio.sleep(SILENCE_S)
        reader.cancel()
    assert heard == [f"anlan/v1/370305/E1/{own}/cmd/limits"]


async def test_wrong_secret_and_nobody_are_refused(broker: Broker) -> None:
    known = code()
    broker.admit(known, "370305", "E1")
    for username, password in ((known, "wrong"), (known, ""), ("nobody", "x"), ("", "")):
        with pytest.raises(MqttError):
            async with client(broker, username, password):
                pass
    with pytest.raises(MqttError):
        async with Client(broker.host, broker.port, protocol=ProtocolVersion.V311):
            pass


async def test_dismissed_gateway_gets_in_no_more(broker: Broker) -> None:
    known = code()
    secret = broker.admit(known, "370305", "E1")
    broker.dismiss(known)
    await eventually(lambda: not accepts(broker.host, broker.port, known, secret))


async def test_last_will_and_birth_are_kept_for_a_back_end_that_comes_later(broker: Broker) -> None:
    known = code()
    secret = broker.admit(known, "370305", "E1")
    branch = f"anlan/v1/370305/E1/{known}"
    will = Will(f"{branch}/state", b'{"online": false}', qos=1, retain=True)
    with suppress(MqttError):
        async with client(broker, known, secret, will=will) as gateway:
            await gateway.publish(f"{branch}/birth", b"layout", qos=1, retain=True)
            line = gateway._client.socket()
            assert isinstance(line, socket.socket)
            line.shutdown(socket.SHUT_RDWR)  # no DISCONNECT: the line is cut
            await asyncio.sleep(0.1)
    async with listening(broker, f"{branch}/+") as heard:
        await arrives(heard, 2)
    assert {payload for _, payload in heard} == {b'{"online": false}', b"layout"}


async def test_messages_wait_for_an_absent_back_end(broker: Broker) -> None:
    known, identifier = code(), f"ingest-{uuid4().hex}"
    secret = broker.admit(known, "370305", "E1")
    topic = f"anlan/v1/370305/E1/{known}/frame"

    def backend() -> Client:
        return Client(
            broker.host, broker.port, username=broker.username, password=broker.password, identifier=identifier,
            protocol=ProtocolVersion.V311, clean_session=False,
        )  # fmt: skip

    async with backend() as link:
        await link.subscribe("anlan/v1/370305/E1/+/frame", qos=1)
    async with client(broker, known, secret) as gateway:
        for number in range(50):
            await gateway.publish(topic, str(number).encode(), qos=1)
    heard: list[object] = []
    async with backend() as link, asyncio.timeout(5):
        async for message in link.messages:
            heard.append(message.payload)
            if len(heard) == 50:
                break
    assert heard == [str(number).encode() for number in range(50)]


async def test_ten_megabytes_close_only_the_senders_connection(broker: Broker) -> None:
    loud, quiet = code(), code()
    loud_secret, quiet_secret = broker.admit(loud, "370305", "E1"), broker.admit(quiet, "370305", "E1")
    async with (
        listening(broker, "anlan/v1/370305/E1/+/frame") as heard,
        client(broker, quiet, quiet_secret) as good,
    ):
        with pytest.raises(MqttError):
            async with client(broker, loud, loud_secret, timeout=1) as bad:
                await bad.publish(f"anlan/v1/370305/E1/{loud}/frame", bytes(10_000_000), qos=1)
        await good.publish(f"anlan/v1/370305/E1/{quiet}/frame", b"good", qos=1)
        large = bytes(MAX_PAYLOAD_BYTES - 1000)
        await good.publish(f"anlan/v1/370305/E1/{quiet}/frame", large, qos=1)
        await arrives(heard, 2)
    assert [payload for _, payload in heard] == [b"good", large]


async def test_back_end_may_hold_many_unacknowledged_messages_on_six_subscriptions(services: Services) -> None:
    broker, known, count = services.broker, code(), 2_000
    secret = broker.admit(known, "370305", "E1")
    branch = f"anlan/v1/370305/E1/{known}"
    heard = 0
    async with client(broker, broker.username, broker.password) as backend, client(broker, known, secret) as gateway:
        backend._client.manual_ack_set(True)
        for kind in ("birth", "event", "state", "a", "b", "frame"):
            granted = await backend.subscribe(f"{branch}/{kind}", qos=1)
            assert [each.value for each in granted] == [1]  # type: ignore[union-attr]  # reason codes, not integers
        for _ in range(count):
            await gateway.publish(f"{branch}/frame", b"x", qos=1)
        async with asyncio.timeout(10):
            async for _message in backend.messages:
                heard += 1
                if heard == count:
                    break


async def test_same_client_identifier_cannot_take_the_back_ends_session_on_mosquitto() -> None:
    with roomy_folder() as path, running_mosquitto(path, "use_username_as_clientid true") as broker:
        known = code()
        secret = broker.admit(known, "370305", "E1")
        async with listening(broker, "anlan/v1/#") as heard:
            thief = Client(
                broker.host, broker.port, username=known, password=secret, identifier="backend",
                protocol=ProtocolVersion.V311,
            )  # fmt: skip
            async with thief:
                await thief.publish(f"anlan/v1/370305/E1/{known}/frame", b"1", qos=1)
                await arrives(heard, 1)


@pytest.mark.parametrize("bad", ["", "a.b", "a b", "a/b", 'a"', "a\nuser x", "a*", ">", "大", "x" * 65, "backend"])
def test_code_that_could_say_more_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"code|own user name"):
        GatewayLogin(bad, "370305", "E1")


def test_unchanged_list_is_not_written_again(services: Services) -> None:
    with roomy_folder() as path:
        users = path / "users.conf"
        gateways = [GatewayLogin("B", "370305", "E1", "$2b$04$b"), GatewayLogin("A", "370305", "E1", "$2b$04$a")]
        assert write_broker_config(users, "$2b$04$x", gateways)
        assert users.stat().st_mode & 0o777 == 0o600
        assert not write_broker_config(users, "$2b$04$x", reversed(gateways))
        assert write_broker_config(users, "$2b$04$x", gateways[:1])
        assert list(path.iterdir()) == [users]
