"""How often would these limits have rung? One point's stored values against one set of limits, as arrays.

The live judging (ingest/engine.py) moves sample by sample, because it must answer now. Over a month that is half a
million steps; here each of the four comparators is taken at once. A comparator turns on at the first sample at which
its value has been beyond the limit for the on-delay, and off at the first at which it has been back for the off-delay,
so its state is what the last such moment says. A test holds the two to the same episodes on random series.

One case differs: a value beyond the instrument's range on the far side of an alarm that stands, such as a wire that
breaks upward during LL, ends that alarm here; the live judging holds it. Sources: standards 5.6, 6.2, 6.3.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from backend.domains.monitoring.rules import Damping, LimitValues, band_of, on_delay_of

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Events = tuple[NDArray[np.intp], NDArray[np.intp]]

# Rows: LL, L, H, HH; level and side of each.
LL, L, H, HH = range(4)
LEVELS = (2, 1, 1, 2)
# Beyond 103 % of the range is out of range, and by the same measure below it (standards 5.6).
RANGE_MARGIN = 0.03


class Span(msgspec.Struct, frozen=True):
    """The instrument's range; None where it is not known."""

    lo: float | None = None
    hi: float | None = None


class Rung(msgspec.Struct, frozen=True):
    """What limits come to: episodes by their gravest level, and how long the point was in alarm, seconds."""

    level_1: int = 0
    level_2: int = 0
    seconds: float = 0.0


def replay(t: Whole, value: Floats, limits: LimitValues, damping: Damping, span: Span) -> Rung:
    """The episodes that a series would have had from rest; one that still stands lasts until the last sample.

    t: ms, rising. value: NaN where there is none or it is not to be believed; such samples are as if never sent.
    """
    usable = ~np.isnan(value)
    if not usable.all():
        t, value = t[usable], value[usable]
    if not len(t) or not limits.given():
        return Rung()
    events = [_events(row, t, value, limits, damping, span) for row in range(4)]
    on = [each[0] for each in events]
    low, high = np.union1d(on[LL], on[L]), np.union1d(on[H], on[HH])
    # Level 2 stands on level 1, if its side has one; and a value beyond on one side is back on the other.
    turned = [
        (on[LL], _both(events[LL][1], high)),
        (low if limits.l is not None else on[L], _both(events[L][1], high)),
        (high if limits.h is not None else on[H], _both(events[H][1], low)),
        (on[HH], _both(events[HH][1], low)),
    ]
    return _episodes(t, turned)


def _events(row: int, t: Whole, value: Floats, limits: LimitValues, damping: Damping, span: Span) -> Events:
    """At which samples one comparator would turn on, and at which off, whatever it was before."""
    limit = (limits.ll, limits.l, limits.h, limits.hh)[row]
    if limit is None:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    is_high = row >= H
    sign = np.float32(1 if is_high else -1)
    bound = np.float32(limit if is_high else -limit)
    # In double precision first, as the live judging rounds it.
    release = np.float32((limit if is_high else -limit) - band_of(limits, damping.deadband, is_high=is_high))
    places = np.arange(len(t))
    known = span.lo is not None and span.hi is not None
    margin = RANGE_MARGIN * (span.hi - span.lo) if known else 0.0  # type: ignore[operator]  # both are known.
    # What the instrument cannot have measured on the other side neither clears nor stops the clock.
    far = span.lo if is_high else span.hi
    if far is not None:
        kept = value >= np.float32(far - margin) if is_high else value <= np.float32(far + margin)
        if not kept.all():
            places = places[kept]
    x = value[places] * sign
    at = t[places]
    on_ms = round(on_delay_of(LEVELS[row], damping) * 1000)
    turns_on = _lasting(x >= bound, at, on_ms)
    turns_off = _lasting(x < release, at, round(damping.off_delay_s * 1000))
    return places[turns_on], places[turns_off]


def _lasting(holds: Flags, at: Whole, ms: int) -> NDArray[np.intp]:
    """Of each stretch in which something holds, the first sample at which it has held for `ms`, if there is one."""
    edges = np.flatnonzero(np.diff(holds, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    due = np.searchsorted(at, at[starts] + ms)
    return due[due < ends]


def _both(one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.union1d(one, other)


def _episodes(t: Whole, turned: list[Events]) -> Rung:
    moments = np.unique(np.concatenate([each for pair in turned for each in pair]))
    if not len(moments):
        return Rung()
    on = [_state(moments, *pair) for pair in turned]
    high = np.where(on[HH], 2, on[H].astype(np.int8))
    low = np.where(on[LL], 2, on[L].astype(np.int8))
    level = np.where(high > 0, high, -low)
    side = np.sign(level)
    starts = np.flatnonzero(np.diff(side, prepend=0))
    if not len(starts):
        return Rung()
    began = t[moments[starts]]
    ended = np.append(began[1:], t[-1])
    worst = np.maximum.reduceat(np.abs(level), starts)
    stands = side[starts] != 0
    return Rung(
        int(np.count_nonzero(stands & (worst == 1))),
        int(np.count_nonzero(stands & (worst == 2))),
        float((ended - began)[stands].sum()) / 1000,
    )


def _state(moments: NDArray[np.intp], on: NDArray[np.intp], off: NDArray[np.intp]) -> Flags:
    """At each moment: did it last turn on? A comparator cannot turn on and off at the same sample."""
    last_on = np.searchsorted(on, moments, "right") - 1
    last_off = np.searchsorted(off, moments, "right") - 1
    on_at = np.where(last_on >= 0, on[last_on] if len(on) else -1, -1)
    off_at = np.where(last_off >= 0, off[last_off] if len(off) else -1, -1)
    state: Flags = on_at > off_at
    return state
