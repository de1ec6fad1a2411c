"""Events as bytes."""

from __future__ import annotations

from backend.domains.live.wire import PING, encode_event, encode_retry


def test_event_is_one_block_of_lines() -> None:
    assert encode_event("alarm", {"id": "x", "title": "两\n行"}, 7) == (
        'id: 7\nevent: alarm\ndata: {"id":"x","title":"两\\n行"}\n\n'.encode()
    )


def test_event_without_an_id_leaves_the_last_one_standing() -> None:
    assert encode_event("risk", {}) == b"event: risk\ndata: {}\n\n"


def test_ping_is_a_comment_and_retry_is_in_milliseconds() -> None:
    assert PING.startswith(b":")
    assert encode_retry(3) == b"retry: 3000\n\n"
