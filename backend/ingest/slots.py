"""Every point has a slot: its place in the arrays that judging works on. Slots are given once and never taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domains.monitoring.rules import LEVEL_2_ON_DELAY_S

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
Small = NDArray[np.int8]
Flags = NDArray[np.bool_]
Slots = NDArray[np.intp]

# Rows of every array of four: LL, L, H, HH. The low side is kept mirrored, so that "beyond" is >= on all four.
LL, L, H, HH = 0, 1, 2, 3
MIRROR = np.array([[-1], [-1], [1], [1]], dtype=np.float32)
# The signed level of each row: 1 = H, L or gas level 1; 2 = HH, LL or gas level 2; the low side is negative.
SIGNED = (-2, -1, 1, 2)

# Beyond 103 % of the range is out of range, and by the same measure below it (standards 5.6).
RANGE_MARGIN = 0.03


class PointLimits(NamedTuple):
    """The limits of one point in its own unit; None = none. Delays in seconds."""

    ll: float | None = None
    l: float | None = None  # noqa: E741 - the plant's own name for it
    h: float | None = None
    hh: float | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    range_lo: float | None = None
    range_hi: float | None = None

    def of(self, signed_level: int) -> float | None:
        """The limit behind a signed level: -2 LL, -1 L, 1 H, 2 HH."""
        return {-2: self.ll, -1: self.l, 1: self.h, 2: self.hh}[signed_level]


class Limits:
    """The limits of all slots as arrays.

    bound, release: (4, slots), mirrored on the low side, NaN where there is no limit; beyond means x >= bound,
    back means x < release. on_ms: (4, slots). off_ms: (slots). quiet_lo, quiet_hi: a value between them is of no
    concern to a point without an alarm. valid_lo, valid_hi: a value outside is out of the instrument's range.
    """

    def __init__(self, size: int = 0) -> None:
        self.bound: Floats = np.full((4, size), np.nan, dtype=np.float32)
        self.release: Floats = np.full((4, size), np.nan, dtype=np.float32)
        self.on_ms: Whole = np.zeros((4, size), dtype=np.int64)
        self.off_ms: Whole = np.zeros(size, dtype=np.int64)
        self.quiet_lo: Floats = np.full(size, -np.inf, dtype=np.float32)
        self.quiet_hi: Floats = np.full(size, np.inf, dtype=np.float32)
        self.valid_lo: Floats = np.full(size, -np.inf, dtype=np.float32)
        self.valid_hi: Floats = np.full(size, np.inf, dtype=np.float32)

    @property
    def size(self) -> int:
        """How many slots there are."""
        return len(self.off_ms)

    def grow(self, size: int) -> None:
        """Make room up to `size` slots; new ones have no limits."""
        if size > self.size:
            wider = Limits(size)
            for name, array in vars(self).items():
                vars(wider)[name][..., : self.size] = array
            self.__dict__ = wider.__dict__

    def only(self, slots: Slots) -> Limits:
        """The limits of these slots, renumbered in their order."""
        chosen = Limits(len(slots))
        for name, array in vars(self).items():
            vars(chosen)[name][...] = array[..., slots]
        return chosen

    def put(self, slots: Sequence[int], given: Sequence[PointLimits]) -> None:
        """Set the limits of slots; the state of their alarms stays what it is."""
        if not slots:
            return
        ll, low, h, hh, deadband, on_delay_s, off_delay_s, lo, hi = np.array(given, np.float64).T
        bound = np.stack((-ll, -low, h, hh))
        low_band, high_band = _band(deadband, bound[LL], bound[L]), _band(deadband, bound[HH], bound[H])
        self.bound[:, slots] = bound
        self.release[:, slots] = bound - np.stack((low_band, low_band, high_band, high_band))
        level_2_delay_s = np.minimum(on_delay_s, LEVEL_2_ON_DELAY_S)
        delays_s = np.stack((level_2_delay_s, on_delay_s, on_delay_s, level_2_delay_s))
        self.on_ms[:, slots] = np.rint(delays_s * 1000)
        self.off_ms[slots] = np.rint(off_delay_s * 1000)
        self.quiet_lo[slots] = np.fmax(np.fmax(ll, low), -np.inf)
        self.quiet_hi[slots] = np.fmin(np.fmin(h, hh), np.inf)
        margin = np.where(np.isnan(hi - lo), 0.0, RANGE_MARGIN * (hi - lo))
        self.valid_lo[slots] = np.where(np.isnan(lo), -np.inf, lo - margin)
        self.valid_hi[slots] = np.where(np.isnan(hi), np.inf, hi + margin)


def _band(deadband: NDArray[np.float64], outer: NDArray[np.float64], inner: NDArray[np.float64]) -> NDArray[np.float64]:
    """The deadband of one side; one wider than half the way from H to HH would swallow that way (standards 6.3)."""
    gap = np.abs(outer - inner)
    return np.where(gap > 0, np.fmin(deadband, gap / 2), deadband)
