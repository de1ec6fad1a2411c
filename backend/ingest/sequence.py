"""Sequence numbers of one gateway: a hole is a gap, and a gap closes when the backfill has brought all of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Gap:
    """Numbers `from_n` … `to_n` that did not come; `missing` of them are still out. `id` is 0 until it is stored."""

    from_n: int
    to_n: int
    missing: int
    id: int = 0


@dataclass(slots=True)
class Sequence:
    """Where the numbers of a gateway stand. touched: gaps that are not yet stored as they are."""

    last: int | None = None
    open: list[Gap] = field(default_factory=list)
    touched: list[Gap] = field(default_factory=list)

    def arrived(self, n: int, *, is_newest: bool) -> None:
        """Take note of a stored frame; `is_newest` when its time is after all others of the gateway.

        A newest frame with a number that is not higher means that the gateway counts anew: that is not a gap.
        """
        if not is_newest:
            self._fill(n)
            return
        if self.last is not None and n > self.last + 1:
            gap = Gap(self.last + 1, n - 1, n - self.last - 1)
            self.open.append(gap)
            self.touched.append(gap)
        self.last = n

    def _fill(self, n: int) -> None:
        for gap in self.open:
            if gap.from_n <= n <= gap.to_n:
                gap.missing -= 1
                if gap not in self.touched:
                    self.touched.append(gap)
                if gap.missing == 0:
                    self.open.remove(gap)
                return
