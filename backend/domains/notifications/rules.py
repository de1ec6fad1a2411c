"""Whom an alarm wakes, how urgently, and what an answer of a push service means."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from backend.domains.alarms.enums import RiskLevel
from backend.kit.ids import short_id

MOST_ATTEMPTS = 5
# What could not be delivered for this long is no longer news; the alarm list tells it.
STALE_AFTER = timedelta(hours=1)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 600.0
MOST_DEVICES = 10
TESTS_A_MINUTE = 6


class Verdict(StrEnum):
    """What becomes of a message after an answer."""

    ACCEPTED = "accepted"
    GONE = "gone"
    AGAIN = "again"
    REFUSED = "refused"


class Manner(Struct, frozen=True):
    """How a message travels (RFC 8030): seconds the push service keeps it, urgency, and the topic it replaces."""

    ttl_s: int
    urgency: str
    topic: str


def areas_told(risk_level: int, adcode: str, line: frozenset[str]) -> frozenset[str]:
    """The areas whose regulators hear of an alarm beside the enterprise's own people.

    Blue: none. Yellow: the enterprise's own area. Orange and red: the whole line above it. Source: standards 7.3.
    """
    if risk_level <= RiskLevel.BLUE:
        return frozenset()
    return frozenset({adcode}) if risk_level == RiskLevel.YELLOW else line | {adcode}


def manner_of(risk_level: int | None, alarm_id: UUID | None) -> Manner:
    """Orange and red are urgent and kept for an hour; the rest, and tests, for ten minutes."""
    grave = risk_level is not None and risk_level >= RiskLevel.ORANGE
    # At most 32 characters of the base64url alphabet (RFC 8030, 5.4).
    topic = f"alarm-{short_id(alarm_id)}" if alarm_id else "test"
    return Manner(3600 if grave else 600, "high" if grave else "normal", topic)


def verdict_on(status: int | None) -> Verdict:
    """What an HTTP status means; None = no answer at all. Redirects are refused: we call only who we know."""
    if status is None or status == 429 or status >= 500:
        return Verdict.AGAIN
    if status in (404, 410):
        return Verdict.GONE
    return Verdict.ACCEPTED if 200 <= status < 300 else Verdict.REFUSED


def pause_s(attempts: int, retry_after_s: float | None) -> float:
    """Seconds until the next try after `attempts` of them: 2, 8, 32, 128, or longer when the service asks for it."""
    wait: float = FIRST_PAUSE_S * 4 ** (attempts - 1)
    return min(max(wait, retry_after_s or 0.0), LONGEST_PAUSE_S)


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """The seconds of a Retry-After header, given as a number or as an HTTP date; None when it says nothing usable."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        return max((parsedate_to_datetime(header) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
