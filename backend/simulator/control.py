"""How `anlan simulate --scenario` asks a simulator that is already running: a socket in the data folder.

Two publishers under one gateway's name would take the line from each other, so the one that holds it plays the
incident.
The socket belongs to the simulators alone; towards the system they speak MQTT and the public API.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import structlog

log = structlog.get_logger()

SOCKET_FILE = "simulator.sock"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes
ANSWER_WITHIN_S = 2.0


class Request(msgspec.Struct, frozen=True):
    """An incident to play; hold: until the asking side hangs up."""

    scenario: str
    enterprise: str | None = None
    target: str | None = None
    after_s: float = 0.0
    speed: float = 1.0
    hold: bool = False


class Line(msgspec.Struct, omit_defaults=True):
    """One line of the answer: words to print, a refusal, or the end."""

    words: str = ""
    refused: str = ""
    over: bool = False


Tell = Callable[[str], None]
Play = Callable[[Request, Tell, asyncio.Event], Awaitable[None]]


class Refused(Exception):
    """The running simulator cannot play this; the message is for people."""


@asynccontextmanager
async def listening(data_dir: Path, play: Play) -> AsyncIterator[bool]:
    """Take requests for the block; False where that is not possible. `play` gets an event set when the asker left."""
    path = data_dir / SOCKET_FILE
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        log.warning("simulator.no_control", path=str(path), why="the path is too long for a socket")
        yield False
        return

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _serve(reader, writer, play)

    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(serve, path)
    finally:
        os.umask(before)
    try:
        yield True
    finally:
        server.close()
        path.unlink(missing_ok=True)


async def is_answering(data_dir: Path) -> bool:
    """Whether a simulator runs on this data folder."""
    connected = await _connect(data_dir)
    if connected is None:
        return False
    connected[1].close()
    return True


async def ask(data_dir: Path, request: Request, tell: Tell) -> bool:
    """Have the running simulator play an incident and tell its stages; False when none is running.

    Raises Refused with its words when it cannot.
    """
    connected = await _connect(data_dir)
    if connected is None:
        return False
    reader, writer = connected
    try:
        writer.write(msgspec.json.encode(request) + b"\n")
        await writer.drain()
        while raw := await reader.readline():
            line = msgspec.json.decode(raw, type=Line)
            if line.refused:
                raise Refused(line.refused)
            if line.over:
                return True
            tell(line.words)
        raise Refused("the running simulator has ended")
    finally:
        writer.close()


async def _connect(data_dir: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return await asyncio.open_unix_connection(data_dir / SOCKET_FILE)
    return None


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, play: Play) -> None:
    def tell(words: str) -> None:
        if not writer.is_closing():
            writer.write(msgspec.json.encode(Line(words=words)) + b"\n")

    left = asyncio.Event()
    try:
        raw = await reader.readline()
        if not raw:
            return
        request = msgspec.json.decode(raw, type=Request)
        listening_on = asyncio.create_task(_watch(reader, left))
        try:
            await play(request, tell, left)
            writer.write(msgspec.json.encode(Line(over=True)) + b"\n")
        finally:
            listening_on.cancel()
    except (Refused, msgspec.DecodeError) as exc:
        writer.write(msgspec.json.encode(Line(refused=str(exc))) + b"\n")
    finally:
        with suppress(OSError):
            await writer.drain()
        writer.close()


async def _watch(reader: asyncio.StreamReader, left: asyncio.Event) -> None:
    with suppress(OSError):
        await reader.read()
    left.set()
