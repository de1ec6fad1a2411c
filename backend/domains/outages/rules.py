"""What is decided of stops and gaps without a database: hours, states, and how a gap closes."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from backend.domains.outages.enums import GapClosing, GapState, StopEnding, StopState

# Until somebody sets another deadline: the shift that saw it and the one after it can still tell why.
DEFAULT_EXPLAIN_WITHIN_H = 24
LEAST_HOURS, MOST_HOURS = 1, 720
# A stop is planned for a turnaround at most; and a phone that was offline may bring one that began yesterday.
LONGEST_STOP = timedelta(days=180)
FURTHEST_AHEAD = timedelta(days=366)
LATEST_ARRIVAL = timedelta(days=7)
# A phone needs a moment to send what is signed now.
GRACE = timedelta(minutes=5)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a filing, and in which field (camelCase, as on the wire)."""

    field: str
    words: str


def fault_of_hours(starts_at: datetime, ends_at: datetime, now: datetime) -> Fault | None:
    """Whether the hours of a stop can be: in order, not over, not too long, not too far ahead."""
    if ends_at <= starts_at:
        return Fault("endsAt", "a stop must end after it begins")
    if ends_at <= now:
        return Fault("endsAt", "this stop is over already; explain its gap in the ledger instead")
    if ends_at - starts_at > LONGEST_STOP:
        return Fault("endsAt", f"a stop is filed for at most {LONGEST_STOP.days} days")
    if starts_at > now + FURTHEST_AHEAD:
        return Fault("startsAt", "a stop is filed at most a year ahead")
    if starts_at < now - LATEST_ARRIVAL:
        return Fault("startsAt", "this stop began more than a week ago; explain its gap in the ledger instead")
    return None


def is_late(starts_at: datetime, now: datetime) -> bool:
    """Whether a stop is filed after it began; our clock decides (decision 0006)."""
    return now > starts_at + GRACE


def fault_of_prolongation(ends_at: datetime, until: datetime, starts_at: datetime, now: datetime) -> Fault | None:
    """Whether a stop that ends at `ends_at` can be made to end at `until`."""
    if until <= ends_at:
        return Fault("endsAt", "a prolonged stop ends later than before")
    if until <= now:
        return Fault("endsAt", "a prolonged stop ends in the future")
    if until - starts_at > LONGEST_STOP:
        return Fault("endsAt", f"a stop is filed for at most {LONGEST_STOP.days} days")
    return None


def stop_state(starts_at: datetime, ends_at: datetime, ending: StopEnding | None, now: datetime) -> StopState:
    """What a filed stop means at `now`."""
    if ending is not None:
        return StopState.RETURNED if ending is StopEnding.RETURNED else StopState.WITHDRAWN
    if now < starts_at:
        return StopState.PLANNED
    return StopState.RUNNING if now < ends_at else StopState.OVER


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A gap as far as its state is concerned. filed_until: until when a filed stop covers it; None = no stop does."""

    due_at: datetime
    closed_at: datetime | None = None
    explained_at: datetime | None = None
    filed_until: datetime | None = None


def gap_state(gap: Gap, now: datetime) -> GapState:
    """Where a gap stands: inside a filed stop it is never overdue, and a reason given in time stops the clock."""
    if gap.closed_at is not None:
        return GapState.CLOSED
    if gap.explained_at is not None:
        return GapState.EXPLAINED
    if gap.filed_until is not None and now < gap.filed_until:
        return GapState.FILED
    return GapState.OVERDUE if now >= gap.due_at else GapState.OPEN


def due_at(opened_at: datetime, explain_within_h: int, filed_until: datetime | None) -> datetime:
    """Until when a gap must be explained: so many hours from when it was found, or from the end of its filed stop."""
    return max(opened_at, filed_until or opened_at) + timedelta(hours=explain_within_h)


def fault_of_deadline(due: datetime, now: datetime) -> Fault | None:
    """Whether a gap can be due then: some time is left, and it is not put off for ever."""
    if due < now + timedelta(hours=LEAST_HOURS):
        return Fault("dueAt", f"a deadline leaves at least {LEAST_HOURS} h from now")
    if due > now + timedelta(hours=MOST_HOURS):
        return Fault("dueAt", f"a deadline lies at most {MOST_HOURS // 24} days ahead")
    return None


def closing_of(
    *, has_ended: bool, is_filled: bool, explained: bool, filed_in_advance: bool, within_filing: bool
) -> GapClosing | None:
    """How a gap can be closed by now, or None.

    The data themselves are worth most, then a stop that was filed in advance and not overrun, then a reason.
    """
    if not has_ended:
        return None
    if is_filled:
        return GapClosing.BACKFILL
    if filed_in_advance and within_filing:
        return GapClosing.FILED
    return GapClosing.REASON if explained else None
