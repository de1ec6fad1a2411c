"""A gateway at the broker: signs in, announces its layout, sends frames, keeps what could not be sent.

It does what docs/gateways.md asks of any gateway and knows nothing of the server behind the broker.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog
from aiomqtt import Client, MqttError, ProtocolVersion, Will

log = structlog.get_logger()

PREFIX = "anlan/v1"
RETRY_S, LONGEST_RETRY_S = 0.5, 10.0
GOODBYE_S = 2.0
# Behind after an outage, a gateway sends up to so many frames at once: 200 of 80 points are some 120 kB.
FRAMES_AT_ONCE = 200
# A week of store-and-forward at one frame every five seconds (standards 5.7).
KEPT_FRAMES = 7 * 86_400 // 5
ONLINE, OFFLINE = b'{"online": true}', b'{"online": false}'


@dataclass(frozen=True)
class BrokerAddress:
    """Where the broker listens."""

    host: str
    port: int

    @classmethod
    def of(cls, mqtt_url: str) -> BrokerAddress:
        """The address in a URL; whose sign-in stands in it does not matter here."""
        parts = urlsplit(mqtt_url)
        return cls(parts.hostname or "127.0.0.1", parts.port or 1883)


class WireFrame(msgspec.Struct, omit_defaults=True):
    """A frame by position. t: ms since the epoch; q is left out when all values are good."""

    t: int
    n: int
    layout: int
    v: Sequence[float | None]
    q: Sequence[int] | None = None


class BirthPoint(msgspec.Struct):
    """One position of the frames."""

    tag: str
    kind: str
    unit: str


class Birth(msgspec.Struct):
    """The order of values in frames of this layout."""

    layout: int
    points: list[BirthPoint]


class GatewayClient:
    """One gateway's side of the line. Frames are sent in order, each at least once; a full store drops the oldest."""

    def __init__(
        self, address: BrokerAddress, region: str, enterprise: str, code: str, secret: str, birth: Birth
    ) -> None:
        self.code = code
        self.sent = 0
        self._address, self._secret, self._birth = address, secret, birth
        self._branch = f"{PREFIX}/{region}/{enterprise}/{code}"
        self._outbox: deque[WireFrame] = deque(maxlen=KEPT_FRAMES)
        self._work = asyncio.Event()
        self._line = asyncio.Event()
        self._line.set()
        self._empty = asyncio.Event()
        self._empty.set()
        self._left = asyncio.Event()
        self._client: Client | None = None

    @property
    def waiting(self) -> int:
        """How many frames are not yet acknowledged by the broker."""
        return len(self._outbox)

    def send(self, frame: WireFrame) -> None:
        """Hand a frame over; it goes out now, or when the line is back."""
        self._outbox.append(frame)
        self._empty.clear()
        self._work.set()

    async def drained(self) -> None:
        """Wait until the broker has acknowledged everything."""
        await self._empty.wait()

    def cut(self) -> None:
        """Lose the line without a goodbye; the broker finds out by itself and tells the last will."""
        self._line.clear()
        wire: Any = self._client._client.socket() if self._client else None
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Get the line back."""
        self._line.set()

    def leave(self) -> None:
        """Say goodbye as soon as possible; `run` returns then."""
        self._left.set()
        self._line.set()
        self._work.set()

    async def run(self) -> None:
        """Hold the line until told to leave: sign in, send, and sign in again after each loss."""
        pause = RETRY_S
        while not self._left.is_set():
            await self._line.wait()
            try:
                async with self._connected() as client:
                    self._client = client
                    pause = RETRY_S
                    if not self._line.is_set():
                        self.cut()  # The line was cut while it was being made.
                    try:
                        await self._talk(client)
                    finally:
                        _take_note(client)
            except MqttError as lost:
                if self._line.is_set() and not self._left.is_set():
                    log.warning("gateway.line_lost", gateway=self.code, error=str(lost), waiting=self.waiting)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._left.wait(), pause)
                    pause = min(2 * pause, LONGEST_RETRY_S)
            finally:
                self._client = None

    def _connected(self) -> Client:
        return Client(
            self._address.host,
            self._address.port,
            username=self.code,
            password=self._secret,
            identifier=self.code,
            protocol=ProtocolVersion.V311,
            clean_session=True,
            keepalive=30,
            timeout=10,
            will=Will(f"{self._branch}/state", OFFLINE, qos=1, retain=True),
        )

    async def _talk(self, client: Client) -> None:
        await client.publish(f"{self._branch}/birth", msgspec.json.encode(self._birth), qos=1, retain=True)
        await client.publish(f"{self._branch}/state", ONLINE, qos=1, retain=True)
        while not self._left.is_set():
            if not self._outbox:
                self._empty.set()
                self._work.clear()
                await self._wait_for_work(client)
                continue
            await self._send_some(client)
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                while self._outbox:
                    await self._send_some(client)
                await client.publish(f"{self._branch}/state", OFFLINE, qos=1, retain=True)

    async def _wait_for_work(self, client: Client) -> None:
        """Wait for a frame or for the loss of the line, whichever comes first."""
        work = asyncio.ensure_future(self._work.wait())
        # aiomqtt tells a loss to those who read messages; a gateway reads none.
        lost: asyncio.Future[Any] = client._disconnected
        try:
            await asyncio.wait((work, lost), return_when=asyncio.FIRST_COMPLETED)
        finally:
            work.cancel()
        if lost.done():
            raise MqttError("the broker is gone")

    async def _send_some(self, client: Client) -> None:
        some = [self._outbox[i] for i in range(min(len(self._outbox), FRAMES_AT_ONCE))]
        payload = msgspec.json.encode(some[0] if len(some) == 1 else some)
        await client.publish(f"{self._branch}/frame", payload, qos=1)
        for frame in some:
            if self._outbox and self._outbox[0] is frame:  # A full store may have dropped it meanwhile.
                self._outbox.popleft()
        self.sent += len(some)


def _take_note(client: Client) -> None:
    """Look at why a line was lost; aiomqtt keeps that in a future, which complains when nobody looks."""
    lost: asyncio.Future[Any] = client._disconnected
    if lost.done() and not lost.cancelled():
        lost.exception()
