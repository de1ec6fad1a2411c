from datetime import UTC, datetime
from uuid import uuid4

import pytest

from backend.domains.notifications.rules import (
    Verdict,
    areas_told,
    manner_of,
    pause_s,
    retry_after_s,
    verdict_on,
)
from tests.support.push_service import TOPIC

LINE = frozenset({"370300", "370305"})
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("risk_level", "areas"), [(0, set()), (1, {"370305"}), (2, {"370305", "370300"}), (3, {"370305", "370300"})]
)
def test_the_graver_the_colour_the_further_it_is_told(risk_level: int, areas: set[str]) -> None:
    assert areas_told(risk_level, "370305", LINE) == areas


@pytest.mark.parametrize(
    ("risk_level", "ttl_s", "urgency"),
    [(None, 600, "normal"), (0, 600, "normal"), (1, 600, "normal"), (2, 3600, "high"), (3, 3600, "high")],
)
def test_orange_and_red_are_urgent_and_kept_for_an_hour(risk_level: int | None, ttl_s: int, urgency: str) -> None:
    manner = manner_of(risk_level, uuid4())
    assert (manner.ttl_s, manner.urgency) == (ttl_s, urgency)


def test_topics_are_short_and_one_for_each_alarm() -> None:
    one, other = uuid4(), uuid4()
    assert TOPIC.fullmatch(manner_of(3, one).topic)
    assert manner_of(0, one).topic == manner_of(3, one).topic != manner_of(3, other).topic


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.ACCEPTED),
        (201, Verdict.ACCEPTED),
        (202, Verdict.ACCEPTED),
        (301, Verdict.REFUSED),
        (307, Verdict.REFUSED),
        (400, Verdict.REFUSED),
        (401, Verdict.REFUSED),
        (403, Verdict.REFUSED),
        (404, Verdict.GONE),
        (410, Verdict.GONE),
        (413, Verdict.REFUSED),
        (429, Verdict.AGAIN),
        (500, Verdict.AGAIN),
        (503, Verdict.AGAIN),
        (None, Verdict.AGAIN),
    ],
)
def test_answers_are_understood(status: int | None, verdict: Verdict) -> None:
    assert verdict_on(status) is verdict


def test_pauses_grow_and_heed_the_service_within_reason() -> None:
    assert [pause_s(attempts, None) for attempts in (1, 2, 3, 4)] == [2, 8, 32, 128]
    assert pause_s(1, 45.0) == 45
    assert pause_s(3, 1.0) == 32
    assert pause_s(1, 86_400.0) == 600


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Tue, 24 Nov 2026 01:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, NOW) == seconds
