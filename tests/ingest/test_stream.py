"""The way from a source to the store: what is acknowledged, and when births are asked for."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

import pytest

from backend.ingest.sorting import Message
from backend.ingest.stream import Stream
from tests.ingest.gateways import until
from tests.ingest.reading import frames, reasons

pytestmark = pytest.mark.anyio


class Source:
    """A broker's place, taken by a list."""

    def __init__(self) -> None:
        self.arriving: deque[Message] = deque()
        self.arrived = asyncio.Event()
        self.acknowledged: list[Message] = []
        self.published: list[tuple[str, bytes, int]] = []
        self.listening_since: dict[str, int] = {}
        self.asked, self.takes_more = 0, True

    def arrive(self, *messages: Message) -> None:
        self.arriving += messages
        self.arrived.set()

    async def keep(self, regions: Iterable[str]) -> None:
        self.listening_since = dict.fromkeys(regions, 0)

    def be_deaf(self) -> None:
        pass

    def are_ready(self) -> bool:
        return True

    def take(self, most: int, most_bytes: int) -> list[Message]:
        self.arrived.clear()
        return [self.arriving.popleft() for _ in range(min(most, len(self.arriving)))]

    async def publish(self, topic: str, payload: bytes, qos: int) -> bool:
        if self.takes_more:
            self.published.append((topic, payload, qos))
        return self.takes_more

    def acknowledge(self, messages: Iterable[Message]) -> None:
        self.acknowledged += messages

    def ask_again(self) -> None:
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
    source.arrive(early)
    await asyncio.sleep(0.2)
    assert source.acknowledged == []
    source.arrive(birth)
    await until(lambda: source.has_acknowledged(early, birth))
    assert await frames(con) == [(1, [1, 2, 3], None, None, False)]


async def test_a_birth_that_never_came_is_asked_for_once(source, con, wire, clock):
    early = wire.frame("G1", 1, 2, 3)
    clock.move(6)
    late = wire.frame("G1", 1, 2, 3)
    source.arrive(early)
    await until(lambda: source.has_acknowledged(early))
    source.arrive(late)
    await asyncio.sleep(0.1)
    clock.move(6)
    await until(lambda: source.has_acknowledged(early, late))
    assert source.asked == 1
    assert await reasons(con) == ["unknown_layout"] * 2
