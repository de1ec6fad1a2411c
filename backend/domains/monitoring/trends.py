"""A point over time: every sample where they are few, else the extremes of equal buckets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from backend.domains.monitoring.history.archive import Archive, at_us, us_of
from backend.domains.monitoring.history.pieces import (
    GAP_INTERVALS,
    SHORTEST_GAP_S,
    Buckets,
    Pieces,
    bucketed,
    gaps_between,
    unbucketed,
    usual_distance_s,
)
from backend.domains.monitoring.history.reading import HOURS, SLOTS, read_pieces, rows_a_bucket
from backend.domains.monitoring.history.samples import read_samples
from backend.domains.monitoring.models import Point
from backend.domains.monitoring.readings import shortest
from backend.domains.monitoring.rules import STALE_AFTER
from backend.errors import Invalid

# As long as hours are kept (standards 5.7).
LONGEST_TREND = timedelta(days=5 * 366)
# Up to here a trend is read from the frames, a page of the table each; then from slots of five minutes, then from
# hours. Their extremes are as exact.
FROM_FRAMES = timedelta(hours=9)
FROM_SLOTS = timedelta(days=8)
MOST_POINTS = 2000
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Trend(msgspec.Struct):
    """Columns of equal length, and the stretches without a usable sample.

    good: which share of what was measured in the bucket was of good quality. bucket: zero where every sample is shown.
    interval: the usual distance of samples; None for fewer than two.
    """

    t: list[datetime]
    low: list[float]
    high: list[float]
    mean: list[float]
    good: list[float]
    gaps: list[tuple[datetime, datetime]]
    bucket: timedelta
    interval: timedelta | None


def known_time(instant: datetime, field: str) -> datetime:
    """The instant, if it has an offset and lies within 2000 to 2200.

    Raises Invalid: without an offset nobody knows when it was, and the ends of the calendar cannot be reckoned with.
    """
    if instant.tzinfo is None:
        raise Invalid("a time is given with its offset, such as 2026-11-24T09:00:00+08:00", field=field)
    if not EARLIEST <= instant <= LATEST:
        raise Invalid("nothing was measured then", field=field)
    return instant


async def read_trend(
    point: Point, start: datetime, end: datetime, most: int, now: datetime, archive: Archive | None = None
) -> Trend:
    """The trend of a point over [start, end), in at most `most` columns; days that were moved away come from `archive`.

    Raises Invalid for a span we do not read, ArchiveAway where a file of the archive cannot be read.
    """
    if start >= end:
        raise Invalid("a trend begins before it ends", field="from")
    if end - start > LONGEST_TREND:
        raise Invalid(f"a trend covers at most {LONGEST_TREND.days} days", field="from")
    if end - start <= FROM_FRAMES:
        samples = await read_samples(point.gateway_id, point.id, [(start, end)], archive)
        pieces = Pieces.of_samples(samples)
        if int(pieces.usable.sum()) <= most:
            return _trend(pieces, unbucketed(pieces), timedelta(0), start, min(end, now))
        # Whole milliseconds, rounded up, so that no bucket is left over at the end.
        bucket = timedelta(milliseconds=-(-(end - start) // timedelta(milliseconds=most)))
        buckets = bucketed(pieces, us_of(start), bucket // timedelta(microseconds=1))
        return _trend(pieces, buckets, bucket, start, min(end, now))
    level = SLOTS if end - start <= FROM_SLOTS else HOURS
    pieces = await read_pieces(level, point.gateway_id, point.id, start, end, archive)
    bucket = rows_a_bucket(level, start, end, most) * level.step
    buckets = bucketed(pieces, us_of(level.floor(start)), bucket // timedelta(microseconds=1))
    return _trend(pieces, buckets, bucket, start, min(end, now))


def _trend(pieces: Pieces, buckets: Buckets, bucket: timedelta, start: datetime, end: datetime) -> Trend:
    pieces = pieces.only_usable()
    usual_s = usual_distance_s(pieces)
    return Trend(
        t=[at_us(us) for us in buckets.t_us.tolist()],
        low=_values(buckets.low.tolist()),
        high=_values(buckets.high.tolist()),
        mean=_values(buckets.mean.tolist()),
        good=[round(share, 4) for share in buckets.good.tolist()],
        gaps=_with_edges(pieces, start, end, usual_s),
        bucket=bucket,
        interval=None if usual_s is None else timedelta(seconds=usual_s),
    )


def _values(stored: list[float]) -> list[float]:
    values = [shortest(value) for value in stored]
    return [value for value in values if value is not None]


def _with_edges(
    pieces: Pieces, start: datetime, end: datetime, usual_s: float | None
) -> list[tuple[datetime, datetime]]:
    """Gaps between samples, and those before the first and after the last; what lies ahead of now is no gap."""
    if not len(pieces.start_us):
        return [(start, end)] if start < end else []
    longest_s = STALE_AFTER.total_seconds() if usual_s is None else max(usual_s * GAP_INTERVALS, SHORTEST_GAP_S)
    first, last = at_us(int(pieces.first_us[0])), at_us(int(pieces.last_us[-1]))
    before = [(start, first)] if (first - start).total_seconds() > longest_s else []
    after = [(last, end)] if (end - last).total_seconds() > longest_s else []
    return before + [(at_us(one), at_us(other)) for one, other in gaps_between(pieces)] + after
