"""Asking a running simulator for an incident."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.simulator.control import SOCKET_FILE, Refused, Request, Tell, ask, is_answering, listening
from tests.services import roomy_folder

pytestmark = pytest.mark.anyio


@pytest.fixture
def folder() -> Iterator[Path]:
    with roomy_folder() as path:
        yield path


async def test_nobody_answers_where_nobody_listens(folder: Path) -> None:
    assert not await is_answering(folder)
    assert not await ask(folder, Request("overfill"), print)
    (folder / SOCKET_FILE).touch()
    assert not await is_answering(folder), "a leftover file is no simulator"


async def test_stages_are_told_and_the_request_arrives_whole(folder: Path) -> None:
    asked: list[Request] = []

    async def play(request: Request, tell: Tell, left: asyncio.Event) -> None:
        asked.append(request)
        tell("one")
        await asyncio.sleep(0.05)
        tell("two")

    request = Request("leak", "370310001", "GT-2109", after_s=3, speed=2, hold=True)
    told: list[str] = []
    async with listening(folder, play) as can:
        assert can
        assert stat.S_IMODE((folder / SOCKET_FILE).stat().st_mode) & 0o077 == 0
        assert await is_answering(folder)
        assert await ask(folder, request, told.append)
    assert asked == [request]
    assert told == ["one", "two"]
    assert not (folder / SOCKET_FILE).exists()


async def test_a_refusal_comes_back_as_words(folder: Path) -> None:
    async def play(request: Request, tell: Tell, left: asyncio.Event) -> None:
        raise Refused("there is no such tank")

    async with listening(folder, play):
        with pytest.raises(Refused, match="no such tank"):
            await ask(folder, Request("overfill"), print)


async def test_the_player_learns_that_the_asker_has_left(folder: Path) -> None:
    gone = asyncio.Event()

    async def play(request: Request, tell: Tell, left: asyncio.Event) -> None:
        await left.wait()
        tell("nobody hears this")
        gone.set()

    async with listening(folder, play):
        asking = asyncio.create_task(ask(folder, Request("overfill", hold=True), print))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.wait_for(gone.wait(), 2)


async def test_a_path_too_long_for_a_socket_leaves_the_simulator_running(folder: Path) -> None:
    deep = folder / ("a" * 90)
    deep.mkdir()

    async def play(request: Request, tell: Tell, left: asyncio.Event) -> None: ...

    async with listening(deep, play) as can:
        assert not can
