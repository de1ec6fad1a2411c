"""Topics of Sparkplug: `spBv1.0/{group}/{message type}/{edge node}[/{device}]`.

group = code of the enterprise, edge node = code of the gateway. What comes to a process that does not hold the
gateway's region is sent on, as it is, under the gateway's own branch; `pack` and `unpack` are its form there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import msgspec

from backend.ingest.contract import SPARKPLUG
from backend.ingest.reasons import Reason, Rejected, clean_text

OF_NODES = frozenset({"NBIRTH", "NDATA", "NDEATH"})
OF_DEVICES = frozenset({"DBIRTH", "DDATA", "DDEATH"})
# What we and others say to gateways; it passes by here as well.
COMMANDS = frozenset({"NCMD", "DCMD"})
CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
LONGEST_DEVICE = 120


class SparkplugTopic(NamedTuple):
    """Who sent what: device is "" for the node itself."""

    enterprise: str
    kind: str
    gateway: str
    device: str = ""


class Packed(msgspec.Struct, array_like=True):
    """A message that was sent on."""

    kind: str
    device: str
    payload: bytes


_packed = msgspec.msgpack.Decoder(Packed)


def is_sparkplug(topic: str) -> bool:
    """Whether it is of Sparkplug's tree."""
    return topic.startswith(f"{SPARKPLUG}/")


@lru_cache(maxsize=8192)
def parse_sparkplug_topic(topic: str) -> SparkplugTopic | None:
    """The parts of a topic, None for commands; raises Rejected for one that is not of Sparkplug's form."""
    match topic.split("/"):
        case [_, _, kind, *_] if kind in COMMANDS:
            return None
        case [_, group, kind, edge] if kind in OF_NODES:
            device = ""
        case [_, group, kind, edge, device] if kind in OF_DEVICES and 0 < len(device) <= LONGEST_DEVICE:
            pass
        case _:
            raise Rejected(Reason.FOREIGN_TOPIC, "not a topic of Sparkplug B: spBv1.0/{enterprise}/{type}/{gateway}")
    if not CODE.fullmatch(group) or not CODE.fullmatch(edge):
        raise Rejected(Reason.FOREIGN_TOPIC, "group and edge node are the codes of enterprise and gateway")
    return SparkplugTopic(group, kind, edge, clean_text(device))


def pack(topic: SparkplugTopic, payload: bytes) -> bytes:
    """The form in which a message is sent on."""
    return msgspec.msgpack.encode(Packed(topic.kind, topic.device, payload))


def unpack(raw: bytes) -> Packed:
    """The inverse of `pack`; raises Rejected."""
    try:
        packed = _packed.decode(raw)
    except msgspec.DecodeError as exc:
        raise Rejected(Reason.MALFORMED, "not a Sparkplug message that was sent on") from exc
    if packed.kind not in OF_NODES | OF_DEVICES or bool(packed.device) != (packed.kind in OF_DEVICES):
        raise Rejected(Reason.MALFORMED, "not a Sparkplug message that was sent on")
    return packed
