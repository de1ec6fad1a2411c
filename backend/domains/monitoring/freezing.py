"""Which points stand still beyond physics: no change for 24 h, level for 72 h, while their neighbours move.

Source: standards 5.6. A pure look at arrays; `service.freezes` brings the arrays and keeps what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from backend.domains.monitoring.enums import PointKind

STILL_AFTER = timedelta(hours=24)
LEVEL_STILL_AFTER = timedelta(hours=72)
# Clean air reads exactly 0 for weeks, and so may a flow in a line that is shut.
ZERO_IS_NORMAL = frozenset({PointKind.COMB_GAS, PointKind.TOXIC_GAS, PointKind.FLOW})
# Clean air again: an oxygen head reads the same 20.9 as long as all is well.
MAY_STAND_STILL = frozenset({PointKind.OXYGEN})


def still_after(kind: PointKind) -> timedelta:
    """How long a point of this kind may stand still."""
    return LEVEL_STILL_AFTER if kind is PointKind.LEVEL else STILL_AFTER


def standing_still(values: NDArray[np.float64], needed: Sequence[int]) -> NDArray[np.bool_]:
    """Which columns do not change over their newest samples.

    values: (samples, points), at least one sample, oldest first, evenly spaced, NaN = no value.
    needed: samples over which each column must stand still.
    A column with a missing sample in its stretch does not count as still: that is another state.
    """
    count = values.shape[0]
    still = np.zeros(values.shape[1], dtype=np.bool_)
    for samples in set(needed):
        if samples > count:
            continue
        columns = np.array([each == samples for each in needed])
        part = values[count - samples :]
        whole = ~np.isnan(part).any(axis=0)
        same = np.zeros_like(whole)
        same[whole] = part[:, whole].max(axis=0) == part[:, whole].min(axis=0)
        still |= columns & same
    return still


def frozen_columns(
    values: NDArray[np.float64], kinds: Sequence[PointKind], places: Sequence[object], needed: Sequence[int]
) -> NDArray[np.bool_]:
    """Which columns stand still although a neighbour moves in the same stretch.

    places: what each point hangs on, such as its tank; None = nothing. Neighbours are the other points of the same
    place, or where it has none, the other points of the gateway. Values, needed: as in `standing_still`.
    """
    still = standing_still(values, needed)
    newest = values[-1]
    moved = {samples: _moving(values[-samples:]) for samples in set(needed)}
    frozen = np.zeros(len(kinds), dtype=np.bool_)
    for column in np.flatnonzero(still).tolist():
        kind = kinds[column]
        if kind in MAY_STAND_STILL or (kind in ZERO_IS_NORMAL and newest[column] == 0):
            continue
        place = places[column]
        beside = [i for i in range(len(kinds)) if i != column and place is not None and places[i] == place]
        beside = beside or [i for i in range(len(kinds)) if i != column]
        frozen[column] = bool(moved[needed[column]][beside].any())
    return frozen


def _moving(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which columns show two different values at least."""
    missing = np.isnan(values)
    highest, lowest = np.where(missing, -np.inf, values).max(axis=0), np.where(missing, np.inf, values).min(axis=0)
    return np.asarray(highest > lowest)
