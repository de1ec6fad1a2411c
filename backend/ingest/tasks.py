"""Ending tasks for sure: a cancellation that meets a finished wait inside a library can be lost, so it is repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

AGAIN_AFTER_S = 0.2


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and return when all of them are over; what they raise is nobody's concern any more."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_AFTER_S)
