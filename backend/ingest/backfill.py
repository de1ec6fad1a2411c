"""Frames that came behind what was judged already: what do they show, judged with the frames around them?

The live state has passed them and stays as it is. Where one is beyond a limit, the stored frames around it are judged
anew from a clean state, so that delays and deadbands count as they would have counted then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import numpy as np

from backend.domains.alarms.excursions import MERGE_WITHIN, Excursion
from backend.domains.alarms.recording import columns
from backend.ingest.city import City, instant, ms_of
from backend.ingest.engine import judge
from backend.ingest.episodes import new_episode, shortest
from backend.ingest.frames import Frame
from backend.ingest.ordering import beyond_in_old
from backend.ingest.state import Change, Readings, State

AROUND = """
select x.place, f.t, f.v, f.q, l.point_ids
from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) with ordinality as x(gateway_id, began, ended, place)
join frame f on f.gateway_id = x.gateway_id and f.t between x.began and x.ended
join layout l on l.id = f.layout_id
order by x.place, f.t
"""


# Frames of one millisecond are stored some microseconds apart.
A_MS = timedelta(microseconds=999)


@dataclass(slots=True)
class Window:
    """A stretch of one gateway's frames to judge anew, for the slots that were beyond a limit in it. Times in ms."""

    gateway_id: int
    began: int
    ended: int
    slots: set[int] = field(default_factory=set)


async def excursions_in(con: asyncpg.Connection, city: City, old: Sequence[Frame], now: datetime) -> list[Excursion]:
    """What frames that came out of order show beyond limits; they are stored already."""
    windows = _windows(city, beyond_in_old(city.limits, old))
    if not windows:
        return []
    rows = await con.fetch(AROUND, *columns((w.gateway_id, instant(w.began), instant(w.ended) + A_MS) for w in windows))
    places = [(number, slot) for number, window in enumerate(windows) for slot in sorted(window.slots)]
    slots = np.array([slot for _, slot in places], np.intp)
    readings = _readings(city, rows, windows, {place: local for local, place in enumerate(places)})
    state = State(len(places))
    changes = judge(state, city.limits.only(slots), readings)

    stretches: list[Excursion] = []
    running: dict[int, Excursion] = {}
    for local, kind, level, t, value, worst_value in zip(*(c.tolist() for c in changes[:6]), strict=True):
        if kind == Change.RAISED:
            episode = new_episode(city.points[slots[local]], level, instant(t), shortest(value), True, now)
            running[local] = Excursion(episode, episode.raised_at)
            stretches.append(running[local])
        else:
            stretch = running[local]
            stretch.until = instant(t)
            stretch.episode.worst_value = shortest(worst_value)
            stretch.episode.worst_level = max(stretch.episode.worst_level, abs(level))
    for local in np.flatnonzero(state.level).tolist():
        # It goes on past the window: so far is known.
        running[local].until = instant(int(readings.t[readings.slot == local].max()))
        running[local].episode.worst_value = shortest(float(state.worst_value[local]))
    return _merged(stretches)


def _windows(city: City, beyond: Readings) -> list[Window]:
    """Where to look: around each reading beyond a limit, as far as its point's delay reaches."""
    windows: list[Window] = []
    latest: dict[int, Window] = {}
    reach = city.limits.on_ms.max(axis=0, initial=0)
    for slot, t in sorted(zip(beyond.slot.tolist(), beyond.t.tolist(), strict=True), key=lambda each: each[1]):
        gateway_id, margin = city.points[slot].gateway_id, int(reach[slot])
        window = latest.get(gateway_id)
        if window is None or t - margin > window.ended:
            window = latest[gateway_id] = Window(gateway_id, t - margin, t + margin)
            windows.append(window)
        window.began, window.ended = min(window.began, t - margin), max(window.ended, t + margin)
        window.slots.add(slot)
    return windows


def _readings(
    city: City, rows: Iterable[asyncpg.Record], windows: list[Window], local_of: dict[tuple[int, int], int]
) -> Readings:
    """The stored values of each window's slots, oldest first; every frame is a wave of its own."""
    taken: list[tuple[int, float, int, int, int]] = []
    for wave, row in enumerate(rows):
        number, t = row["place"] - 1, ms_of(row["t"])
        wanted = windows[number].slots
        for point_id, value, quality in zip(row["point_ids"], row["v"], row["q"] or [0] * len(row["v"]), strict=True):
            slot = city.slot_of.get(point_id, -1)
            if slot in wanted:
                taken.append((local_of[number, slot], np.nan if value is None else value, quality, t, wave))
    return Readings(
        np.array([each[0] for each in taken], np.intp),
        np.array([each[1] for each in taken], np.float32),
        np.array([each[2] for each in taken], np.uint8),
        np.array([each[3] for each in taken], np.int64),
        np.ones(len(taken), np.bool_),
        np.array([each[4] for each in taken], np.int32),
    )


def _merged(stretches: list[Excursion]) -> list[Excursion]:
    """Stretches of one point and side that lie close together, as one."""
    merged: list[Excursion] = []
    for each in sorted(stretches, key=lambda one: (one.episode.point_id, one.episode.side, one.episode.raised_at)):
        episode, before = each.episode, merged[-1] if merged else None
        if (
            before is None
            or (before.episode.point_id, before.episode.side) != (episode.point_id, episode.side)
            or episode.raised_at - before.until > MERGE_WITHIN
        ):
            merged.append(each)
            continue
        farthest = max if episode.side == "high" else min
        before.until = max(before.until, each.until)
        before.episode.worst_level = max(before.episode.worst_level, episode.worst_level)
        before.episode.worst_value = farthest(before.episode.worst_value, episode.worst_value)
    return merged
