"""The link to the broker. An acknowledgement is sent by `Link.acknowledge` alone, after the commit.

MQTT 3.1.1 on purpose: the embedded broker speaks nothing newer, and nothing here needs it. The session is kept by the
broker under a fixed secret identifier, so messages wait while we are away.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from aiomqtt import Client, MqttError, ProtocolVersion

from backend.ingest.city import ms_of
from backend.ingest.contract import TOPIC_FILTER
from backend.ingest.sorting import Message

KEEPALIVE_S = 20
CONNECT_WITHIN_S = 10
DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}


class BrokerAddress(NamedTuple):
    """Where the broker is and who we are there."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool


def broker_address(mqtt_url: str) -> BrokerAddress:
    """The parts of `mqtt://user:password@host:port` or `mqtts://…`; raises ValueError for another scheme."""
    parts = urlsplit(mqtt_url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError("an MQTT address is mqtt://user:password@host:port, or mqtts:// for TLS")
    return BrokerAddress(
        parts.hostname,
        parts.port or DEFAULT_PORTS[parts.scheme],
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        parts.scheme == "mqtts",
    )


class Link:
    """An open session with the broker."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = client, clock

    async def messages(self) -> AsyncIterator[Message]:
        """Messages as they come, for ever; raises MqttError when the link breaks."""
        async for message in self._client.messages:
            payload = message.payload
            yield Message(
                message.topic.value,
                payload if isinstance(payload, bytes) else b"",
                bool(message.retain),
                ms_of(self._clock()),
                message.mid,
            )

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Let the broker forget these; call it after their commit. Retained ones of QoS 0 need none."""
        for message in messages:
            if message.mid:
                # aiomqtt acknowledges on arrival; only the client below it can be told to wait.
                self._client._client.ack(message.mid, 1)

    async def ask_again(self) -> None:
        """Subscribe (once more): a broker then sends everything that is retained, births among it."""
        granted = await self._client.subscribe(TOPIC_FILTER, qos=1)
        if any(getattr(code, "value", code) >= 0x80 for code in granted):
            raise MqttError(f"the broker does not let us read {TOPIC_FILTER}")


@asynccontextmanager
async def open_link(mqtt_url: str, identifier: str, clock: Callable[[], datetime]) -> AsyncIterator[Link]:
    """Connect, take the stored session up and subscribe. Raises MqttError when the broker refuses."""
    address = broker_address(mqtt_url)
    client = Client(
        address.host,
        address.port,
        username=address.username,
        password=address.password,
        identifier=identifier,
        protocol=ProtocolVersion.V311,
        clean_session=False,
        keepalive=KEEPALIVE_S,
        timeout=CONNECT_WITHIN_S,
        tls_context=ssl.create_default_context() if address.tls else None,
    )
    client._client.manual_ack_set(True)
    async with client:
        link = Link(client, clock)
        await link.ask_again()
        yield link
