"""From the link to the store: gather what has arrived, store it as one batch, acknowledge, tell."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

import structlog

from backend.ingest.announcing import Announcer
from backend.ingest.city import ms_of
from backend.ingest.loading import next_limits_at
from backend.ingest.sorting import Message
from backend.ingest.store import Store

log = structlog.get_logger()

# A batch is what arrived while the one before it was written, and at least this long: a commit for each frame would
# cost more than all the judging.
GATHER_S = 0.02
BATCH_MESSAGES = 1000
BATCH_BYTES = 8 << 20
WATCH_EVERY_S = 2.0
CONFIGURATION_EVERY_S = 5.0
# How often births that never came are asked for.
ASK_AGAIN_EVERY_S = 60.0


class Source(Protocol):
    """Where messages come from, and where their acknowledgements go."""

    def messages(self) -> AsyncIterator[Message]:
        """Messages as they come."""
        ...

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """They are stored."""
        ...

    async def ask_again(self) -> None:
        """Have everything that is retained sent once more."""
        ...


class Stream:
    """One open link being drained into one store."""

    def __init__(
        self, source: Source, store: Store, announcer: Announcer, changed: asyncio.Event, stop: asyncio.Event
    ) -> None:
        self._source, self._store, self._announcer = source, store, announcer
        self._changed, self._stop = changed, stop
        self._pending: deque[Message] = deque()
        self._waiting: list[Message] = []
        self._asked_at = -ASK_AGAIN_EVERY_S
        self._arrived = asyncio.Event()

    async def run(self) -> None:
        """Drain until told to stop. Raises MqttError when the link breaks and StoreLost when the database does.

        What has arrived by then is still stored, if the database is there: a broker may take its time before it
        brings again what was not acknowledged.
        """
        reading = asyncio.create_task(self._read())
        reading.add_done_callback(lambda _: self._arrived.set())
        stopping = asyncio.create_task(self._stop.wait())
        stopping.add_done_callback(lambda _: reading.cancel())
        try:
            await self._write(reading)
        finally:
            stopping.cancel()
            reading.cancel()
            await asyncio.gather(reading, stopping, return_exceptions=True)

    async def _read(self) -> None:
        async for message in self._source.messages():
            self._pending.append(message)
            self._arrived.set()

    async def _write(self, reading: asyncio.Task[None]) -> None:
        loop, store = asyncio.get_running_loop(), self._store
        listening_since_ms = ms_of(store.clock())
        watched = configured = loop.time()
        due = await next_limits_at(store.con, store.clock())
        while self._pending or not reading.done():
            began, now = loop.time(), store.clock()
            is_due = due is not None and due <= now
            if self._changed.is_set() or is_due or began - configured > CONFIGURATION_EVERY_S:
                self._changed.clear()
                due = await next_limits_at(store.con, now)
                if await store.follow_configuration():
                    await self._source.ask_again()
                configured = began
            if began - watched > WATCH_EVERY_S:
                self._announcer.tell(store.city, await store.watch(listening_since_ms))
                watched = began
            if batch := self._take():
                stored = await store.take(batch)
                self._waiting = stored.waiting
                waiting = set(map(id, stored.waiting))
                self._source.acknowledge(each for each in batch if id(each) not in waiting)
                self._announcer.tell(store.city, stored)
                if stored.births_missing and began - self._asked_at > ASK_AGAIN_EVERY_S:
                    self._asked_at = began
                    await self._source.ask_again()
                await asyncio.sleep(max(0.0, GATHER_S - (loop.time() - began)))
            else:
                await self._something_to_do()
        if not reading.cancelled():
            reading.result()

    def _take(self) -> list[Message]:
        batch, self._waiting = self._waiting, []
        size = 0
        while self._pending and len(batch) < BATCH_MESSAGES and size < BATCH_BYTES:
            message = self._pending.popleft()
            batch.append(message)
            size += len(message.payload)
        if not self._pending:
            self._arrived.clear()
        return batch

    async def _something_to_do(self) -> None:
        try:
            async with asyncio.timeout(min(WATCH_EVERY_S, 0.5)):
                await self._arrived.wait()
        except TimeoutError:
            return
