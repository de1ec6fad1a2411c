"""Limits whose time comes while the stream runs: nobody says a word, and nothing is polled."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from backend.ingest import stream as streaming
from tests.ingest.gateways import until
from tests.ingest.plant import NOW
from tests.ingest.test_stream import Silence, Source

pytestmark = pytest.mark.anyio


@pytest.fixture
def never_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is found is not found by the poll."""
    monkeypatch.setattr(streaming, "CONFIGURATION_EVERY_S", 10**6)


async def test_limits_are_in_use_within_two_seconds_of_their_time(never_polled, store, con, wire, clock, plant):
    await plant.limits("A", version=2, h=60, effective_from=NOW + timedelta(seconds=30))
    await plant.limits("A", version=3, h=75, effective_from=NOW + timedelta(seconds=90))
    source, stop = Source(), asyncio.Event()
    running = asyncio.create_task(streaming.Stream(source, store, Silence(), asyncio.Event(), stop).run())

    async def in_use() -> float:
        return store.city.points[store.city.slot_of[1]].limits.h

    async def uses(h: float) -> bool:
        return await in_use() == h

    try:
        await asyncio.sleep(0.7)
        assert await in_use() != 60
        clock.move(29)
        await asyncio.sleep(0.7)
        assert await in_use() != 60
        clock.move(1)
        began = asyncio.get_running_loop().time()
        await until(lambda: uses(60))
        assert asyncio.get_running_loop().time() - began < 2
        # The one after it waits for its own time.
        await asyncio.sleep(0.7)
        assert await in_use() == 60
        clock.move(60)
        await until(lambda: uses(75))
    finally:
        stop.set()
        await running


async def test_a_version_approved_while_the_stream_runs_is_waited_for(never_polled, store, wire, clock, plant):
    changed, stop = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(streaming.Stream(Source(), store, Silence(), changed, stop).run())

    async def uses_60() -> bool:
        return store.city.points[store.city.slot_of[1]].limits.h == 60

    try:
        await asyncio.sleep(0.2)
        await plant.limits("A", version=2, h=60, effective_from=clock() + timedelta(seconds=10))
        changed.set()  # as the channel tells of an approval
        await asyncio.sleep(0.7)
        assert not await uses_60()
        clock.move(10)
        await until(uses_60)
    finally:
        stop.set()
        await running
