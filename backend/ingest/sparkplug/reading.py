"""From one Sparkplug message to frames by name, and to what it tells of its node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backend.domains.monitoring.enums import Quality
from backend.ingest.contract import WireFrame
from backend.ingest.reasons import Reason, Rejected, clean_text
from backend.ingest.sparkplug.node import Device, Node
from backend.ingest.sparkplug.payload import NUMBERS, decode_payload, number_of
from backend.ingest.sparkplug.qualities import quality_of
from backend.ingest.sparkplug.topics import OF_DEVICES

BD_SEQ = "bdSeq"
# What a node says of itself and of how it is operated; not measured.
NOT_MEASURED = ("Node Control/", "Device Control/", "Node Info/", "Device Info/", "Properties/")
MOST_METRICS = 4096


@dataclass(slots=True)
class Read:
    """What a message comes to. apart_us: what keeps its frames apart from those of other messages (below 500).

    asks_rebirth: why the births must be asked for, "" = they need not. is_birth, is_death: of the node itself.
    """

    frames: list[WireFrame] = field(default_factory=list)
    refused: list[Rejected] = field(default_factory=list)
    apart_us: int = 0
    asks_rebirth: str = ""
    is_birth: bool = False
    is_death: bool = False


def read_message(node: Node, kind: str, device: str, raw: bytes, tags: dict[str, int], received_ms: int) -> Read:
    """Take one message of a node in; moves `node` on. tags: those of the gateway's points.

    Raises Rejected when nothing of it can be taken; `NoBirth` beside it asks for a birth.
    """
    payload = decode_payload(raw)
    if len(payload.metrics) > MOST_METRICS:
        raise Rejected(Reason.TOO_LARGE, f"{len(payload.metrics)} metrics, at most {MOST_METRICS} are read")
    if kind == "NDEATH":
        return _death(node, payload)
    seq = payload.seq if payload.HasField("seq") else None
    read = Read(apart_us=(seq or 0) % 256)
    if kind == "NBIRTH":
        _begin(node, payload, seq)
        read.is_birth = True
    elif not node.is_alive:
        raise NoBirth(f"{kind} of a node that was not born")
    elif not node.follows(seq):
        read.asks_rebirth = f"{kind} number {seq} does not follow the one before it"
    if kind in OF_DEVICES and kind != "DBIRTH" and device not in node.devices:
        raise NoBirth(f"{kind} of device {device}, which was not born")
    if kind == "DDEATH":
        gone, node.touched = node.devices.pop(device), True
        read.frames = [_silence(gone, device, tags, payload, received_ms)]
        read.frames = [frame for frame in read.frames if frame.p]
        return read
    if kind in ("NBIRTH", "DBIRTH"):
        node.devices[device], node.touched = _born(payload, device, tags, read), True
    read.frames = list(_frames(node.devices.get(device) or Device(), payload, kind, device, tags, read, received_ms))
    return read


class NoBirth(Rejected):
    """Something of a node or device whose birth we do not know: it must be asked for."""

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.NO_BIRTH, detail)


def _begin(node: Node, payload: Any, seq: int | None) -> None:
    node.bd_seq = _session_number(payload)
    node.is_alive, node.seq, node.touched = True, seq, True
    node.devices.clear()


def _death(node: Node, payload: Any) -> Read:
    """The last will of a session; a broker may bring that of an earlier one after the birth of the next."""
    if not node.is_alive:
        raise Rejected(Reason.NO_BIRTH, "NDEATH of a node that was not born")
    number = _session_number(payload)
    if None not in (number, node.bd_seq) and number != node.bd_seq:
        raise Rejected(Reason.STALE_DEATH, f"NDEATH of session {number}, the living one is {node.bd_seq}")
    node.is_alive, node.seq, node.touched = False, None, True
    return Read(is_death=True)


def _session_number(payload: Any) -> int | None:
    """The number that ties a death to its birth; None where it is left out or is none."""
    for metric in payload.metrics:
        if metric.name == BD_SEQ:
            number = number_of(metric, metric.datatype)
            return int(number) if number is not None and 0 <= number < 2**53 else None
    return None


def _born(payload: Any, device: str, tags: dict[str, int], read: Read) -> Device:
    born = Device()
    for metric in payload.metrics:
        name = clean_text(metric.name)
        if not name:
            read.refused.append(Rejected(Reason.MALFORMED, "a metric of a birth has a name"))
            continue
        if metric.datatype not in NUMBERS or not _is_measured(name):
            continue
        born.kinds[name] = metric.datatype
        if metric.HasField("alias"):
            born.names[metric.alias] = name
        if tag_of(name, device, tags) is None:
            read.refused.append(Rejected(Reason.UNKNOWN_TAG, name))
    return born


def _frames(
    born: Device, payload: Any, kind: str, device: str, tags: dict[str, int], read: Read, received_ms: int
) -> Iterator[WireFrame]:
    """One frame for each instant of which the message tells, old and live ones apart."""
    told_at = payload.timestamp if payload.HasField("timestamp") else received_ms
    frames: dict[tuple[int, bool], WireFrame] = {}
    for metric in payload.metrics:
        name = clean_text(metric.name) or born.names.get(metric.alias, "" if metric.HasField("alias") else " ")
        if not name.strip():
            if kind in ("NDATA", "DDATA"):
                read.refused.append(Rejected(Reason.UNKNOWN_TAG, f"alias {metric.alias} was not born"))
                read.asks_rebirth = read.asks_rebirth or f"alias {metric.alias} was not born"
            continue
        tag = tag_of(name, device, tags)
        if tag is None:
            # What stands in the birth was named when it was born.
            if name not in born.kinds and _is_measured(name):
                read.refused.append(Rejected(Reason.UNKNOWN_TAG, name))
            continue
        # A birth tells what is true now, whenever its values changed last.
        is_birth = kind in ("NBIRTH", "DBIRTH") and not metric.is_historical
        t = metric.timestamp if metric.HasField("timestamp") and not is_birth else told_at
        key = t, metric.is_historical
        frame = frames.get(key)
        if frame is None:
            frame = frames[key] = WireFrame(t=t, p={}, pq={}, late=metric.is_historical)
        assert frame.p is not None
        assert frame.pq is not None
        frame.p[tag] = number_of(metric, metric.datatype or born.kinds.get(name, 0))
        quality = quality_of(metric)
        if quality is None:
            read.refused.append(Rejected(Reason.BAD_QUALITY, f"{tag}: its property Quality means nothing"))
            quality = Quality.BAD_CONFIG
        if quality:
            frame.pq[tag] = quality
    return iter(sorted(frames.values(), key=lambda frame: frame.t))


def _silence(gone: Device, device: str, tags: dict[str, int], payload: Any, received_ms: int) -> WireFrame:
    """What a device's death says of its points: there is no value any more."""
    t = payload.timestamp if payload.HasField("timestamp") else received_ms
    found = [tag for name in gone.kinds if (tag := tag_of(name, device, tags)) is not None]
    return WireFrame(t=t, p=dict.fromkeys(found), pq=dict.fromkeys(found, int(Quality.OFFLINE)))


def tag_of(name: str, device: str, tags: dict[str, int]) -> str | None:
    """The tag that a metric's name means: `device/name` where there is such a tag, else the name itself."""
    if device and (full := f"{device}/{name}") in tags:
        return full
    return name if name in tags else None


def _is_measured(name: str) -> bool:
    return name != BD_SEQ and not name.startswith(NOT_MEASURED)
