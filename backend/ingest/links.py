"""The sessions of all regions that we hold, one link each, and what they bring in one row.

What is read and not yet stored is bounded twice: by how many unacknowledged messages the broker leaves open, and here
by their bytes. Beyond that nothing is read, so it waits at the broker and not in our memory.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from aiomqtt import MqttError

from backend.ingest.city import ms_of
from backend.ingest.contract import filters_of
from backend.ingest.link import Link, open_link
from backend.ingest.retained import read_retained
from backend.ingest.sorting import Message
from backend.ingest.tasks import end

log = structlog.get_logger()

MOST_WAITING_BYTES = 64 << 20
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)
# Links opened side by side; a broker's first answer to a new session takes a few milliseconds.
AT_ONCE = 8
OPENED_WITHIN_S = 2.0


class Links:
    """Keeps a link for each region held. pending: what they brought, oldest first; `take` empties it from the left.

    listening_since: region → ms since when its link stands; a region whose link is broken is absent.
    """

    def __init__(
        self,
        mqtt_url: str,
        identifiers: Callable[[Sequence[str]], Awaitable[dict[str, str]]],
        clock: Callable[[], datetime],
    ) -> None:
        self._mqtt_url, self._identifiers, self._clock = mqtt_url, identifiers, clock
        self.pending: deque[Message] = deque()
        self.arrived = asyncio.Event()
        self.listening_since: dict[str, int] = {}
        self._open: dict[str, Link] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._opening: set[str] = set()
        self._bytes = 0
        self._is_full = self._is_deaf = False
        self._asking: asyncio.Task[None] | None = None
        self._is_asked = False

    async def keep(self, regions: Iterable[str]) -> None:
        """Hold links for exactly these regions; what a link that goes has brought comes again by its next one."""
        wanted = set(regions)
        for region in self._tasks.keys() - wanted:
            await self._drop(region)
        if new := sorted(wanted - self._tasks.keys()):
            for region, identifier in (await self._identifiers(new)).items():
                self._tasks[region] = asyncio.create_task(self._hold(region, identifier))

    async def close(self) -> None:
        """Let go of all links."""
        if self._asking is not None:
            await end([self._asking])
        for region in list(self._tasks):
            await self._drop(region)

    def be_deaf(self) -> None:
        """Take nothing more; what comes is left unacknowledged."""
        self._is_deaf = True

    def take(self, most: int, most_bytes: int) -> list[Message]:
        """The oldest messages, up to that many and about so many bytes."""
        batch: list[Message] = []
        size = 0
        while self.pending and len(batch) < most and size < most_bytes:
            message = self.pending.popleft()
            batch.append(message)
            size += len(message.payload)
        self._bytes -= size
        if not self.pending:
            self.arrived.clear()
        if self._is_full and self._bytes < MOST_WAITING_BYTES // 2:
            self._is_full = False
            for link in self._open.values():
                link.read_on()
        return batch

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """They are stored: let the broker forget them."""
        by_link: dict[Link, list[Message]] = {}
        for message in messages:
            if message.mid and message.link is not None:
                by_link.setdefault(message.link, []).append(message)
        for link, its in by_link.items():
            link.acknowledge(its)

    def ask_again(self) -> None:
        """Have everything that is retained sent once more, soon; asked while it is being read, then after that too."""
        self._is_asked = True
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        while self._is_asked:
            self._is_asked = False
            try:
                await read_retained(self._mqtt_url, list(self._open), self._clock, self.came)
            except MqttError as lost:
                log.warning("ingest.retained_not_read", error=str(lost))

    async def publish(self, topic: str, payload: bytes, qos: int) -> bool:
        """Send something over any link; False when none could take it."""
        for link in list(self._open.values()):
            with suppress(MqttError):
                await link.publish(topic, payload, qos)
                return True
        return False

    def are_ready(self) -> bool:
        """Whether every region we hold is listened to."""
        return bool(self._tasks) and self._tasks.keys() == self._open.keys()

    def came(self, message: Message) -> None:
        """Something arrived."""
        if self._is_deaf:
            return
        self.pending.append(message)
        self._bytes += len(message.payload)
        self.arrived.set()
        if self._bytes > MOST_WAITING_BYTES and not self._is_full:
            self._is_full = True
            for link in self._open.values():
                link.hold_on()

    async def _hold(self, region: str, identifier: str) -> None:
        failures = 0
        while True:
            try:
                async with self._turn:
                    self._opening.add(region)
                    opening = open_link(self._mqtt_url, identifier, filters_of(region), self._clock, self.came)
                    try:
                        link = await opening.__aenter__()
                    finally:
                        self._opening.discard(region)
                try:
                    self._open[region] = link
                    self.listening_since[region] = ms_of(self._clock())
                    self.arrived.set()
                    failures = 0
                    await link.broken()
                finally:
                    self._open.pop(region, None)
                    self.listening_since.pop(region, None)
                    with suppress(MqttError):
                        await opening.__aexit__(None, None, None)
            except MqttError as lost:
                log.warning("ingest.broker_lost", region=region, error=str(lost))
            await asyncio.sleep(RETRY_S[min(failures, len(RETRY_S) - 1)])
            failures += 1

    async def _drop(self, region: str) -> None:
        task, link = self._tasks.pop(region), self._open.get(region)
        # A client that is interrupted while it signs in may be signed in a moment later, with nobody to sign it out.
        until = asyncio.get_running_loop().time() + OPENED_WITHIN_S
        while region in self._opening and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - asked rarely.
            await asyncio.sleep(0.02)
        await end([task])
        kept = [message for message in self.pending if message.link is not link or link is None]
        self._bytes -= sum(len(message.payload) for message in self.pending) - sum(len(each.payload) for each in kept)
        self.pending = deque(kept)
