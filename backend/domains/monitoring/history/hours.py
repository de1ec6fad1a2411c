"""From the frames of a layout to hours of it, or slots of five minutes: pure arithmetic over whole arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domains.monitoring.enums import Quality
from backend.domains.monitoring.rules import NOT_THE_PROCESS

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Shorts = NDArray[np.int16]
Floats = NDArray[np.float32]
Codes = NDArray[np.uint8]
Flags = NDArray[np.bool_]

SECOND_US = 1_000_000
SLOT_US = 300 * SECOND_US
HOUR_US = 3600 * SECOND_US
# Later than any second of an hour: nothing was measured yet.
NEVER_S = np.int16(32767)

_OF_THE_PROCESS = np.array([code not in NOT_THE_PROCESS for code in range(256)], np.bool_)


class Hours(NamedTuple):
    """What hours or slots of a layout amount to: arrays [hours, positions]; `start_us` [hours], ascending, in µs.

    n: values that came; usable: those that are of the process (rules.NOT_THE_PROCESS); good: those of quality 0.
    low, high, mean, last: of the usable ones, NaN where there are none. first_s, last_s: seconds of the hour at which
    the first and the last usable one was measured, meaningless where there are none.
    """

    start_us: Longs
    n: Ints
    usable: Ints
    good: Ints
    first_s: Shorts
    last_s: Shorts
    low: Floats
    high: Floats
    mean: Floats
    last: Floats


def of_the_process(v: Floats, q: Codes) -> Flags:
    """Which values say something about the process: they are there, and of no quality that denies it."""
    flags: Flags = ~np.isnan(v) & _OF_THE_PROCESS[q]
    return flags


def roll_up(t_us: Longs, v: Floats, q: Codes, step_us: int = HOUR_US) -> Hours:
    """Hours, or stretches of another equal step, of frames that lie along one layout.

    t_us: [frames], µs since the epoch, ascending, at least one. v, q: [frames, positions], NaN for no value.
    """
    hour = t_us // step_us
    starts = np.flatnonzero(np.concatenate([[True], hour[1:] != hour[:-1]]))
    usable = of_the_process(v, q)
    second = ((t_us % step_us) // SECOND_US).astype(np.int16)[:, None]
    kept = np.where(usable, v, np.float32(np.nan))
    count = np.add.reduceat(usable, starts, axis=0, dtype=np.int32)
    newest = np.maximum.reduceat(np.where(usable, np.arange(len(t_us))[:, None], -1), starts, axis=0)
    low, high = np.fmin.reduceat(kept, starts, axis=0), np.fmax.reduceat(kept, starts, axis=0)
    total = np.add.reduceat(np.where(usable, v, 0), starts, axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        mean = np.clip((total / count).astype(np.float32), low, high)
    return Hours(
        start_us=hour[starts] * step_us,
        n=np.add.reduceat(~np.isnan(v), starts, axis=0, dtype=np.int32),
        usable=count,
        good=np.add.reduceat(usable & (q == Quality.GOOD), starts, axis=0, dtype=np.int32),
        first_s=np.minimum.reduceat(np.where(usable, second, NEVER_S), starts, axis=0),
        last_s=np.maximum.reduceat(np.where(usable, second, np.int16(0)), starts, axis=0),
        low=low,
        high=high,
        mean=mean,
        last=np.where(newest < 0, np.float32(np.nan), np.take_along_axis(kept, np.maximum(newest, 0), axis=0)),
    )


def frames_as_arrays(frames: list[tuple[Any, Any]]) -> tuple[Floats, Codes]:
    """(v, q) of frames along one layout as [frames, positions]; None becomes NaN, no qualities become good."""
    v = np.array([each for each, _ in frames], np.float32)
    q = np.zeros(v.shape, np.uint8)
    for place, (_, qualities) in enumerate(frames):
        if qualities is not None:
            q[place] = qualities
    return v, q
