"""The only place that asks what time it is. Everything below takes `now` as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def plant_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day at the plant on which `instant` falls."""
    return instant.astimezone(zone).date()


def at_plant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock hour on a plant day, as UTC."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which a plant day begins and ends, as UTC; half-open."""
    return at_plant(day, time.min, zone), at_plant(day + timedelta(days=1), time.min, zone)
