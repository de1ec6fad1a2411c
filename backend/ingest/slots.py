"""Every point has a slot: its place in the arrays that judging works on. Slots are given once and never taken away."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domains.monitoring.rules import Damping, on_delay_of

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

    def put(self, slot: int, given: PointLimits) -> None:
        """Set the limits of one slot; the state of its alarm stays what it is."""
        nan = np.nan
        low = [nan if each is None else -each for each in (given.ll, given.l)]
        high = [nan if each is None else each for each in (given.h, given.hh)]
        bound = np.array(low + high, dtype=np.float32)
        low_band, high_band = _band(given.deadband, *low), _band(given.deadband, *high)
        self.bound[:, slot] = bound
        self.release[:, slot] = [low[0] - low_band, low[1] - low_band, high[0] - high_band, high[1] - high_band]
        damping = Damping(given.deadband, given.on_delay_s, given.off_delay_s)
        self.on_ms[:, slot] = [round(on_delay_of(abs(level), damping) * 1000) for level in SIGNED]
        self.off_ms[slot] = round(given.off_delay_s * 1000)
        self.quiet_lo[slot] = np.fmax.reduce(-bound[:2], initial=-np.inf)
        self.quiet_hi[slot] = np.fmin.reduce(bound[2:], initial=np.inf)
        lo, hi = given.range_lo, given.range_hi
        margin = RANGE_MARGIN * (hi - lo) if lo is not None and hi is not None else 0.0
        self.valid_lo[slot] = -np.inf if lo is None else lo - margin
        self.valid_hi[slot] = np.inf if hi is None else hi + margin


def _band(deadband: float, inner: float, outer: float) -> float:
    """The deadband of one side; one wider than half the way from H to HH would swallow that way (standards 6.3)."""
    gap = abs(outer - inner)
    return min(deadband, gap / 2) if gap > 0 else deadband
