"""The way from a source to the store: what is acknowledged, and when births are asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from backend.ingest.sorting import Message
from backend.ingest.stream import Stream
from tests.ingest.gateways import until
from tests.ingest.reading import frames, reasons

pytestmark = pytest.mark.anyio


class Source:
    """A broker's place, taken by a list."""

    def __init__(self) -> None:
        self.arriving: asyncio.Queue[Message] = asyncio.Queue()
        self.acknowledged: list[Message] = []
        self.asked = 0

    async def messages(self) -> AsyncIterator[Message]:
        while True:
            yield await self.arriving.get()

    def acknowledge(self, messages: Iterable[Message]) -> None:
        self.acknowledged += messages

    async def ask_again(self) -> None:
        self.asked += 1

    async def has_acknowledged(self, *messages: Message) -> bool:
        """Whether just these were acknowledged, each once."""
        return sorted(map(id, self.acknowledged)) == sorted(map(id, messages))


class Silence:
    """Nobody to tell."""

    def tell(self, city: object, stored: object) -> None:
        pass


@pytest.fixture
async def source(store):
    source, stop = Source(), asyncio.Event()
    running = asyncio.create_task(Stream(source, store, Silence(), asyncio.Event(), stop).run())
    yield source
    stop.set()
    await running


async def test_a_frame_ahead_of_its_birth_is_not_acknowledged_before_it_is_stored(source, con, wire):
    early, birth = wire.frame("G1", 1, 2, 3), wire.birth("G1", "A", "B", "C")
    source.arriving.put_nowait(early)
    await asyncio.sleep(0.2)
    assert source.acknowledged == []
    source.arriving.put_nowait(birth)
    await until(lambda: source.has_acknowledged(early, birth))
    assert await frames(con) == [(1, [1, 2, 3], None, None, False)]


async def test_a_birth_that_never_came_is_asked_for_once(source, con, wire, clock):
    early = wire.frame("G1", 1, 2, 3)
    clock.move(6)
    late = wire.frame("G1", 1, 2, 3)
    source.arriving.put_nowait(early)
    await until(lambda: source.has_acknowledged(early))
    source.arriving.put_nowait(late)
    await asyncio.sleep(0.1)
    clock.move(6)
    await until(lambda: source.has_acknowledged(early, late))
    assert source.asked == 1
    assert await reasons(con) == ["unknown_layout"] * 2
