"""Days that were moved to Parquet files, read by DuckDB in a thread: the manifest says which file holds which day."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import structlog

from backend.domains.monitoring.history.hours import Codes, Floats, Longs
from backend.errors import Problem

log = structlog.get_logger()

# Reading beside ingest must not take the machine; it spills to the disk beyond it.
MEMORY_LIMIT = "1GB"
THREADS = 2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)

MANIFEST = """
select distinct on (day) day, version, file, rows, bytes, sha256, first_at, last_at from archived_day
where day between $1 and $2 order by day, version desc
"""
SAMPLES = """
select t, v, q from (
    select epoch_us(t) as t, case {places} end as v, case {qualities} end as q
    from read_parquet(?) where gateway_id = ? and t >= make_timestamp(?) and t < make_timestamp(?)
) where v is not null and not isnan(v) order by t
"""
FRAMES = """
select epoch_us(t), layout_id, v, q from read_parquet(?)
where gateway_id = ? and t >= make_timestamp(?) and t < make_timestamp(?) order by t
"""


class ArchiveAway(Problem):
    """The manifest names a file that cannot be read now."""

    status, kind = 503, "archive-away"


class ArchivedDay(NamedTuple):
    """A line of the manifest: the newest file of a day (UTC)."""

    day: date
    version: int
    file: str
    rows: int
    bytes: int
    sha256: str
    first_at: datetime
    last_at: datetime


class StoredFrame(NamedTuple):
    """A frame as it is stored; t_us: µs since the epoch."""

    t_us: int
    layout_id: int
    v: list[float | None]
    q: list[int] | None


def us_of(at: datetime) -> int:
    """Microseconds since the epoch."""
    return (at - EPOCH) // MICROSECOND


def at_us(us: int) -> datetime:
    """The aware instant of microseconds since the epoch."""
    return EPOCH + us * MICROSECOND


def days_of(start: datetime, end: datetime) -> tuple[date, date]:
    """The first and the last day (UTC) that [start, end) touches."""
    return start.astimezone(UTC).date(), (end - MICROSECOND).astimezone(UTC).date()


class Archive:
    """The folder of archived days. Its methods wait in threads; the loop goes on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def samples(
        self, file: str, gateway_id: int, places: Mapping[int, int], start_us: int, end_us: int
    ) -> tuple[Longs, Floats, Codes]:
        """(t_us, v, q) of one point over [start, end), ascending; places: layout id → its place in `v`, from 1.

        Raises ArchiveAway.
        """
        sql = SAMPLES.format(places=_cases("v", places), qualities=_cases("q", places))
        found = await self._ask(file, sql, gateway_id, start_us, end_us, as_arrays=True)
        quality = np.ma.filled(found["q"], 0)
        return found["t"].astype(np.int64), found["v"].astype(np.float32), quality.astype(np.uint8)

    async def frames(self, file: str, gateway_id: int, start_us: int, end_us: int) -> list[StoredFrame]:
        """All frames of a gateway over [start, end), ascending. Raises ArchiveAway."""
        rows: list[Any] = await self._ask(file, FRAMES, gateway_id, start_us, end_us, as_arrays=False)
        return [StoredFrame(*row) for row in rows]

    async def _ask(self, file: str, sql: str, gateway_id: int, start_us: int, end_us: int, *, as_arrays: bool) -> Any:
        def ask() -> Any:
            with duck().cursor() as cursor:
                answer = cursor.execute(sql, [str(self.folder / file), gateway_id, start_us, end_us])
                return answer.fetchnumpy() if as_arrays else answer.fetchall()

        try:
            return await asyncio.to_thread(ask)
        except duckdb.Error as exc:
            log.error("archive.unreadable", file=file, error=str(exc))
            raise ArchiveAway(f"the archive file {file} cannot be read now", file=file) from exc


@cache
def duck() -> duckdb.DuckDBPyConnection:
    """The one DuckDB of this process, without a database of its own; each use takes a cursor."""
    return duckdb.connect(
        ":memory:",
        config={
            "threads": THREADS,
            "memory_limit": MEMORY_LIMIT,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


def _cases(column: str, places: Mapping[int, int]) -> str:
    """Where the value stands, layout by layout; numbers of our own only."""
    if not places:
        return "when false then null"
    return " ".join(f"when layout_id = {int(each)} then {column}[{int(place)}]" for each, place in places.items())


def by_time(frames: Iterable[StoredFrame]) -> list[StoredFrame]:
    """In order of time, each instant once: what comes first among equals stays."""
    kept: dict[int, StoredFrame] = {}
    for frame in frames:
        kept.setdefault(frame.t_us, frame)
    return [kept[t_us] for t_us in sorted(kept)]
