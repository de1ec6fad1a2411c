"""Listening to a stream in tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec


@dataclass
class Told:
    """One block of a stream: an event, or a comment (name "")."""

    name: str
    data: Any = None
    id: int | None = None


def parse(block: str) -> Told | None:
    """A block of lines; None for one that only says when to come back."""
    fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
    if "event" in fields:
        id_ = fields.get("id")
        return Told(fields["event"], msgspec.json.decode(fields["data"]), int(id_) if id_ else None)
    return Told("") if block.startswith(":") else None


class Ear:
    """Hears the blocks of a stream one after the other."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._text = ""

    async def hear(self, within_s: float = 5) -> Told:
        """The next event or comment; fails when there is none within that time, or the stream ends."""
        async with asyncio.timeout(within_s):
            while True:
                block, found, rest = self._text.partition("\n\n")
                if found:
                    self._text = rest
                    if told := parse(block):
                        return told
                    continue
                self._text += (await anext(self._chunks)).decode()

    async def ended(self, within_s: float = 5) -> bool:
        """Whether the stream ends within that time."""
        async with asyncio.timeout(within_s):
            async for _ in self._chunks:
                pass
        return True
