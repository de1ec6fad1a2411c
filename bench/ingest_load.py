"""A city of gateways that costs next to nothing: MQTT 3.1.1 written by hand over a few connections, QoS 1, pipelined.

Run as a program of its own: `python -m bench.ingest_load '{"url": …}'` publishes and prints what it did as JSON.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from urllib.parse import unquote, urlsplit

import msgspec

REGION, ENTERPRISE = "370305", "BENCH"
CONNECTIONS = 4
TICK_S = 0.01
# Of a hundred frames of a gateway one has its first point beyond HH; the next one is back.
ALARM_EVERY = 100


class Load(msgspec.Struct, kw_only=True):
    """What to publish. rate: frames a second; 0 = as fast as it goes. window: the most that a connection
    leaves unacknowledged."""

    url: str
    gateways: int
    points: int
    frames: int
    rate: float
    first_n: int = 0
    window: int = 1000


class Sent(msgspec.Struct):
    """What was published. behind_ms: how late the latest frame left, against its own schedule."""

    frames: int
    seconds: float
    behind_ms: float


class Connection(asyncio.Protocol):
    """One MQTT connection that only publishes."""

    def __init__(self, name: str, user: str, password: str) -> None:
        self._hello = _connect(name, user, password)
        self.is_open, self.room = asyncio.Event(), asyncio.Event()
        self.unacknowledged, self._mid, self._rest = 0, 0, b""
        self.window = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # a TCP transport.
        self.transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        whole = len(data) & ~3  # CONNACK and PUBACK are four bytes each.
        self._rest = data[whole:]
        if not self.is_open.is_set():
            assert data[:4] == b"\x20\x02\x00\x00", "the broker refuses the load"
            self.is_open.set()
            whole -= 4
        self.unacknowledged -= whole // 4
        if self.unacknowledged < self.window:
            self.room.set()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.unacknowledged:
            print(f"the broker closed a connection of the load: {exc}", file=sys.stderr)
            os._exit(1)

    def publish(self, topic: bytes, payload: bytes, retain: bool = False) -> None:
        """One QoS 1 message."""
        self._mid = self._mid % 65535 + 1
        body = len(topic).to_bytes(2) + topic + self._mid.to_bytes(2) + payload
        self.transport.write(bytes([0x32 | retain]) + _length(len(body)) + body)
        self.unacknowledged += 1
        if self.unacknowledged >= self.window:
            self.room.clear()


def _connect(name: str, user: str, password: str) -> bytes:
    def text(value: str) -> bytes:
        return len(value).to_bytes(2) + value.encode()

    body = text("MQTT") + b"\x04\xc2\x00\x3c" + text(name) + text(user) + text(password)
    return b"\x10" + _length(len(body)) + body


def _length(count: int) -> bytes:
    out = bytearray()
    while True:
        count, digit = divmod(count, 128)
        out.append(digit | (0x80 if count else 0))
        if not count:
            return bytes(out)


def _values(points: int) -> tuple[list[bytes], list[bytes]]:
    """Encoded lists of quiet values, and the same with the first point beyond HH."""
    rng = random.Random(1)
    quiet = [[round(rng.uniform(20, 70), 2) for _ in range(points)] for _ in range(50)]
    return [msgspec.json.encode(each) for each in quiet], [msgspec.json.encode([95.5, *each[1:]]) for each in quiet]


async def publish(load: Load) -> Sent:
    """Publish births, then frames: gateway by gateway, each with its own number, stamped as they leave."""
    parts, loop = urlsplit(load.url), asyncio.get_running_loop()
    links: list[Connection] = []
    for place in range(CONNECTIONS):
        link = Connection(f"load-{place}", unquote(parts.username or ""), unquote(parts.password or ""))
        link.window = load.window
        await loop.create_connection(lambda link=link: link, parts.hostname or "", parts.port or 1883)  # type: ignore[misc]
        await link.is_open.wait()
        link.room.set()
        links.append(link)
    topics = [f"anlan/v1/{REGION}/{ENTERPRISE}/GW{number}/".encode() for number in range(load.gateways)]
    birth = msgspec.json.encode({"layout": 1, "points": [{"tag": f"P{place}"} for place in range(load.points)]})
    if load.first_n == 0:
        for number, topic in enumerate(topics):
            links[number % CONNECTIONS].publish(topic + b"birth", birth, retain=True)
            if number % 200 == 199:
                await _acknowledged(links)
        await _acknowledged(links)
    quiet, beyond = _values(load.points)
    began, behind_s = loop.time(), 0.0
    for place in range(load.frames):
        number, n = place % load.gateways, place // load.gateways
        if load.rate and place % 8 == 0:
            due = began + place / load.rate
            if due > loop.time() + TICK_S:
                await asyncio.sleep(due - loop.time())
            behind_s = max(behind_s, loop.time() - due)
        link = links[number % CONNECTIONS]
        if not link.room.is_set():
            await link.room.wait()
        values = beyond if (number + n) % ALARM_EVERY == ALARM_EVERY - 1 else quiet
        t = time.time_ns() // 1_000_000
        payload = b'{"t":%d,"n":%d,"layout":1,"v":%b}' % (t, load.first_n + n, values[place % len(values)])
        link.publish(topics[number] + b"frame", payload)
    await _acknowledged(links)
    seconds = loop.time() - began
    for link in links:
        link.transport.close()
    return Sent(load.frames, seconds, behind_s * 1000)


async def _acknowledged(links: list[Connection]) -> None:
    while any(link.unacknowledged for link in links):  # noqa: ASYNC110 - a connection is asked now and then.
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    print(msgspec.json.encode(asyncio.run(publish(msgspec.json.decode(sys.argv[1], type=Load)))).decode())
