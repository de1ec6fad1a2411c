"""Posting sealed messages to push services, patiently and with closed eyes: no redirect followed, no body believed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol

import httpx
import msgspec

from backend.domains.notifications.rules import retry_after_s
from backend.domains.notifications.sealing import Sealed
from backend.kit import clock

TIMEOUT = httpx.Timeout(8.0, connect=4.0)
# A service that answers drop by drop is cut off well before the job is.
ALL_IN_ALL_S = 15.0
LARGEST_ANSWER = 4096
# A push service that cannot be reached at all must not hold up the messages to the others.
FAILURES_BEFORE_REST, REST_S = 3, 60.0


class Answer(msgspec.Struct, frozen=True):
    """What came back: the status, None when nothing did; and how long the service asks us to wait."""

    status: int | None
    detail: str = ""
    retry_after_s: float | None = None


class PushService(Protocol):
    """Where sealed messages go."""

    async def post(self, endpoint: str, sealed: Sealed) -> Answer:
        """Hand a message over; never raises for what the network does."""


class HttpPush:
    """Push services over HTTP, with one pool of connections. Rests from a host that failed three times in a row."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        now: Callable[[], datetime] = clock.now,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http, self._now, self._seconds = http, now, seconds
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, float] = {}

    async def post(self, endpoint: str, sealed: Sealed) -> Answer:
        """Hand a message over; never raises for what the network does."""
        host = httpx.URL(endpoint).netloc.decode()
        if self._rests_until.get(host, 0.0) > self._seconds():
            return Answer(None, "the push service could not be reached a moment ago")
        try:
            async with asyncio.timeout(ALL_IN_ALL_S):
                answer = await self._exchange(endpoint, sealed)
        except (httpx.HTTPError, TimeoutError) as exc:
            self._count_failure(host)
            return Answer(None, f"no answer: {type(exc).__name__}")
        self._failures.pop(host, None)
        return answer

    async def _exchange(self, endpoint: str, sealed: Sealed) -> Answer:
        async with self._http.stream("POST", endpoint, content=sealed.content, headers=sealed.headers) as response:
            await _drain(response)
            wait = retry_after_s(response.headers.get("retry-after"), self._now())
            return Answer(response.status_code, f"HTTP {response.status_code}", wait)

    def _count_failure(self, host: str) -> None:
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] >= FAILURES_BEFORE_REST:
            self._failures[host] = 0
            self._rests_until[host] = self._seconds() + REST_S


async def _drain(response: httpx.Response) -> None:
    """Read a short answer so that the connection can be used again; a long one is cut off."""
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > LARGEST_ANSWER:
            return


@asynccontextmanager
async def open_push() -> AsyncIterator[HttpPush]:
    """Push services for as long as the block runs. A proxy from the environment is used, redirects never are."""
    async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as http:
        yield HttpPush(http)
