"""The samples of a point over any stretch: from the frames, and from the files of days that were moved there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from tortoise.connection import get_connection

from backend.domains.monitoring.history.archive import (
    MANIFEST,
    Archive,
    ArchivedDay,
    days_of,
    us_of,
)
from backend.domains.monitoring.history.hours import Codes, Floats, Longs

Span = tuple[datetime, datetime]

# The place of a point in `v` is where the layout of the frame has it.
PLACES = """
select id, array_position(point_ids, $2::int) as i from layout where gateway_id = $1 and $2::int = any(point_ids)
"""
SAMPLES = f"""
with place as materialized ({PLACES}), series as (
    select (extract(epoch from f.t) * 1000000)::bigint as t, f.v[p.i] as v, coalesce(f.q[p.i], 0) as q
    from frame f join place p on p.id = f.layout_id
    where f.gateway_id = $1 and f.t >= $3 and f.t < $4 and f.v[p.i] is not null and f.v[p.i] <> 'NaN'::real
    order by f.t
)
select array_agg(t) as t, array_agg(v) as v, array_agg(q) as q from series
"""  # noqa: S608 - a constant.


class Samples(NamedTuple):
    """Values of one point that came, ascending: t_us µs since the epoch, v, q. Bad ones are among them."""

    t_us: Longs
    v: Floats
    q: Codes

    @classmethod
    def joined(cls, parts: Sequence[Samples]) -> Samples:
        """All of them in order, each instant once: what comes first among equals stays."""
        t_us, v, q = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        _, first = np.unique(t_us, return_index=True)
        return cls(t_us[first], v[first], q[first])


NOTHING = Samples(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.uint8))


async def read_samples(gateway_id: int, point_id: int, spans: Sequence[Span], archive: Archive | None) -> Samples:
    """The samples of a point over half-open spans in order, which do not overlap. Raises ArchiveAway."""
    archived, live = [NOTHING], [NOTHING]
    for start, end in spans:
        # Frames first: a day that moves to the archive meanwhile is then seen twice, never nowhere.
        (row,) = await _ask(SAMPLES, gateway_id, point_id, start, end)
        if row["t"]:
            live.append(
                Samples(np.array(row["t"], np.int64), np.array(row["v"], np.float32), np.array(row["q"], np.uint8))
            )
    if archive is not None and spans:
        archived += await _archived(gateway_id, point_id, spans, archive)
    return Samples.joined(archived + live)


async def archived_between(start: datetime, end: datetime) -> list[ArchivedDay]:
    """The manifest of the days (UTC) that [start, end) touches, oldest first."""
    return [ArchivedDay(**row) for row in await _ask(MANIFEST, *days_of(start, end))]


async def _archived(gateway_id: int, point_id: int, spans: Sequence[Span], archive: Archive) -> list[Samples]:
    days = await archived_between(spans[0][0], spans[-1][1])
    wanted = [(day.file, span) for span in spans for day in days if _touch(day.day, span)]
    if not wanted:
        return []
    places = {row["id"]: row["i"] for row in await _ask(PLACES, gateway_id, point_id)}
    return [
        Samples(*await archive.samples(file, gateway_id, places, us_of(start), us_of(end)))
        for file, (start, end) in wanted
    ]


def _touch(day: date, span: Span) -> bool:
    first, last = days_of(*span)
    return first <= day <= last


async def _ask(sql: str, *arguments: Any) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(sql, list(arguments))
