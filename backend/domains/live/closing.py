"""An open stream would keep the server from stopping: it hears of the stop as soon as the process does."""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType

STOPS = (signal.SIGTERM, signal.SIGINT)


class Closing:
    """Set once this process was told to stop.

    A loop that handles signals learns of them over its wake-up descriptor, whatever Python handler stands beside it;
    so ours may stand there, and the server's own handling goes on as before.
    """

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def listen(self) -> None:
        """Hear the signals that stop this process; only a main thread can, elsewhere nothing is heard."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in STOPS:
            before = signal.getsignal(number)

            def told(number: int, frame: FrameType | None, before: object = before) -> None:
                loop.call_soon_threadsafe(self._told.set)
                if callable(before):
                    before(number, frame)

            signal.signal(number, told)

    def close(self) -> None:
        """End the streams."""
        self._told.set()

    async def wait(self) -> None:
        """Return when the streams must end."""
        await self._told.wait()
