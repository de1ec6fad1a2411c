"""Stored values of some points of one gateway as arrays: half a million frames in about a second.

Rows never become Python objects: PostgreSQL sends its binary COPY format, whose records are of one length here, and
NumPy reads them where they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray
from tortoise.connection import get_connection

from backend.domains.monitoring.models import Layout
from backend.domains.monitoring.rules import NOT_THE_PROCESS

# What goes before and behind the records (PostgreSQL manual, COPY, binary format).
HEADER_BYTES, TRAILER_BYTES = 19, 2
EPOCH_US = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


class Series(msgspec.Struct):
    """t: ms since the epoch, rising. values: (points, samples), NaN where there is none or it is not the process."""

    t: NDArray[np.int64]
    values: NDArray[np.float32]


async def read_series(gateway_id: int, point_ids: Sequence[int], start: datetime, end: datetime) -> Series:
    """The values of these points of a gateway in [start, end). Whoever asks has checked that they are visible."""
    layouts = await Layout.filter(gateway_id=gateway_id).order_by("id")
    parts = [
        await _of_layout(layout.id, gateway_id, places, start, end)
        for layout in layouts
        if any(places := [_place(layout, point_id) for point_id in point_ids])
    ]
    if not parts:
        return Series(np.empty(0, np.int64), np.empty((len(point_ids), 0), np.float32))
    if len(parts) == 1:
        return parts[0]
    t = np.concatenate([part.t for part in parts])
    order = np.argsort(t, kind="stable")
    return Series(t[order], np.concatenate([part.values for part in parts], axis=1)[:, order])


def _place(layout: Layout, point_id: int) -> int:
    """Where a point stands in `v`, counted from 1 as PostgreSQL does; 0 = nowhere."""
    return layout.point_ids.index(point_id) + 1 if point_id in layout.point_ids else 0


async def _of_layout(layout_id: int, gateway_id: int, places: list[int], start: datetime, end: datetime) -> Series:
    bad = ",".join(str(int(quality)) for quality in sorted(NOT_THE_PROCESS))
    columns = [
        f"case when q[{place}] in ({bad}) then 'NaN'::real else coalesce(v[{place}], 'NaN'::real) end"
        for place in places
        if place
    ]
    # Everything here is a number of our own.
    query = (
        f"select t, {', '.join(columns)} from frame where gateway_id = {gateway_id} and layout_id = {layout_id}"  # noqa: S608
        " and t >= $1 and t < $2 order by t"
    )
    chunks: list[bytes] = []

    async def take(chunk: bytes) -> None:
        chunks.append(chunk)

    async with get_connection("default").acquire_connection() as con:
        await con.copy_from_query(query, start, end, output=take, format="binary")
    raw = b"".join(chunks)
    record = np.dtype(
        [("fields", ">i2"), ("t_length", ">i4"), ("t", ">i8")]
        + [part for number in range(len(columns)) for part in ((f"length{number}", ">i4"), (f"v{number}", ">f4"))]
    )
    count = (len(raw) - HEADER_BYTES - TRAILER_BYTES) // record.itemsize
    rows = np.frombuffer(raw, record, count, HEADER_BYTES)
    values = np.full((len(places), count), np.nan, np.float32)
    for number, index in enumerate(index for index, place in enumerate(places) if place):
        values[index] = rows[f"v{number}"]
    return Series((rows["t"].astype(np.int64) + EPOCH_US) // 1000, values)
