"""How many refusals get a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backend.ingest.reasons import Reason, Rejected
from backend.ingest.refusals import Allowance, Refusal

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def refusal(gateway_id: int | None = 1, reason: Reason = Reason.MALFORMED, at: datetime = AT) -> Refusal:
    return Refusal.of(Rejected(reason, "x"), gateway_id, "t", b"p", at)


def test_each_gateway_and_reason_has_its_own_allowance():
    allowance = Allowance(per_hour=2, per_hour_unknown=1)
    sent = [refusal(), refusal(), refusal(), refusal(2), refusal(1, Reason.UNKNOWN_TAG), refusal(None), refusal(None)]
    kept = allowance.keep(sent)
    assert [(each.gateway_id, each.reason) for each in kept] == [
        (1, Reason.MALFORMED),
        (1, Reason.MALFORMED),
        (2, Reason.MALFORMED),
        (1, Reason.UNKNOWN_TAG),
        (None, Reason.MALFORMED),
    ]
    assert allowance.dropped == 2


def test_the_next_hour_begins_anew():
    allowance = Allowance(per_hour=1)
    assert len(allowance.keep([refusal(), refusal(), refusal(at=AT + timedelta(hours=1))])) == 2


def test_a_row_keeps_the_beginning_and_nothing_that_postgresql_cannot_hold():
    row = Refusal.of(Rejected(Reason.MALFORMED, "\0" * 900), None, "t\0" * 900, b"x" * 5000, AT)
    assert (len(row.payload), len(row.topic), len(row.detail)) == (1024, 300, 500)
    assert "\0" not in row.topic + row.detail
