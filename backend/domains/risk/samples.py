"""From the frames of the last quarter of an hour to what each point reads, how old that is and where it is heading."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domains.monitoring.enums import Quality

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Long enough to see that a gauge stands still during a transfer; the trend uses the newest ten minutes of it.
WINDOW_MIN = 15.0
TREND_MIN = 10.0
# A slope through fewer samples than this in each half is a guess.
LEAST_SAMPLES = 3
# Samples whose median is the reading, so that one wild sample vanishes.
MEDIAN_OF = 3

_GOOD, _UNCERTAIN, _BAD = 0, 1, 2
WORDS = ("good", "uncertain", "bad")

# What a gateway's quality code means for a score: out of service and entered by hand are no live measurements.
_MEANING = np.full(256, _BAD, dtype=np.uint8)
_MEANING[Quality.GOOD] = _GOOD
_MEANING[[Quality.UNCERTAIN_LAST, Quality.UNCERTAIN_SENSOR, Quality.OUT_OF_RANGE, Quality.MANUAL]] = _UNCERTAIN


class Frames(NamedTuple):
    """Frames of one gateway, oldest first: n instants of p points.

    t: (n,) ms since the epoch; v: (n, p), NaN where there is no value; q: (n, p) quality codes of the wire.
    """

    t: NDArray[np.int64]
    v: Floats
    q: NDArray[np.int16]


class Reading(NamedTuple):
    """One point now. None means that nothing in the window tells it.

    age_s, quality: of the newest sample. rate: the trend per minute, 0.0 without one.
    lowest, highest, oldest_s: of all usable samples in the window.
    """

    value: float | None
    quality: str | None
    age_s: float | None
    rate: float
    lowest: float | None
    highest: float | None
    oldest_s: float | None


NO_READING = Reading(None, None, None, 0.0, None, None, None)


def read_points(frames: Frames, as_of_ms: int) -> list[Reading]:
    """The readings of all columns at `as_of_ms`; samples outside the window are passed over."""
    ages = (as_of_ms - frames.t) / 1000.0
    inside = ages < WINDOW_MIN * 60
    ages, v, q = np.maximum(ages[inside], 0.0), frames.v[inside], frames.q[inside]
    if not len(ages):
        return [NO_READING] * frames.v.shape[1]
    meaning = _MEANING[np.clip(q, 0, 255)]
    known = np.isfinite(v)
    usable = known & (meaning != _BAD)
    value = _median_of_newest(v, usable)
    newest = _last(known | (q != 0))
    column = np.arange(v.shape[1])
    quality = np.where(newest >= 0, meaning[newest, column], _BAD)
    age = np.where(newest >= 0, ages[newest], np.nan)
    oldest = np.where(usable.any(axis=0), ages[np.argmax(usable, axis=0)], np.nan)
    lowest = np.min(v, axis=0, where=usable, initial=np.inf)
    highest = np.max(v, axis=0, where=usable, initial=-np.inf)
    rate = trend_per_min(ages / 60.0, v, usable)
    return [
        Reading(_shortest(x), WORDS[word] if has else None, _told(a), r, _told(lo), _told(hi), _told(old))
        for x, word, has, a, r, lo, hi, old in zip(
            value.tolist(),
            quality.tolist(),
            (newest >= 0).tolist(),
            age.tolist(),
            rate.tolist(),
            lowest.tolist(),
            highest.tolist(),
            oldest.tolist(),
            strict=True,
        )
    ]


def trend_per_min(age_min: Floats, v: Floats, usable: Flags) -> Floats:
    """Slope per minute of every column of v, 0 where there is none.

    The slopes of the older and the newer half of the last ten minutes must agree in sign, and the flatter one
    counts: a single step in the signal does not look like a trend.
    """
    older = _slope(age_min, v, usable & ((age_min >= TREND_MIN / 2) & (age_min < TREND_MIN))[:, None])
    newer = _slope(age_min, v, usable & (age_min < TREND_MIN / 2)[:, None])
    agree = np.sign(older) * np.sign(newer) > 0
    flatter: Floats = np.where(agree, np.sign(newer) * np.minimum(np.abs(older), np.abs(newer)), 0.0)
    return flatter


def _slope(age_min: Floats, v: Floats, chosen: Flags) -> Floats:
    """Ordinary least squares slope of each column over its chosen samples; 0 with too few of them."""
    count = chosen.sum(axis=0)
    at_least_one = np.maximum(count, 1)
    t = np.where(chosen, -age_min[:, None], 0.0)
    x = np.where(chosen, v, 0.0)
    # Deviations from the means first: readings are large against their changes.
    dt = np.where(chosen, t - t.sum(axis=0) / at_least_one, 0.0)
    dx = np.where(chosen, x - x.sum(axis=0) / at_least_one, 0.0)
    spread = (dt * dt).sum(axis=0)
    enough = (count >= LEAST_SAMPLES) & (spread > 0)
    slope: Floats = np.where(enough, (dt * dx).sum(axis=0) / np.where(enough, spread, 1.0), 0.0)
    return slope


def _median_of_newest(v: Floats, usable: Flags) -> Floats:
    """Median of the newest usable samples of each column, NaN without any."""
    from_newest = usable[::-1]
    rank = np.cumsum(from_newest, axis=0)
    newest = np.full((MEDIAN_OF, v.shape[1]), np.nan)
    for k in range(MEDIAN_OF):
        is_kth = from_newest & (rank == k + 1)
        row, column = np.nonzero(is_kth)
        newest[k, column] = v[::-1][row, column]
    ranked = np.sort(newest, axis=0)
    count = np.isfinite(ranked).sum(axis=0)
    column = np.arange(v.shape[1])
    upper = ranked[np.maximum(count, 1) // 2, column]
    lower = ranked[(np.maximum(count, 1) - 1) // 2, column]
    median: Floats = (lower + upper) / 2.0
    return median


def _last(flags: Flags) -> NDArray[np.intp]:
    """Row of the last true flag of each column, -1 without any."""
    row: NDArray[np.intp] = np.where(flags.any(axis=0), len(flags) - 1 - np.argmax(flags[::-1], axis=0), -1)
    return row


def _shortest(x: float) -> float | None:
    """A value that was stored in single precision with the fewest digits that mean it: 80.1, not 80.0999984741211."""
    return float(f"{x:.7g}") if np.isfinite(x) else None


def _told(x: float) -> float | None:
    return x if np.isfinite(x) else None
