"""What ingest does, in numbers for whoever watches over it: one set for each process, told through Redis."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from backend.ingest.sorting import Message
from backend.kit.meters import Family, Sample

if TYPE_CHECKING:
    from backend.ingest.store import Stored

TELL_EVERY_S = 2.0
RATE_OVER_S = 10.0
BATCH_SIZES = (1, 10, 30, 100, 300, 1000)
SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


class Histogram:
    """How often a quantity stayed at or below each bound."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds, self.counts, self.sum, self.count = bounds, [0] * len(bounds), 0.0, 0

    def note(self, value: float) -> None:
        """One more."""
        self.sum, self.count = self.sum + value, self.count + 1
        for place, bound in enumerate(self.bounds):
            self.counts[place] += value <= bound

    def samples(self) -> list[Sample]:
        """As Prometheus wants them."""
        buckets = [
            Sample("_bucket", {"le": str(bound)}, count) for bound, count in zip(self.bounds, self.counts, strict=True)
        ]
        return [
            *buckets,
            Sample("_bucket", {"le": "+Inf"}, self.count),
            Sample("_count", {}, self.count),
            Sample("_sum", {}, self.sum),
        ]


class Meter:
    """Counts batches, frames, readings and refusals since the start of this process."""

    def __init__(self) -> None:
        self.batches, self.seconds, self.lag = Histogram(BATCH_SIZES), Histogram(SECONDS), Histogram(SECONDS)
        self.messages = self.frames = self.readings = self.rebirths = self.waiting = 0
        self.refused: Counter[str] = Counter()
        self.regions: tuple[str, ...] = ()
        self._recent: deque[tuple[float, int, int]] = deque()

    def note(self, batch: Sequence[Message], stored: Stored, seconds: float, now_ms: int) -> None:
        """A batch was stored; seconds: from its taking to its acknowledgement."""
        self.batches.note(len(batch))
        self.seconds.note(seconds)
        self.lag.note(max(0, now_ms - min(message.received_ms for message in batch)) / 1000)
        self.messages += len(batch)
        self.frames += stored.frames
        self.readings += stored.readings
        self.rebirths += len(stored.reborn)
        self.refused.update(map(str, stored.reasons))
        self._recent.append((asyncio.get_running_loop().time(), stored.frames, stored.readings))

    def stands(self, regions: Iterable[str], waiting: int) -> None:
        """What is held now, and how many messages wait for a birth."""
        self.regions, self.waiting = tuple(regions), waiting

    def families(self) -> list[Family]:
        """All of it."""
        frames, readings = self._per_second()
        return [
            Family("anlan_ingest_messages", "counter", "Messages stored", [Sample("_total", {}, self.messages)]),
            Family("anlan_ingest_frames", "counter", "New frames stored", [Sample("_total", {}, self.frames)]),
            Family("anlan_ingest_readings", "counter", "New readings stored", [Sample("_total", {}, self.readings)]),
            Family(
                "anlan_ingest_rejects",
                "counter",
                "Messages, frames and values refused, by reason",
                [Sample("_total", {"reason": reason}, count) for reason, count in sorted(self.refused.items())],
            ),
            Family(
                "anlan_ingest_rebirths", "counter", "Sparkplug births asked for", [Sample("_total", {}, self.rebirths)]
            ),
            Family("anlan_ingest_batch_messages", "histogram", "Messages of one transaction", self.batches.samples()),
            Family("anlan_ingest_batch_seconds", "histogram", "Judging and storing one batch", self.seconds.samples()),
            Family(
                "anlan_ingest_lag_seconds",
                "histogram",
                "Arrival to commit of the oldest message of a batch",
                self.lag.samples(),
            ),
            Family("anlan_ingest_frames_per_second", "gauge", "Over the last 10 s", [Sample("", {}, frames)]),
            Family("anlan_ingest_readings_per_second", "gauge", "Over the last 10 s", [Sample("", {}, readings)]),
            Family("anlan_ingest_waiting", "gauge", "Messages waiting for a birth", [Sample("", {}, self.waiting)]),
            Family(
                "anlan_ingest_region_held",
                "gauge",
                "Regions whose stream this process holds",
                [Sample("", {"region": region}, 1) for region in self.regions],
            ),
        ]

    def _per_second(self) -> tuple[float, float]:
        since = asyncio.get_running_loop().time() - RATE_OVER_S
        while self._recent and self._recent[0][0] < since:
            self._recent.popleft()
        return sum(each[1] for each in self._recent) / RATE_OVER_S, sum(each[2] for each in self._recent) / RATE_OVER_S
