"""One point under judgement, for tests that read like a strip chart; and the same rules written the slow way."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from backend.ingest.engine import judge
from backend.ingest.slots import Limits, PointLimits
from backend.ingest.state import Change, Readings, State

BAD = {4, 5, 6, 7, 8, 9, 11}
# Second 0 of the charts; 0 itself is "no timer runs" in the state.
EPOCH_MS = 1_700_000_000_000


def readings(
    rows: list[tuple[float, float | None]], *, slot: int = 0, quality: int = 0, late: bool = False
) -> Readings:
    """Readings of one slot from (seconds, value) rows, each a wave of its own."""
    count = len(rows)
    return Readings(
        np.full(count, slot, np.intp),
        np.array([np.nan if value is None else value for _, value in rows], np.float32),
        np.full(count, quality, np.uint8),
        np.array([EPOCH_MS + round(t * 1000) for t, _ in rows], np.int64),
        np.full(count, late, np.bool_),
        np.arange(count, dtype=np.int32),
    )


class Chart:
    """A point whose readings are judged as they are drawn."""

    def __init__(self, limits: PointLimits) -> None:
        self.state, self.limits = State(1), Limits(1)
        self.limits.put([0], [limits])

    def draw(
        self, *rows: tuple[float, float | None], quality: int = 0, late: bool = False
    ) -> list[tuple[str, int, float]]:
        """(what, signed level, at second) of every change."""
        changes = judge(self.state, self.limits, readings(list(rows), quality=quality, late=late))
        return [
            (Change(kind).name.lower(), int(level), (t - EPOCH_MS) / 1000)
            for kind, level, t in zip(changes.kind, changes.level, changes.t, strict=True)
        ]


@dataclass
class SlowPoint:
    """The rules of one point as a person would write them for live and late readings, one value at a time."""

    limits: PointLimits
    on: dict[int, bool] = field(default_factory=lambda: dict.fromkeys((-2, -1, 1, 2), False))
    since: dict[int, float] = field(default_factory=dict)
    late: bool = False

    @property
    def level(self) -> int:
        """The signed level of the gravest comparator that is on."""
        return next((each for each in (2, 1, -2, -1) if self.on[each]), 0)

    def limit(self, level: int) -> float | None:
        """The limit as single precision, like the values."""
        found = self.limits.of(level)
        return None if found is None else float(np.float32(found))

    def release(self, level: int) -> float | None:
        """Where the comparator may go off."""
        own = self.limits.of(level)
        if own is None:
            return None
        other = self.limits.of((2 if abs(level) == 1 else 1) * (1 if level > 0 else -1))
        band = self.limits.deadband
        if other is not None and other != own:
            band = min(band, abs(other - own) / 2)
        return float(np.float32(own - band if level > 0 else own + band))

    def read(self, t: float, value: float | None, quality: int = 0, late: bool = False) -> list[tuple[str, int, float]]:
        """Judge one reading; the changes as `Chart.draw` gives them, without those for the record only."""
        if value is None or not math.isfinite(value) or quality in BAD:
            return []
        value = float(np.float32(value))
        before, was_late, held = self.level, self.late, late and self.level != 0 and not self.late
        switched = {each for each in self.on if self._times_out(each, t, value) and not held}
        for each in switched:
            self.on[each] = not self.on[each]
            self.since.pop(each, None)
        for side in (1, -1):
            if self.on[2 * side] and not self.on[side] and self.limit(side) is not None:
                self.on[side] = True
                self.since.pop(side, None)
            if any(self.on[each] and each in switched for each in (side, 2 * side)):
                for other in (-side, -2 * side):
                    self.on[other] = False
                    self.since.pop(other, None)
        return self._told(t, value, before, was_late, late)

    def _times_out(self, each: int, t: float, value: float) -> bool:
        limit, release, high = self.limit(each), self.release(each), each > 0
        beyond = limit is not None and (value >= limit if high else value <= limit)
        inside = release is None or (value < release if high else value > release)
        if not (inside if self.on[each] else beyond):
            self.since.pop(each, None)
            return False
        began = self.since.setdefault(each, t)
        on_delay = min(self.limits.on_delay_s, 5) if abs(each) == 2 else self.limits.on_delay_s
        return t - began >= (self.limits.off_delay_s if self.on[each] else on_delay)

    def _told(self, t: float, value: float, before: int, was_late: bool, late: bool) -> list[tuple[str, int, float]]:
        after, told = self.level, []
        if before and before * after <= 0:
            told.append(("cleared", before, t))
        if after and before * after <= 0:
            told.append(("raised", after, t))
            self.late = late
        elif after:
            if abs(after) != abs(before):
                told.append(("worsened" if abs(after) > abs(before) else "eased", after, t))
            beyond = any(
                self.on[each] and limit is not None and (value >= limit if each > 0 else value <= limit)
                for each in self.on
                for limit in [self.limit(each)]
            )
            if was_late and not late and beyond:
                told.append(("went_live", after, t))
                self.late = False
        if not after:
            self.late = False
        return told
