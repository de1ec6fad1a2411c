"""The last live value of every slot, as arrays."""

from __future__ import annotations

import numpy as np

from backend.ingest.slots import Flags, Floats, Slots, Whole
from backend.ingest.state import Qualities


class Values:
    """t: source time in ms, 0 = never. value: NaN = the gateway said that there is none. quality: as stored."""

    def __init__(self, size: int = 0) -> None:
        self.t: Whole = np.zeros(size, dtype=np.int64)
        self.value: Floats = np.full(size, np.nan, dtype=np.float32)
        self.quality: Qualities = np.zeros(size, dtype=np.uint8)

    def grow(self, size: int) -> None:
        """Make room up to `size` slots."""
        known = len(self.t)
        if size > known:
            wider = Values(size)
            wider.t[:known], wider.value[:known], wider.quality[:known] = self.t, self.value, self.quality
            self.t, self.value, self.quality = wider.t, wider.value, wider.quality

    def take(self, slots: Slots, t: int, value: Floats, quality: Qualities, told: Flags | None) -> None:
        """Take over one frame; `told` marks what it speaks of (None = all), and unknown slots are negative."""
        which = slots >= 0 if told is None else (slots >= 0) & told
        if which.all():
            self.t[slots], self.value[slots], self.quality[slots] = t, value, quality
        else:
            known = slots[which]
            self.t[known], self.value[known], self.quality[known] = t, value[which], quality[which]
