"""Topics and payloads: what is taken, what is refused, and that nothing makes the decoder stumble."""

from __future__ import annotations

import json
import math
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.ingest.contract import MAX_PAYLOAD_BYTES, parse_topic
from backend.ingest.decoding import decode_birth, decode_event, decode_frames, decode_state
from backend.ingest.reasons import Reason, Rejected

GOOD = {"t": 1_700_000_000_000, "n": 17, "layout": 3, "v": [12.5, None, 0], "q": [0, 2, 0]}


def reason_of(call, *given_):
    with pytest.raises(Rejected) as refused:
        call(*given_)
    return refused.value.reason


def test_topic_of_the_contract():
    assert parse_topic("anlan/v1/370305/E-001/GW_1/frame") == ("370305", "E-001", "GW_1", "frame")
    assert parse_topic("anlan/v1/3703A1/E-001/GW_1/state").region == "3703A1"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "anlan/v2/370305/E/G/frame",
        "anlan/v1/37030/E/G/frame",
        "anlan/v1/370305/E/G/cmd",
        "anlan/v1/370305/E/G/frame/x",
        "anlan/v1/370305/E/G frame/frame",
        "anlan/v1/370305//G/frame",
        "anlan/v1/370305/E/" + "G" * 41 + "/frame",
        "anlan/v1/370305/E/G/frame\n",
    ],
)
def test_other_topics_are_foreign(topic):
    assert reason_of(parse_topic, topic) is Reason.FOREIGN_TOPIC


@pytest.mark.parametrize("encode", [msgspec.json.encode, msgspec.msgpack.encode], ids=["json", "msgpack"])
class TestBothEncodings:
    def test_one_frame(self, encode):
        frames, refused = decode_frames(encode(GOOD))
        assert refused == []
        assert (frames[0].t, frames[0].n, frames[0].layout) == (1_700_000_000_000, 17, 3)
        assert frames[0].v == [12.5, None, 0.0]
        assert frames[0].q == [0, 2, 0]

    def test_a_list_of_frames(self, encode):
        frames, refused = decode_frames(encode([GOOD, GOOD | {"n": 18}]))
        assert [each.n for each in frames] == [17, 18]
        assert refused == []

    def test_by_name(self, encode):
        frames, _ = decode_frames(encode({"t": 1, "p": {"TK101-LI": 12.5, "TK101-TI": None}}))
        assert frames[0].p == {"TK101-LI": 12.5, "TK101-TI": None}

    def test_a_list_with_one_bad_frame_keeps_the_others(self, encode):
        frames, refused = decode_frames(encode([GOOD, {"t": "noon", "v": [1]}, GOOD | {"n": 18}]))
        assert [each.n for each in frames] == [17, 18]
        assert [(each.reason, each.detail) for each in refused] == [
            (Reason.MALFORMED, "frame 1: `t` is not a time in ms")
        ]

    def test_values_that_are_no_numbers_leave_their_neighbours(self, encode):
        frames, refused = decode_frames(encode(GOOD | {"v": ["12.5", True, 7], "q": [0, "bad", 0]}))
        assert refused == []
        assert math.isnan(frames[0].v[0])
        assert math.isnan(frames[0].v[1])
        assert frames[0].v[2] == 7
        assert frames[0].q == [0, 8, 0]

    @pytest.mark.parametrize("payload", [17, "text", True, None, [17], {"v": [1]}, {"t": 1, "v": 5}, {"t": 1, "q": 5}])
    def test_other_shapes_are_malformed(self, encode, payload):
        try:
            frames, refused = decode_frames(encode(payload))
        except Rejected as rejected:
            frames, refused = [], [rejected]
        assert frames == []
        assert [each.reason for each in refused] == [Reason.MALFORMED]

    def test_birth(self, encode):
        birth = decode_birth(
            encode({"layout": 3, "points": [{"tag": "A", "kind": "level", "unit": "%"}, {"tag": "B"}]})
        )
        assert (birth.layout, [point.tag for point in birth.points]) == (3, ["A", "B"])

    @pytest.mark.parametrize(
        "payload",
        [
            {"layout": 3},
            {"layout": -1, "points": [{"tag": "A"}]},
            {"layout": 1, "points": []},
            {"layout": 1, "points": [{"tag": "A"}, {"tag": "A"}]},
            {"layout": 1, "points": [{"tag": ""}]},
            {"layout": 2**31, "points": [{"tag": "A"}]},
        ],
    )
    def test_births_that_cannot_be(self, encode, payload):
        assert reason_of(decode_birth, encode(payload)) is Reason.MALFORMED

    def test_state_and_event(self, encode):
        assert decode_state(encode({"online": False})).online is False
        event = decode_event(encode({"t": 1, "id": "x", "type": "loading.earth_lost", "bay": "B2", "on": True}))
        assert (event.type, event.bay, event.on) == ("loading.earth_lost", "B2", True)
        assert reason_of(decode_state, encode({"online": "yes"})) is Reason.MALFORMED
        assert reason_of(decode_event, encode({"t": 1})) is Reason.MALFORMED


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("NaN", math.isnan),
        ("Infinity", math.isinf),
        ("-Infinity", math.isinf),
        ("1e400", math.isinf),
        ("-1e400", math.isinf),
        ("9" * 400, math.isinf),
        ("9" * 6000, math.isinf),
    ],
)
def test_json_that_overflows_spoils_one_value_only(text, check):
    frames, refused = decode_frames(b'{"t": 1700000000000, "layout": 3, "v": [1, %b, 3]}' % text.encode())
    assert refused == []
    assert check(frames[0].v[1])
    assert frames[0].v[::2] == [1, 3]


def test_a_bom_and_white_space_before_json_are_harmless():
    assert decode_frames(b"\xef\xbb\xbf \r\n" + json.dumps(GOOD).encode())[0][0].n == 17


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[",
        b"nonsense",
        b"\xff\xfe",
        b"{" * 5000,
        b"[" * 200_000,
        b"\x91" * 200_000,
        b'{"t": 1,}',
        b"\xc1",
        b"[]x",
    ],
)
def test_unreadable_bytes_are_malformed(payload):
    assert reason_of(decode_frames, payload) is Reason.MALFORMED


def test_a_payload_of_10_mb_is_not_even_read():
    assert reason_of(decode_frames, b" " * 10_000_000) is Reason.TOO_LARGE
    assert reason_of(decode_birth, b"{" + b" " * MAX_PAYLOAD_BYTES) is Reason.TOO_LARGE


def test_an_empty_list_holds_no_frames():
    assert decode_frames(b"[]") == ([], [])


def test_what_postgresql_cannot_hold_is_replaced():
    birth = decode_birth(b'{"layout": 1, "points": [{"tag": "A\\u0000B"}]}')
    assert birth.points[0].tag == "A\N{REPLACEMENT CHARACTER}B"
    frames, _ = decode_frames(b'{"t": 1, "p": {"\\ud800": NaN}}')
    next(iter(frames[0].p)).encode()
    assert "\0" not in Rejected(Reason.UNKNOWN_TAG, "A\0").detail


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*"tnvqp", "layout", "x"]), inner, max_size=6)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), JSONISH.map(lambda raw: json.dumps(raw).encode()), JSONISH.map(lambda raw: _pack(raw))
    )
)
def test_any_bytes_give_frames_or_a_reason(payload):
    for decode in (decode_frames, decode_birth, decode_event, decode_state):
        with suppress(Rejected):
            decode(payload)


def _pack(raw):
    try:
        return msgspec.msgpack.encode(raw)
    except OverflowError:
        return b"\x80"
