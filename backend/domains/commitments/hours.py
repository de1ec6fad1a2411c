"""The hours of a day's commitment: when filing opens, when it is due, when the day is over."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from backend.domains.commitments.enums import CommitmentState

# Where no area has set its own hours.
USUAL_OPENING, USUAL_DUE = time(6), time(10)


class DayHours(msgspec.Struct, frozen=True):
    """The hours of one area on one plant day, as instants. deadline_id: the row that set them, None = usual ones."""

    on: date
    opens_at: datetime
    due_at: datetime
    ends_at: datetime
    deadline_id: int | None = None


def state_of_day(on_time: bool | None, hours: DayHours, now: datetime) -> CommitmentState:
    """How the day stands. on_time: of the first filing, None without one. Filing at the very due is on time."""
    if on_time is not None:
        return CommitmentState.ON_TIME if on_time else CommitmentState.LATE
    if now <= hours.due_at:
        return CommitmentState.NOT_DUE
    return CommitmentState.OVERDUE if now < hours.ends_at else CommitmentState.MISSED


def signed_offline_note(signed_at: datetime, filed_at: datetime, zone: ZoneInfo) -> str:
    """What is recorded for a filing that was signed in time and arrived too late."""
    signed, filed = signed_at.astimezone(zone), filed_at.astimezone(zone)
    return f"signed offline at {signed:%Y-%m-%d %H:%M}, received at {filed:%Y-%m-%d %H:%M}"
