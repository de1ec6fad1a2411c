"""From the links to the store: gather what has arrived, store it as one batch, acknowledge, tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

import structlog

from backend.ingest.announcing import Announcer
from backend.ingest.city import ms_of
from backend.ingest.contract import SPARKPLUG
from backend.ingest.inbox import Inbox
from backend.ingest.loading import next_limits_at
from backend.ingest.meter import Meter
from backend.ingest.sorting import Message
from backend.ingest.sparkplug.payload import rebirth_command
from backend.ingest.store import Store, Stored

log = structlog.get_logger()

# A batch is what arrived while the one before it was written, and at least this long: a commit for each frame would
# cost more than all the judging.
GATHER_S = 0.02
BATCH_MESSAGES = 1000
BATCH_BYTES = 8 << 20
WATCH_EVERY_S = 2.0
CONFIGURATION_EVERY_S = 5.0
# How soon a region that lost its owner is noticed.
SEEK_EVERY_S = 0.5
# How often births that never came are asked for.
ASK_AGAIN_EVERY_S = 60.0


class Source(Protocol):
    """Where messages come from, and where their acknowledgements go. arrived: set while there is something to take."""

    arrived: asyncio.Event
    listening_since: dict[str, int]

    async def keep(self, regions: Iterable[str]) -> None:
        """Listen to exactly these regions."""
        ...

    def be_deaf(self) -> None:
        """Take nothing more."""
        ...

    def are_ready(self) -> bool:
        """Whether all of them are listened to."""
        ...

    def take(self, most: int, most_bytes: int) -> list[Message]:
        """The oldest messages."""
        ...

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """They are stored."""
        ...

    def ask_again(self) -> None:
        """Have everything that is retained sent once more."""
        ...

    async def publish(self, topic: str, payload: bytes, qos: int) -> bool:
        """Send something; False when it could not be sent."""
        ...


class Stream:
    """The links of our regions being drained into one store; without a region it stands by, and all is loaded."""

    def __init__(
        self,
        source: Source,
        store: Store,
        announcer: Announcer,
        changed: asyncio.Event,
        stop: asyncio.Event,
        meter: Meter | None = None,
    ) -> None:
        self._source, self._store, self._announcer = source, store, announcer
        self._changed, self._stop = changed, stop
        self._meter, self._inbox = meter or Meter(), Inbox(store.con, source.arrived)
        self._waiting: list[Message] = []
        self._asked_at = -ASK_AGAIN_EVERY_S
        self._was_ready = False

    async def run(self) -> None:
        """Drain until told to stop. Raises StoreLost when the database does, or the right to our regions.

        What has arrived by then is still stored, if the database is there: a broker may take its time before it
        brings again what was not acknowledged.
        """
        stopping = asyncio.create_task(self._stop.wait())
        stopping.add_done_callback(lambda _: self._source.arrived.set())
        try:
            await self._inbox.listen()
            await self._source.keep(self._store.leases.held)
            await self._write()
        finally:
            stopping.cancel()
            await asyncio.gather(stopping, return_exceptions=True)

    async def _write(self) -> None:
        loop, store = asyncio.get_running_loop(), self._store
        watched = configured = sought = loop.time()
        due = await next_limits_at(store.con, store.clock())
        while True:
            began, now = loop.time(), store.clock()
            if self._stop.is_set():
                self._source.be_deaf()
            elif began - sought > SEEK_EVERY_S:
                if await store.seek():
                    await self._source.keep(store.leases.held)
                    self._was_ready = False
                sought = began
            self._tell_if_ready()
            is_due = due is not None and due <= now
            if self._changed.is_set() or is_due or began - configured > CONFIGURATION_EVERY_S:
                self._changed.clear()
                due = await next_limits_at(store.con, now)
                if await store.follow_configuration():
                    self._source.ask_again()
                configured = began
            if began - watched > WATCH_EVERY_S:
                self._announcer.tell(store.city, await store.watch(self._source.listening_since))
                watched = began
            if batch := await self._take():
                await self._store_batch(batch, began)
                await asyncio.sleep(max(0.0, GATHER_S - (loop.time() - began)))
            elif self._stop.is_set():
                return
            else:
                await self._something_to_do()

    async def _store_batch(self, batch: list[Message], began: float) -> None:
        loop, store = asyncio.get_running_loop(), self._store
        stored = await store.take(batch)
        self._waiting = stored.waiting
        kept = set(map(id, stored.waiting))
        for each in stored.elsewhere:
            if not await self._source.publish(each.topic, each.payload, 1):
                kept.add(id(each.message))  # Its broker brings it again.
        self._source.acknowledge(each for each in batch if id(each) not in kept)
        self._announcer.tell(store.city, stored)
        self._meter.note(batch, stored, loop.time() - began, ms_of(store.clock()))
        await self._ask_for_births(stored, began)

    async def _ask_for_births(self, stored: Stored, now: float) -> None:
        for gateway in stored.reborn:
            topic = f"{SPARKPLUG}/{gateway.enterprise}/NCMD/{gateway.code}"
            await self._source.publish(topic, rebirth_command(ms_of(self._store.clock())), 0)
        if stored.births_missing and now - self._asked_at > ASK_AGAIN_EVERY_S:
            self._asked_at = now
            self._source.ask_again()

    def _tell_if_ready(self) -> None:
        city, leases = self._store.city, self._store.leases
        self._meter.stands(leases.held, len(self._waiting))
        if not self._was_ready and self._source.are_ready():
            self._was_ready = True
            log.info("ingest.ready", regions=len(leases.held), gateways=len(city.gateways), points=len(city.points))

    async def _take(self) -> list[Message]:
        waiting, self._waiting = self._waiting, []
        uploads = [] if self._stop.is_set() else await self._inbox.take(self._store)
        room = BATCH_MESSAGES - len(waiting) - len(uploads)
        return [*waiting, *uploads, *self._source.take(room, BATCH_BYTES)]

    async def _something_to_do(self) -> None:
        try:
            async with asyncio.timeout(SEEK_EVERY_S):
                await self._source.arrived.wait()
        except TimeoutError:
            return
