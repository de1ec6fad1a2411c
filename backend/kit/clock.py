"""The only place that asks what time it is. Everything below takes `now` as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.errors import Invalid

# Beyond them a day's limits cannot be computed in every zone, and nothing was ever filed.
FIRST_YEAR, LAST_YEAR = 1970, 2199


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def plant_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day at the plant on which `instant` falls."""
    return instant.astimezone(zone).date()


def at_plant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock hour on a plant day, as UTC. Raises Invalid for a day that no record can be of."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(f"days are of the years {FIRST_YEAR} to {LAST_YEAR}", day=day)
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which a plant day begins and ends, as UTC; half-open."""
    start = at_plant(day, time.min, zone)
    return start, at_plant(day + timedelta(days=1), time.min, zone)
