"""Frames for the tests of history: stored as ingest stores them, marks included."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
from tortoise.connection import get_connection

from backend.domains.monitoring.history.reading import hour_of
from tests.domains.monitoring.plant import Plant

T = datetime(2026, 8, 24, 1, 0, tzinfo=UTC)
Sent = tuple[datetime, Sequence[float | None], Sequence[int] | None]


def at(hours: float = 0, seconds: float = 0) -> datetime:
    return T + timedelta(hours=hours, seconds=seconds)


@asynccontextmanager
async def connection() -> AsyncIterator[asyncpg.Connection]:
    """The asyncpg connection of the test's transaction."""
    async with get_connection("default").acquire_connection() as con:
        yield getattr(con, "_con", con)


async def send_late(plant: Plant, frames: Iterable[Sent]) -> None:
    """Store frames of hours that are over, with their marks, as ingest does in one transaction."""
    rows = list(frames)
    await plant.send_many(rows)
    for hour in {hour_of(t) for t, _, _ in rows}:
        await get_connection("default").execute_query(
            "insert into rollup_dirty (gateway_id, hour) values ($1, $2)", [plant.gateway.id, hour]
        )
