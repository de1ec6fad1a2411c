"""Frames in their order: which ones go through the live judging, and the arrays that judging takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backend.domains.monitoring.enums import Quality
from backend.ingest.engine import beyond_any, is_usable, out_of_range
from backend.ingest.frames import Frame
from backend.ingest.slots import Limits
from backend.ingest.state import Readings


class Ordered(NamedTuple):
    """New frames of a batch. in_order: for the live judging, with their waves; old: behind what was judged already."""

    in_order: list[Frame]
    waves: list[int]
    old: list[Frame]


def order_frames(frames: Sequence[Frame]) -> Ordered:
    """Split newly stored frames by whether their gateway's stream has passed them, and move the streams on.

    A frame whose time is ahead of its arrival does not push the stream ahead: a clock that was wrong for one frame
    must not make the next minute look old. Frames of one millisecond speak of different points, so neither is behind.
    """
    ordered = Ordered([], [], [])
    waves: dict[int, int] = {}
    for frame in sorted(frames, key=_by_time):
        gateway = frame.gateway
        is_newest = frame.t >= gateway.newest_ms
        if frame.n is not None:
            gateway.sequence.arrived(frame.n, is_newest=is_newest)
        if is_newest:
            gateway.newest_ms = min(frame.t, frame.received_ms)
            wave = waves[gateway.id] = waves.get(gateway.id, -1) + 1
            ordered.in_order.append(frame)
            ordered.waves.append(wave)
        else:
            ordered.old.append(frame)
    return ordered


def readings_of(frames: Sequence[Frame], waves: Sequence[int]) -> Readings:
    """The values of frames as columns; positions whose tag is unknown are left out."""
    lengths = [len(frame.values) for frame in frames]
    slots = np.concatenate([frame.layout.slots for frame in frames])
    readings = Readings(
        slots,
        np.concatenate([frame.values for frame in frames]),
        np.concatenate([frame.quality for frame in frames]),
        np.repeat(np.array([frame.t for frame in frames], np.int64), lengths),
        np.repeat(np.array([frame.is_late for frame in frames], np.bool_), lengths),
        np.repeat(np.array(waves, np.int32), lengths),
    )
    if all(frame.layout.is_whole for frame in frames):
        return readings
    return readings.only(np.flatnonzero(slots >= 0))


def mark_out_of_range(limits: Limits, frames: Sequence[Frame]) -> None:
    """Mark values that their instrument cannot have measured, where the gateway called them good."""
    if not frames or not limits.size:
        return
    slots = np.concatenate([frame.layout.slots for frame in frames])
    values = np.concatenate([frame.values for frame in frames])
    quality = np.concatenate([frame.quality for frame in frames])
    outside = out_of_range(limits, slots, values) & (quality == Quality.GOOD) & (slots >= 0)
    if not outside.any():
        return
    ends = np.cumsum([len(frame.values) for frame in frames]).tolist()
    for frame, end in zip(frames, ends, strict=True):
        marked = outside[end - len(frame.values) : end]
        if marked.any():
            frame.quality = np.where(marked, np.uint8(Quality.OUT_OF_RANGE), frame.quality)
            frame.q = frame.quality.tolist()


def beyond_in_old(limits: Limits, frames: Sequence[Frame]) -> Readings:
    """What of frames that came out of order is beyond a limit, delays aside, oldest first."""
    readings = readings_of(frames, list(range(len(frames))))
    beyond = is_usable(readings.value, readings.quality) & beyond_any(limits, readings.slot, readings.value)
    return readings.only(np.flatnonzero(beyond))


def _by_time(frame: Frame) -> tuple[int, int]:
    return frame.gateway.id, frame.t
