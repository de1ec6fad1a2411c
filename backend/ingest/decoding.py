"""From payload bytes to the structs of the contract.

Well-formed frames take the straight way through a typed decoder. What it refuses is read again with patience, value by
value, so that one NaN or one misspelt frame in a list does not take the good ones beside it along.
"""

from __future__ import annotations

import json
import math
from typing import Any, TypeVar

import msgspec

from backend.domains.monitoring.enums import Quality
from backend.ingest.contract import MAX_PAYLOAD_BYTES, Birth, EdgeEvent, State, WireFrame, parse_topic
from backend.ingest.reasons import Reason, Rejected, clean_text

__all__ = ["decode_birth", "decode_event", "decode_frames", "decode_state", "parse_topic"]

Payload = TypeVar("Payload")
BOM = b"\xef\xbb\xbf"
WHITE = b" \t\r\n"
# What can go wrong in a decoder: bad bytes, wrong shape, nesting without end, numbers without end.
UNREADABLE = (msgspec.DecodeError, ValueError, RecursionError, OverflowError, TypeError, MemoryError)

_frames_json = msgspec.json.Decoder(WireFrame | list[WireFrame])
_frames_pack = msgspec.msgpack.Decoder(WireFrame | list[WireFrame])
_birth = (msgspec.json.Decoder(Birth), msgspec.msgpack.Decoder(Birth))
_event = (msgspec.json.Decoder(EdgeEvent), msgspec.msgpack.Decoder(EdgeEvent))
_state = (msgspec.json.Decoder(State), msgspec.msgpack.Decoder(State))


def decode_frames(payload: bytes) -> tuple[list[WireFrame], list[Rejected]]:
    """The frames of one message and what of it was refused; raises Rejected when nothing can be read.

    A value that is no finite number stays in its frame as NaN or infinity: the caller knows its tag and names it.
    """
    payload, as_json = _told_apart(payload)
    try:
        frames = _frames_json.decode(payload) if as_json else _frames_pack.decode(payload)
    except UNREADABLE:
        return _patiently(payload, as_json)
    return (frames, []) if isinstance(frames, list) else ([frames], [])


def decode_birth(payload: bytes) -> Birth:
    """A birth; raises Rejected. A tag may stand in it once."""
    birth = _strictly(payload, *_birth)
    tags = [clean_text(point.tag) for point in birth.points]
    if len(set(tags)) != len(tags):
        raise Rejected(Reason.MALFORMED, "a tag stands in the birth twice")
    for point, tag in zip(birth.points, tags, strict=True):
        point.tag = tag
    return birth


def decode_event(payload: bytes) -> EdgeEvent:
    """An event of the edge; raises Rejected."""
    return _strictly(payload, *_event)


def decode_state(payload: bytes) -> State:
    """Whether the gateway is there; raises Rejected."""
    return _strictly(payload, *_state)


def _told_apart(payload: bytes) -> tuple[bytes, bool]:
    """The payload without what may stand before JSON, and whether it is JSON (else MessagePack)."""
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise Rejected(Reason.TOO_LARGE, f"{len(payload)} bytes, at most {MAX_PAYLOAD_BYTES} are read")
    if payload[:1] not in (b"{", b"["):
        text = payload.removeprefix(BOM).lstrip(WHITE)
        if text[:1] in (b"{", b"["):
            return text, True
    if not payload:
        raise Rejected(Reason.MALFORMED, "an empty message")
    # "{" and "[" are small numbers in MessagePack, which no payload of ours begins with.
    return payload, payload[:1] in (b"{", b"[")


def _strictly(
    payload: bytes, from_json: msgspec.json.Decoder[Payload], from_pack: msgspec.msgpack.Decoder[Payload]
) -> Payload:
    payload, as_json = _told_apart(payload)
    try:
        return from_json.decode(payload) if as_json else from_pack.decode(payload)
    except UNREADABLE as exc:
        raise Rejected(Reason.MALFORMED, str(exc)) from exc


def _patiently(payload: bytes, as_json: bool) -> tuple[list[WireFrame], list[Rejected]]:
    try:
        if as_json:
            raw = json.loads(payload, parse_constant=float, parse_int=_whole)
        else:
            raw = msgspec.msgpack.decode(payload)
    except UNREADABLE as exc:
        raise Rejected(Reason.MALFORMED, str(exc)) from exc
    frames: list[WireFrame] = []
    refused: list[Rejected] = []
    for position, one in enumerate(raw if isinstance(raw, list) else [raw]):
        try:
            frames.append(_frame(one))
        except Rejected as rejected:
            refused.append(Rejected(rejected.reason, f"frame {position}: {rejected.detail}"))
    return frames, refused


def _whole(digits: str) -> int | float:
    """An integer of JSON; beyond any use of ours as a float, because reading thousands of digits costs too much."""
    return int(digits) if len(digits) <= 20 else float(digits)


def _frame(raw: Any) -> WireFrame:
    if not isinstance(raw, dict):
        raise Rejected(Reason.MALFORMED, "a frame is an object")
    t = _integer(raw.get("t"))
    if t is None:
        raise Rejected(Reason.MALFORMED, "`t` is not a time in ms")
    layout, v, q, p, pq = raw.get("layout"), raw.get("v"), raw.get("q"), raw.get("p"), raw.get("pq")
    if v is not None and not isinstance(v, list):
        raise Rejected(Reason.MALFORMED, "`v` is not a list")
    if q is not None and not isinstance(q, list):
        raise Rejected(Reason.MALFORMED, "`q` is not a list")
    if p is not None and not isinstance(p, dict):
        raise Rejected(Reason.MALFORMED, "`p` is not an object")
    if pq is not None and not isinstance(pq, dict):
        raise Rejected(Reason.MALFORMED, "`pq` is not an object")
    return WireFrame(
        t=t,
        n=_integer(raw.get("n")),
        layout=_integer(layout),
        v=None if v is None else [_value(each) for each in v],
        q=None if q is None else [_quality(each) for each in q],
        p=None if p is None else {clean_text(str(tag)): _value(each) for tag, each in p.items()},
        pq=None if pq is None else {clean_text(str(tag)): _quality(each) for tag, each in pq.items()},
        late=raw.get("late") is True,
    )


def _integer(raw: Any) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, float) and math.isfinite(raw) and raw.is_integer():
        return int(raw)
    return raw if isinstance(raw, int) else None


def _value(raw: Any) -> float | None:
    if raw is None:
        return None
    if isinstance(raw, float):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw) if abs(raw) < 2**64 else math.inf
    return math.nan


def _quality(raw: Any) -> int:
    code = _integer(raw)
    return Quality.BAD_CONFIG if code is None else code
