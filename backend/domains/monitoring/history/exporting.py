"""Any stretch of points as a table, written while it is read: a few hours of one gateway at a time, never the whole."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from tortoise.connection import get_connection

from backend.domains.monitoring.enums import Quality
from backend.domains.monitoring.history.archive import (
    Archive,
    ArchiveAway,
    StoredFrame,
    at_us,
    by_time,
    duck,
    us_of,
)
from backend.domains.monitoring.history.making import FRAMES
from backend.domains.monitoring.history.samples import archived_between
from backend.domains.monitoring.models import Point
from backend.errors import Invalid

# Three weeks of 100 points, a year of six: at 10 s 19 million rows, and more than a spreadsheet opens.
MOST_POINTS = 100
LONGEST_EXPORT = timedelta(days=366)
MOST_POINT_DAYS = 2200
# So much is in memory at once: 2 160 frames at 10 s.
AT_ONCE = timedelta(hours=6)
PIECE_BYTES = 256 * 1024

HEAD = ("time", "tag", "name", "value", "unit", "quality")
WORDS = {int(code): code.name.lower() for code in Quality}
# A spreadsheet would run a cell that begins like this.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

LAYOUTS = "select id, point_ids from layout where gateway_id = $1"
TO_PARQUET = """
copy (
    select make_timestamp(t) as time, tag, name, value, unit, quality
    from read_csv(?, header = true, nullstr = '\\N', columns = {{'t': 'bigint', 'tag': 'varchar', 'name': 'varchar',
        'value': 'float', 'unit': 'varchar', 'quality': 'varchar'}})
) to '{target}' (format parquet, compression zstd)
"""


def check_bounds(points: Sequence[Point], start: datetime, end: datetime) -> None:
    """Raises Invalid for more than is exported at once, with a sentence that says how much is."""
    if start >= end:
        raise Invalid("an export begins before it ends", field="from")
    if end - start > LONGEST_EXPORT:
        raise Invalid(f"an export covers at most {LONGEST_EXPORT.days} days", field="from")
    if len(points) > MOST_POINTS:
        raise Invalid(f"at most {MOST_POINTS} points at a time", field="pointIds")
    if len(points) * (end - start) > timedelta(days=MOST_POINT_DAYS):
        most = timedelta(days=MOST_POINT_DAYS) / len(points)
        raise Invalid(
            f"of {len(points)} points at most {most.total_seconds() / 86_400:.1f} days at a time", field="from"
        )


async def check_archive(archive: Archive, start: datetime, end: datetime) -> None:
    """Raises ArchiveAway when a file is missing, while that can still be answered."""
    for day in await archived_between(start, end):
        if not await asyncio.to_thread((archive.folder / day.file).exists):
            raise ArchiveAway(f"the archive file {day.file} cannot be read now", file=day.file)


async def as_csv(
    points: Sequence[Point], start: datetime, end: datetime, archive: Archive, zone: ZoneInfo
) -> AsyncIterator[bytes]:
    """CSV with a mark that lets spreadsheets read Chinese: gateway by gateway, in order of time.

    Every value that came is a row, also a bad one, with the word of its quality; what never came has no row.
    """

    def told(t_us: int) -> str:
        return at_us(t_us).astimezone(zone).isoformat(timespec="milliseconds")

    yield ("\ufeff" + ",".join(HEAD) + "\r\n").encode()
    async for piece in _pieces(points, start, end, archive, told, _harmless):
        yield piece


async def as_parquet(points: Sequence[Point], start: datetime, end: datetime, archive: Archive) -> AsyncIterator[bytes]:
    """A Parquet file, times in UTC: gathered as text on the disk first, for a column file is written at once."""
    with tempfile.TemporaryDirectory(prefix="anlan-export-") as folder:
        text, target = Path(folder) / "rows.csv", Path(folder) / "rows.parquet"
        with text.open("wb") as file:
            file.write(("t," + ",".join(HEAD[1:]) + "\r\n").encode())
            async for piece in _pieces(points, start, end, archive, str, str):
                await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(_convert, text, target)
        text.unlink()
        with target.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                yield piece


def _convert(text: Path, target: Path) -> None:
    with duck().cursor() as cursor:
        cursor.execute(TO_PARQUET.format(target=str(target).replace("'", "''")), [str(text)])


async def _pieces(
    points: Sequence[Point],
    start: datetime,
    end: datetime,
    archive: Archive,
    told: Callable[[int], str],
    cell: Callable[[str], str],
) -> AsyncIterator[bytes]:
    in_order = sorted(points, key=lambda point: (point.gateway_id, point.tag, point.id))
    for gateway_id, group in groupby(in_order, key=lambda point: point.gateway_id):
        wanted = {point.id: (cell(point.tag), cell(point.name), cell(point.unit)) for point in group}
        begins = start
        while begins < end:
            ends = min(begins + AT_ONCE, end)
            frames = await _frames(gateway_id, begins, ends, archive)
            if frames:
                # A birth may have told a new layout meanwhile.
                places = _places(await _ask(LAYOUTS, gateway_id), list(wanted))
                yield await asyncio.to_thread(_lines, frames, places, wanted, told)
            begins = ends


async def _frames(gateway_id: int, start: datetime, end: datetime, archive: Archive) -> list[StoredFrame]:
    """All frames of a gateway over [start, end), wherever they are; the database first, as in `samples`."""
    live = await _ask(FRAMES, [gateway_id], start, end)
    found: list[StoredFrame] = []
    for day in await archived_between(start, end):
        found += await archive.frames(day.file, gateway_id, us_of(start), us_of(end))
    return by_time([*found, *(StoredFrame(row["t_us"], row["layout_id"], row["v"], row["q"]) for row in live)])


def _places(layouts: Sequence[Mapping[str, Any]], point_ids: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """For each layout where the wanted points stand: (point id, index), in the order of `point_ids`."""
    places: dict[int, list[tuple[int, int]]] = {}
    for layout in layouts:
        index = {point_id: place for place, point_id in enumerate(layout["point_ids"])}
        places[layout["id"]] = [(point_id, index[point_id]) for point_id in point_ids if point_id in index]
    return places


def _lines(
    frames: Sequence[StoredFrame],
    places: Mapping[int, Sequence[tuple[int, int]]],
    wanted: Mapping[int, tuple[str, str, str]],
    told: Callable[[int], str],
) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    for t_us, layout_id, v, q in frames:
        at = told(t_us)
        for point_id, place in places.get(layout_id, ()):
            value = v[place]
            if value is None or value != value:
                continue
            tag, name, unit = wanted[point_id]
            # The fewest digits that mean this single-precision value.
            rows.writerow((at, tag, name, str(np.float32(value)), unit, WORDS[q[place] if q else 0]))
    return out.getvalue().encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


async def _ask(sql: str, *arguments: Any) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(sql, list(arguments))
