"""Sorting a batch of messages: what each one is, whose it is, and what of it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import structlog

from backend.domains.monitoring.enums import GatewayEventKind
from backend.ingest.city import City, Gateway, Layout, instant
from backend.ingest.contract import PREFIX, EdgeEvent, Topic, WireFrame
from backend.ingest.decoding import decode_birth, decode_event, decode_frames, decode_state, parse_topic
from backend.ingest.frames import FUTURE_AFTER_MS, KEPT_MS, Frame, awaits_birth, place_frame, unknown_tags
from backend.ingest.presence import PresenceChange, heard, told_state
from backend.ingest.reasons import Reason, Rejected
from backend.ingest.refusals import Refusal
from backend.ingest.sparkplug.node import Node
from backend.ingest.sparkplug.reading import NoBirth, read_message
from backend.ingest.sparkplug.topics import is_sparkplug, pack, parse_sparkplug_topic, unpack

log = structlog.get_logger()

# A broker may bring what is retained, births among it, behind the frames of the same moment: such frames wait so long.
AWAIT_BIRTH_MS = 5_000
# What waits is not acknowledged, and a broker stops sending when too much is open.
MOST_WAITING = 200


class Message(NamedTuple):
    """One MQTT message; `mid` is what it is acknowledged by, on the link that brought it.

    upload: the batch over HTTP that it came as, 0 = it came from a broker.
    """

    topic: str
    payload: bytes
    retained: bool
    received_ms: int
    mid: int = 0
    link: Any = None
    upload: int = 0


class Elsewhere(NamedTuple):
    """A message for a region that another process holds: it is sent on under this topic, and then acknowledged."""

    message: Message
    topic: str
    payload: bytes


@dataclass(slots=True)
class Outcome:
    """What became of a batch that came over HTTP."""

    frames: list[Frame] = field(default_factory=list)
    refused: list[Rejected] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """What a batch of messages comes to. layouts: those to store before the frames that run along them.

    senders: all gateways of ours that said anything. waiting: messages of which nothing was taken, because their
    birth may be on its way. elsewhere: those for regions that others hold. reborn: Sparkplug nodes to be asked for
    their births. outcomes: by the number of the upload.
    """

    frames: list[Frame] = field(default_factory=list)
    layouts: dict[Layout, Gateway] = field(default_factory=dict)
    births: list[tuple[Gateway, Layout, int]] = field(default_factory=list)
    presence: list[PresenceChange] = field(default_factory=list)
    events: list[tuple[Gateway, EdgeEvent, int]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    senders: set[Gateway] = field(default_factory=set)
    waiting: list[Message] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    reborn: list[Gateway] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)


def sort_messages(city: City, messages: Sequence[Message], now_ms: int) -> Batch:
    """Decode and place every message, in the order of arrival; births count for the frames behind them.

    now_ms: decides which frames whose birth is missing may still wait for it.
    """
    batch = Batch()
    for message in messages:
        refused: list[Rejected] = []
        gateway: Gateway | None = None
        if message.upload:
            batch.outcomes[message.upload] = Outcome(refused=refused)
        try:
            if is_sparkplug(message.topic):
                if (told := parse_sparkplug_topic(message.topic)) is not None:
                    gateway = city.gateways.get(told.gateway)
                    owner = _owner(gateway, told.gateway, told.enterprise)
                    if city.is_ours(owner):
                        _sort_sparkplug(batch, owner, told.kind, told.device, message, refused, now_ms)
                    else:
                        branch = f"{PREFIX}/{owner.region}/{owner.enterprise}/{owner.code}"
                        batch.elsewhere.append(Elsewhere(message, f"{branch}/sparkplug", pack(told, message.payload)))
                continue
            topic = parse_topic(message.topic)
            gateway = city.gateways.get(topic.gateway)
            owner = _owner(gateway, topic.gateway, topic.enterprise)
            if city.is_ours(owner):
                _sort_one(batch, owner, topic, message, refused, now_ms)
            elif topic.region != owner.region and not message.retained:
                # Its enterprise has moved: what it sent before it learned so waits in the session of the old region.
                moved = f"{PREFIX}/{owner.region}/{owner.enterprise}/{owner.code}/{topic.kind}"
                batch.elsewhere.append(Elsewhere(message, moved, message.payload))
        except Rejected as rejected:
            refused.append(rejected)
        except Exception as exc:
            # Whatever a payload does to us, the messages beside it go on.
            log.exception("message.not_understood", topic=message.topic)
            refused.append(Rejected(Reason.NOT_STORABLE, repr(exc)))
        finally:
            for each in refused:
                at, whose = instant(message.received_ms), gateway.id if gateway else None
                batch.refusals.append(Refusal.of(each, whose, message.topic, message.payload, at))
    return batch


def _owner(gateway: Gateway | None, code: str, enterprise: str) -> Gateway:
    if gateway is None or not gateway.active:
        raise Rejected(Reason.UNKNOWN_GATEWAY, code)
    if enterprise != gateway.enterprise:
        raise Rejected(
            Reason.FOREIGN_TOPIC, f"{gateway.code} belongs to {gateway.region}/{gateway.enterprise}, not to this branch"
        )
    return gateway


def _sort_sparkplug(
    batch: Batch,
    gateway: Gateway,
    kind: str,
    device: str,
    message: Message,
    refused: list[Rejected],
    now_ms: int,
    payload: bytes | None = None,
) -> None:
    at_ms = message.received_ms
    batch.senders.add(gateway)
    node = gateway.node = gateway.node or Node()
    try:
        raw = message.payload if payload is None else payload
        read = read_message(node, kind, device, raw, gateway.slots, at_ms)
    except NoBirth as unborn:
        _ask_rebirth(batch, gateway, node, unborn.detail, now_ms)
        raise
    refused += read.refused
    if read.asks_rebirth:
        _ask_rebirth(batch, gateway, node, read.asks_rebirth, now_ms)
    if read.is_death:
        _note(batch, told_state(gateway, False, retained=False, at_ms=at_ms))
        return
    _note(batch, heard(gateway, at_ms))
    if read.is_birth:
        batch.presence.append(PresenceChange(gateway, GatewayEventKind.BIRTH, at_ms, f"Sparkplug, bdSeq {node.bd_seq}"))
    for wire in read.frames:
        _place(batch, gateway, wire, message, refused, read.apart_us)


def _ask_rebirth(batch: Batch, gateway: Gateway, node: Node, why: str, now_ms: int) -> None:
    if node.may_be_asked(now_ms):
        log.info("gateway.rebirth_asked", gateway=gateway.code, why=why)
        batch.reborn.append(gateway)


def _sort_one(
    batch: Batch, gateway: Gateway, topic: Topic, message: Message, refused: list[Rejected], now_ms: int
) -> None:
    at_ms = message.received_ms
    batch.senders.add(gateway)
    if not message.payload and topic.kind in ("birth", "state"):
        return  # How MQTT takes a retained message back; what it told stays told.
    if topic.kind == "sparkplug":
        packed = unpack(message.payload)
        _sort_sparkplug(batch, gateway, packed.kind, packed.device, message, refused, now_ms, packed.payload)
    elif topic.kind == "frame":
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
        batch.outcomes.pop(message.upload, None)
        return
    refused += problems
    for wire in wires:
        _place(batch, gateway, wire, message, refused)


def _place(
    batch: Batch, gateway: Gateway, wire: WireFrame, message: Message, refused: list[Rejected], apart_us: int = 0
) -> None:
    frame, odd = place_frame(wire, gateway, message.received_ms, apart_us)
    refused += odd
    if frame is not None:
        _want_layout(batch, gateway, frame.layout)
        batch.frames.append(frame)
        if message.upload:
            batch.outcomes[message.upload].frames.append(frame)


def _want_layout(batch: Batch, gateway: Gateway, layout: Layout) -> None:
    if layout.id == 0:
        batch.layouts[layout] = gateway


def _note(batch: Batch, change: PresenceChange | None) -> None:
    if change is not None:
        batch.presence.append(change)
