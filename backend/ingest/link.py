"""The link to the broker. An acknowledgement is sent by `Link.acknowledge` alone, after the commit.

MQTT 3.1.1 on purpose: the embedded broker speaks nothing newer, and nothing here needs it. The session is kept by the
broker under a fixed secret identifier, so messages wait while we are away.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from aiomqtt import Client, MqttError, ProtocolVersion

from backend.ingest.city import ms_of
from backend.ingest.sorting import Message
from backend.ingest.tasks import end

KEEPALIVE_S = 20
CONNECT_WITHIN_S = 10
DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}
# Packets read before other tasks have their turn.
AT_ONCE = 100
# A session that stood already is subscribed, unless whoever made it got no further; one that brings something is.
BRINGS_SOMETHING_WITHIN_S = 1.0


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
    """An open session with the broker.

    aiomqtt acknowledges on arrival and makes a task for each message, so what arrives is taken from the client below
    it: the private parts of aiomqtt that this needs are used here and nowhere else.
    """

    def __init__(
        self, client: Client, filters: Sequence[str], clock: Callable[[], datetime], hear: Callable[[Message], None]
    ) -> None:
        self._client, self._filters, self._clock, self._hear = client, filters, clock, hear
        self._below: Any = client._client
        self._loop = asyncio.get_running_loop()
        self._socket: int | None = None
        self._count = 0
        self.is_resumed = False
        self._connected: Any = self._below.on_connect
        self._below.on_connect = self._connects
        self._below.on_message = self._came
        self._below.disable_logger()

    async def broken(self) -> None:
        """Wait until the link is no more; raises MqttError when it broke."""
        await asyncio.shield(self._client._disconnected)

    @property
    def is_open(self) -> bool:
        """Whether it still connects us with the broker."""
        return not self._client._disconnected.done()

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Let the broker forget these; call it after their commit. Those of QoS 0 need none."""
        if self.is_open:
            for message in messages:
                if message.mid:
                    self._below.ack(message.mid, 1)

    async def subscribe(self) -> None:
        """Have the session gather our messages from now on, and what is retained. Raises MqttError when refused."""
        if not self._filters:
            return
        granted = await self._client.subscribe([(each, 1) for each in self._filters])
        if any(getattr(code, "value", code) >= 0x80 for code in granted):
            raise MqttError(f"the broker does not let us read {' and '.join(self._filters)}")

    async def subscribe_if_silent(self) -> None:
        """Subscribe a session that stood already, unless it shows that it is: while messages are on their way, a
        broker that is asked once more may bring those only after its patience for acknowledgements ends."""
        await asyncio.sleep(BRINGS_SOMETHING_WITHIN_S)
        if self._count == 0 and self.is_open:
            try:
                await self.subscribe()
            except MqttError as refused:
                self._break(refused)

    def _break(self, error: MqttError) -> None:
        if not self._client._disconnected.done():
            self._client._disconnected.set_exception(error)

    async def publish(self, topic: str, payload: bytes, qos: int) -> None:
        """Send something; with QoS 1 it returns when the broker has it. Raises MqttError."""
        await self._client.publish(topic, payload, qos=qos)

    def read_on(self) -> None:
        """Read from the broker (again)."""
        line = self._below.socket()
        if line is not None and self._socket is None:
            self._socket = line.fileno()
            self._loop.add_reader(self._socket, self._read)

    def hold_on(self) -> None:
        """Read nothing for a while: what was sent waits in the line, and the broker waits with what follows."""
        # The number of a closed line may be another line's by now.
        if self._socket is not None and self.is_open:
            self._loop.remove_reader(self._socket)
        self._socket = None

    def cut(self) -> None:
        """Close the line of a client that could not be left in order: it must not keep the session from its next."""
        line, misc = self._below.socket(), self._client._misc_task
        if misc is not None:
            misc.cancel()
        if line is not None and line.fileno() >= 0:
            self._loop.remove_reader(line.fileno())
            self._loop.remove_writer(line.fileno())
            line.close()

    def _read(self) -> None:
        # One packet a call is what the client below offers; as long as packets come there is no need to go round.
        try:
            for _ in range(AT_ONCE):
                seen = self._count
                self._below.loop_read()
                if self._socket is None or (self._count == seen and not self._has_unread()):
                    return
        except Exception as exc:
            self._break(MqttError(repr(exc)))

    def _has_unread(self) -> bool:
        """Whether TLS has taken something off the line already, of which the loop would never hear."""
        pending = getattr(self._below.socket(), "pending", None)
        return pending is not None and pending() > 0

    def _connects(self, client: Any, userdata: Any, flags: Any, *more: Any) -> None:
        self.is_resumed = bool(flags.session_present)
        self._connected(client, userdata, flags, *more)

    def _came(self, _client: Any, _userdata: Any, message: Any) -> None:
        self._count += 1
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = message._topic.decode(errors="replace")
        mid = message.mid if message.qos else 0
        self._hear(Message(topic, message.payload, bool(message.retain), ms_of(self._clock()), mid, self))


def client_of(mqtt_url: str, identifier: str, *, clean_session: bool) -> Client:
    """A client of that broker, not yet connected."""
    address = broker_address(mqtt_url)
    return Client(
        address.host,
        address.port,
        username=address.username,
        password=address.password,
        identifier=identifier,
        protocol=ProtocolVersion.V311,
        clean_session=clean_session,
        keepalive=KEEPALIVE_S,
        timeout=CONNECT_WITHIN_S,
        tls_context=ssl.create_default_context() if address.tls else None,
    )


@asynccontextmanager
async def open_link(
    mqtt_url: str,
    identifier: str,
    filters: Sequence[str],
    clock: Callable[[], datetime],
    hear: Callable[[Message], None],
) -> AsyncIterator[Link]:
    """Connect and take the stored session up, or make it; what waits there comes to `hear` at once.

    Raises MqttError when the broker refuses.
    """
    client = client_of(mqtt_url, identifier, clean_session=False)
    client._client.manual_ack_set(True)
    link = Link(client, filters, clock, hear)
    try:
        async with client:
            link.read_on()
            if not link.is_resumed:
                await link.subscribe()
                yield link
                return
            making_sure = asyncio.create_task(link.subscribe_if_silent())
            try:
                yield link
            finally:
                await end([making_sure])
    except BaseException:
        link.cut()
        raise
