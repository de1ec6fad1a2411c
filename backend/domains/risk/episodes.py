"""What the alarms of a point say to its score: whether it is latched, for how long, what is left, what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from backend.domains.risk.inputs import Point, read_input
from backend.domains.risk.parameters import Parameters
from backend.domains.risk.primitives import dec
from backend.domains.risk.severity import point_severity

# An alarm is to be acknowledged within this time of reaching its level 1, 2 (standards 7.3: 15 min for level 2).
ACKNOWLEDGE_WITHIN = (timedelta(minutes=30), timedelta(minutes=15))
REPEATS_WITHIN = timedelta(hours=24)
# Six half-lives: what is left of an exceedance after a day is below one point.
REMEMBERED_FOR = timedelta(hours=24)


class Episode(Struct, frozen=True):
    """An alarm episode as the score sees it. `level` is None once cleared; `second_at` is when it reached level 2.

    late: known from frames that came too late to ring anyone; it happened, and nobody has to answer it.
    """

    id: str
    point_id: int
    side: str
    worst_level: int
    raised_at: datetime
    worst_value: float
    level: int | None = None
    level_since: datetime | None = None
    second_at: datetime | None = None
    acknowledged_at: datetime | None = None
    cleared_at: datetime | None = None
    late: bool = False


def latched(episodes: Iterable[Episode], as_of: datetime) -> dict[str, Any]:
    """Latched levels and durations from the open episode of a point; durations run on while data are missing."""
    for episode in episodes:
        if episode.cleared_at is None and episode.level:
            second = episode.level == 2
            since = episode.level_since or episode.raised_at
            return {
                f"latched_{episode.side}": episode.level,
                "dur_any_min": minutes(as_of - episode.raised_at),
                "dur_hh_min": minutes(as_of - since) if second else 0.0,
            }
    return {}


def residual(
    point: Mapping[str, Any], episodes: Iterable[Episode], as_of: datetime, params: Parameters
) -> dict[str, Any]:
    """Peak severity and age of the cleared episode that still weighs most.

    The peak is judged from the worst value and the whole duration of the episode. All fade with one half-life, so
    the one that weighs most now is the one that would have replaced the others when it cleared.
    """
    strongest, found = 0.0, {}
    for episode in episodes:
        if episode.cleared_at is None or as_of - episode.cleared_at > REMEMBERED_FOR:
            continue
        since_clear_min = minutes(as_of - episode.cleared_at)
        peak = _peak(point, episode, episode.cleared_at, params)
        left = peak * dec(since_clear_min / 60.0, params.tank.res_half_h)
        if left > strongest:
            strongest, found = left, {"residual_peak": peak, "since_clear_min": since_clear_min}
    return found


def _peak(point: Mapping[str, Any], episode: Episode, cleared_at: datetime, params: Parameters) -> float:
    at_worst = {
        **point,
        "value": episode.worst_value,
        "rate_per_min": 0.0,
        "latched_high": episode.worst_level if episode.side == "high" else 0,
        "latched_low": episode.worst_level if episode.side == "low" else 0,
        "dur_any_min": minutes(cleared_at - episode.raised_at),
        "dur_hh_min": minutes(cleared_at - episode.second_at) if episode.second_at else 0.0,
        "residual_peak": 0.0,
    }
    return point_severity(read_input(Point, at_worst), params).value


def waiting_alarms(episodes: Sequence[Episode], names: Mapping[int, str], as_of: datetime) -> list[dict[str, Any]]:
    """Episodes that are open or unacknowledged, with the minutes their acknowledgement is overdue."""
    return [
        {
            "id": episode.id,
            "grade": episode.worst_level,
            "overdue_min": 0.0 if episode.acknowledged_at else minutes(as_of - _deadline(episode)),
            "name": names.get(episode.point_id, ""),
        }
        for episode in episodes
        if not episode.late and (episode.cleared_at is None or episode.acknowledged_at is None)
    ]


def _deadline(episode: Episode) -> datetime:
    """When the acknowledgement is due: getting worse can only bring the deadline forward."""
    due = episode.raised_at + ACKNOWLEDGE_WITHIN[0]
    return min(due, episode.second_at + ACKNOWLEDGE_WITHIN[1]) if episode.second_at else due


def most_repeats(episodes: Iterable[Episode], as_of: datetime) -> int:
    """The most episodes any one point began in the last 24 hours."""
    begun: dict[int, int] = {}
    for episode in episodes:
        if as_of - episode.raised_at < REPEATS_WITHIN:
            begun[episode.point_id] = begun.get(episode.point_id, 0) + 1
    return max(begun.values(), default=0)


def minutes(length: timedelta) -> float:
    """A length of time in minutes, never negative: clocks of gateways may run ahead."""
    return max(length.total_seconds() / 60.0, 0.0)
