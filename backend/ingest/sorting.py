"""Sorting a batch of messages: what each one is, whose it is, and what of it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog

from backend.ingest.city import City, Gateway, Layout, instant
from backend.ingest.contract import EdgeEvent, Topic
from backend.ingest.decoding import decode_birth, decode_event, decode_frames, decode_state, parse_topic
from backend.ingest.frames import FUTURE_AFTER_MS, KEPT_MS, Frame, awaits_birth, place_frame, unknown_tags
from backend.ingest.presence import PresenceChange, heard, told_state
from backend.ingest.reasons import Reason, Rejected
from backend.ingest.refusals import Refusal

log = structlog.get_logger()

# A broker may bring what is retained, births among it, behind the frames of the same moment: such frames wait so long.
AWAIT_BIRTH_MS = 5_000
# What waits is not acknowledged, and a broker stops sending when too much is open.
MOST_WAITING = 200


class Message(NamedTuple):
    """One MQTT message; `mid` is what it is acknowledged by."""

    topic: str
    payload: bytes
    retained: bool
    received_ms: int
    mid: int = 0


@dataclass(slots=True)
class Batch:
    """What a batch of messages comes to. layouts: those to store before the frames that run along them.

    senders: all gateways of ours that said anything. waiting: messages of which nothing was taken, because their
    birth may be on its way.
    """

    frames: list[Frame] = field(default_factory=list)
    layouts: dict[Layout, Gateway] = field(default_factory=dict)
    births: list[tuple[Gateway, Layout, int]] = field(default_factory=list)
    presence: list[PresenceChange] = field(default_factory=list)
    events: list[tuple[Gateway, EdgeEvent, int]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    senders: set[Gateway] = field(default_factory=set)
    waiting: list[Message] = field(default_factory=list)


def sort_messages(city: City, messages: Sequence[Message], now_ms: int) -> Batch:
    """Decode and place every message, in the order of arrival; births count for the frames behind them.

    now_ms: decides which frames whose birth is missing may still wait for it.
    """
    batch = Batch()
    for message in messages:
        refused: list[Rejected] = []
        gateway: Gateway | None = None
        try:
            topic = parse_topic(message.topic)
            gateway = city.gateways.get(topic.gateway)
            _sort_one(batch, _owner(gateway, topic), topic, message, refused, now_ms)
        except Rejected as rejected:
            refused.append(rejected)
        except Exception as exc:
            # Whatever a payload does to us, the messages beside it go on.
            log.exception("message.not_understood", topic=message.topic)
            refused.append(Rejected(Reason.NOT_STORABLE, repr(exc)))
        for each in refused:
            owner = gateway.id if gateway else None
            batch.refusals.append(Refusal.of(each, owner, message.topic, message.payload, instant(message.received_ms)))
    return batch


def _owner(gateway: Gateway | None, topic: Topic) -> Gateway:
    if gateway is None or not gateway.active:
        raise Rejected(Reason.UNKNOWN_GATEWAY, topic.gateway)
    if (topic.region, topic.enterprise) != (gateway.region, gateway.enterprise):
        raise Rejected(
            Reason.FOREIGN_TOPIC, f"{gateway.code} belongs to {gateway.region}/{gateway.enterprise}, not to this branch"
        )
    return gateway


def _sort_one(
    batch: Batch, gateway: Gateway, topic: Topic, message: Message, refused: list[Rejected], now_ms: int
) -> None:
    at_ms = message.received_ms
    batch.senders.add(gateway)
    if not message.payload and topic.kind in ("birth", "state"):
        return  # How MQTT takes a retained message back; what it told stays told.
    if topic.kind == "frame":
        _sort_frames(batch, gateway, message, refused, now_ms)
    elif topic.kind == "state":
        online = decode_state(message.payload).online
        _note(batch, told_state(gateway, online, retained=message.retained, at_ms=at_ms))
    elif topic.kind == "birth":
        birth = decode_birth(message.payload)
        layout = Layout.of(birth.layout, (point.tag for point in birth.points), gateway.slots)
        known = gateway.layouts.get(birth.layout)
        if known is not None and known.tags == layout.tags:
            gateway.current = known
        else:
            gateway.layouts[birth.layout] = gateway.current = layout
            _want_layout(batch, gateway, layout)
            batch.births.append((gateway, layout, at_ms))
            refused += [Rejected(Reason.UNKNOWN_TAG, tag) for tag in unknown_tags(layout)]
        if not message.retained:
            _note(batch, heard(gateway, at_ms))
    else:
        event = decode_event(message.payload)
        if event.t > at_ms + FUTURE_AFTER_MS:
            raise Rejected(Reason.FUTURE_TIME, "the event is ahead of its arrival")
        if event.t < at_ms - KEPT_MS:
            raise Rejected(Reason.BAD_TIME, "the event is more than 90 days before its arrival")
        batch.events.append((gateway, event, at_ms))
        _note(batch, heard(gateway, at_ms))


def _sort_frames(batch: Batch, gateway: Gateway, message: Message, refused: list[Rejected], now_ms: int) -> None:
    wires, problems = decode_frames(message.payload)
    _note(batch, heard(gateway, message.received_ms))
    may_wait = now_ms - message.received_ms < AWAIT_BIRTH_MS and len(batch.waiting) < MOST_WAITING
    if may_wait and any(awaits_birth(wire, gateway) for wire in wires):
        batch.waiting.append(message)
        return
    refused += problems
    for wire in wires:
        frame, odd = place_frame(wire, gateway, message.received_ms)
        refused += odd
        if frame is not None:
            _want_layout(batch, gateway, frame.layout)
            batch.frames.append(frame)


def _want_layout(batch: Batch, gateway: Gateway, layout: Layout) -> None:
    if layout.id == 0:
        batch.layouts[layout] = gateway


def _note(batch: Batch, change: PresenceChange | None) -> None:
    if change is not None:
        batch.presence.append(change)
