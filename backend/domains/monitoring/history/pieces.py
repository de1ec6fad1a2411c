"""Pieces of a point's history, samples or hours of them, and what a trend makes of them: buckets and gaps. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domains.monitoring.enums import Quality
from backend.domains.monitoring.history.hours import SECOND_US, Floats, Hours, Longs, of_the_process
from backend.domains.monitoring.history.samples import Samples
from backend.domains.monitoring.rules import STALE_AFTER

Reals = NDArray[np.float64]

# Samples farther apart than this many usual distances, and than this long, have a gap between them. What is usual is
# told by the distances on either side, for gateways change their pace: the shortest of so many, on the slower side.
GAP_INTERVALS = 3
SHORTEST_GAP_S = 30.0
BESIDE = 4
# Two samples with nothing beside them: apart for longer than a point may be silent, they have a gap between them.
LONE_S = STALE_AFTER.total_seconds() / GAP_INTERVALS
# The distance that is told of a trend is the median over this many newest distances.
NEWEST_DISTANCES = 199


class Pieces(NamedTuple):
    """Columns of equal length, ascending. A piece is a sample, or what an hour of them amounts to.

    start_us: by which it falls into a bucket. first_us, last_us: of its first and last usable sample.
    low, high, mean: of the usable ones, NaN where usable is 0.
    """

    start_us: Longs
    n: Longs
    usable: Longs
    good: Longs
    first_us: Longs
    last_us: Longs
    low: Floats
    high: Floats
    mean: Floats

    @classmethod
    def of_samples(cls, samples: Samples) -> Pieces:
        """Each sample a piece of its own."""
        t_us, v, q = samples
        usable = of_the_process(v, q)
        kept = np.where(usable, v, np.float32(np.nan))
        ones, good = np.ones(len(t_us), np.int64), (usable & (q == Quality.GOOD)).astype(np.int64)
        return cls(t_us, ones, usable.astype(np.int64), good, t_us, t_us, kept, kept, kept)

    @classmethod
    def of_hours(cls, hours: Hours, position: int = 0) -> Pieces:
        """The hours of one position of a layout."""
        counts = (column[:, position].astype(np.int64) for column in (hours.n, hours.usable, hours.good))
        ends_s = (column[:, position].astype(np.int64) for column in (hours.first_s, hours.last_s))
        values = (column[:, position] for column in (hours.low, hours.high, hours.mean))
        return cls._of_columns(hours.start_us, *counts, *(hours.start_us + end * SECOND_US for end in ends_s), *values)

    @classmethod
    def joined(cls, parts: Sequence[Pieces]) -> Pieces:
        """All of them in order."""
        whole = cls._of_columns(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        order = np.lexsort((whole.first_us, whole.start_us))
        return cls._of_columns(*(column[order] for column in whole))

    def only_usable(self) -> Pieces:
        """Those in which something usable was measured."""
        return self._of_columns(*(column[self.usable > 0] for column in self))

    def outside(self, start_us: int, end_us: int) -> Pieces:
        """Those that do not begin in [start, end)."""
        kept = (self.start_us < start_us) | (self.start_us >= end_us)
        return self._of_columns(*(column[kept] for column in self))

    @classmethod
    def _of_columns(cls, *columns: Any) -> Pieces:
        return cls(*columns)


class Buckets(NamedTuple):
    """Columns of equal length: t_us of the first usable sample, extremes and mean of the usable ones.

    good: which share of all values that came in the bucket was of good quality, 0 to 1.
    """

    t_us: Longs
    low: Floats
    high: Floats
    mean: Reals
    good: Reals


def bucketed(pieces: Pieces, origin_us: int, bucket_us: int) -> Buckets:
    """Pieces in equal buckets from `origin_us` on; a bucket with nothing usable is left out."""
    if not len(pieces.start_us):
        return _reduced(pieces, np.zeros(0, np.intp))
    number = (pieces.start_us - origin_us) // bucket_us
    return _reduced(pieces, np.flatnonzero(np.concatenate([[True], number[1:] != number[:-1]])))


def unbucketed(pieces: Pieces) -> Buckets:
    """Every usable piece a bucket of its own."""
    return _reduced(kept := pieces.only_usable(), np.arange(len(kept.start_us)))


def _reduced(pieces: Pieces, starts: NDArray[np.intp]) -> Buckets:
    if not len(starts):
        none = np.zeros(0, np.float32)
        return Buckets(np.zeros(0, np.int64), none, none, none.astype(np.float64), none.astype(np.float64))
    usable = np.add.reduceat(pieces.usable, starts)
    first = np.minimum.reduceat(np.where(pieces.usable > 0, pieces.first_us, np.iinfo(np.int64).max), starts)
    total = np.add.reduceat(np.where(pieces.usable > 0, pieces.mean.astype(np.float64) * pieces.usable, 0.0), starts)
    low, high = np.fmin.reduceat(pieces.low, starts), np.fmax.reduceat(pieces.high, starts)
    kept = usable > 0
    mean = np.clip(total[kept] / usable[kept], low[kept], high[kept])
    good = np.add.reduceat(pieces.good, starts)[kept] / np.add.reduceat(pieces.n, starts)[kept]
    return Buckets(first[kept], low[kept], high[kept], mean, good)


def distances_of(pieces: Pieces) -> Reals:
    """Distances in s along usable pieces: inside the first, to the second, inside it, … NaN inside a single sample."""
    inside = np.full(len(pieces.usable), np.nan)
    several = pieces.usable > 1
    inside[several] = (pieces.last_us - pieces.first_us)[several] / (pieces.usable[several] - 1) / SECOND_US
    distances = np.empty(max(0, 2 * len(inside) - 1))
    distances[0::2] = inside
    distances[1::2] = np.maximum(pieces.first_us[1:] - pieces.last_us[:-1], 0) / SECOND_US
    return distances


def gaps_between(pieces: Pieces) -> list[tuple[int, int]]:
    """The stretches between usable pieces that are longer than usual there, [from, to] in µs."""
    distances = distances_of(pieces)
    before, after = np.full((2, len(distances)), np.nan)
    for step in range(1, 2 * BESIDE + 1):
        before[step:] = np.fmin(before[step:], distances[:-step])
        after[:-step] = np.fmin(after[:-step], distances[step:])
    near = np.fmax(before, after)
    near[np.isnan(near)] = LONE_S
    wide = distances > np.maximum(near * GAP_INTERVALS, SHORTEST_GAP_S)
    found = np.flatnonzero(wide[1::2])
    return list(zip(pieces.last_us[found].tolist(), pieces.first_us[found + 1].tolist(), strict=True))


def usual_distance_s(pieces: Pieces) -> float | None:
    """The usual distance of samples, from the newest; None for fewer than two."""
    distances = distances_of(pieces)
    known = distances[~np.isnan(distances)][-NEWEST_DISTANCES:]
    return float(np.median(known)) if len(known) else None
