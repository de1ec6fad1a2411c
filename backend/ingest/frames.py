"""From a frame as it came to a frame as it is stored and judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from backend.domains.monitoring.enums import Quality
from backend.ingest.city import UNKNOWN_SLOT, Gateway, Layout, instant
from backend.ingest.contract import WireFrame
from backend.ingest.reasons import Reason, Rejected
from backend.ingest.slots import Flags, Floats
from backend.ingest.state import Qualities

# A frame older than this on arrival is late: stored and judged for the record, and it rings nobody.
LATE_AFTER_MS = 60_000
FUTURE_AFTER_MS = 60_000
# Raw frames are kept for 90 days; an older one is a clock that was never set, and would make a partition of its own.
KEPT_MS = 90 * 86_400_000
HIGHEST_N = 2**63 - 1
WORST_QUALITY = max(Quality)


@dataclass(slots=True, eq=False)
class Frame:
    """All values of one instant along a layout. v, q: as stored; values, quality: the same for judging.

    told: which positions a frame by name speaks of; None = all. said_late: the gateway said itself that it is old.
    """

    gateway: Gateway
    layout: Layout
    t: int
    at: datetime
    n: int | None
    received_ms: int
    v: list[float | None]
    values: Floats
    q: list[int] | None
    quality: Qualities
    told: Flags | None = None
    said_late: bool = False

    @property
    def is_late(self) -> bool:
        """Too old on arrival to ring anyone."""
        return self.said_late or self.received_ms - self.t > LATE_AFTER_MS


def awaits_birth(wire: WireFrame, gateway: Gateway) -> bool:
    """Whether the frame runs along a layout that no birth has told yet."""
    return wire.v is not None and _layout_of(gateway, wire.layout) is None


def place_frame(
    wire: WireFrame, gateway: Gateway, received_ms: int, apart_us: int = 0
) -> tuple[Frame | None, list[Rejected]]:
    """The frame, and what of it was refused. None when nothing of it can be stored.

    apart_us: below 500; keeps frames of one gateway and millisecond apart where it sends its points in several.
    """
    refused: list[Rejected] = []
    try:
        _check_time(wire.t, received_ms)
        if wire.v is not None:
            layout = _layout_named(gateway, wire.layout)
            v, told = wire.v, None
            _check_length(layout, "v", len(v))
        elif wire.p is not None:
            layout, v, told = _by_name(gateway, wire.p, refused)
            if not told.any():
                return None, refused or [Rejected(Reason.MALFORMED, "`p` is empty")]
        else:
            raise Rejected(Reason.MALFORMED, "a frame has `v` or `p`")
        v, values = _finite(layout, v, refused)
        q = _along(layout, wire.pq) if wire.v is None else wire.q
        q, quality = _qualities(layout, q, refused)
    except Rejected as rejected:
        return None, [*refused, rejected]
    n = wire.n if wire.n is not None and 0 <= wire.n <= HIGHEST_N else None
    at = instant(wire.t) + timedelta(microseconds=apart_us)
    return Frame(gateway, layout, wire.t, at, n, received_ms, v, values, q, quality, told, wire.late), refused


def _check_time(t: int, received_ms: int) -> None:
    if t > received_ms + FUTURE_AFTER_MS:
        raise Rejected(Reason.FUTURE_TIME, f"t = {_short(t)} ms is ahead of its arrival at {received_ms}")
    if t < received_ms - KEPT_MS:
        raise Rejected(Reason.BAD_TIME, f"t = {_short(t)} ms is more than 90 days before its arrival")


def _layout_of(gateway: Gateway, number: int | None) -> Layout | None:
    # Numbers below zero are our own layouts, which no frame may name.
    if number is None:
        return gateway.current
    return gateway.layouts.get(number) if number >= 0 else None


def _layout_named(gateway: Gateway, number: int | None) -> Layout:
    layout = _layout_of(gateway, number)
    if layout is None:
        raise Rejected(
            Reason.UNKNOWN_LAYOUT, f"no birth has told layout {number if number is not None else ''}".strip()
        )
    return layout


def _check_length(layout: Layout, name: str, length: int) -> None:
    if length != len(layout.tags):
        raise Rejected(
            Reason.WRONG_LENGTH, f"`{name}` has {length} entries, layout {layout.number} has {len(layout.tags)}"
        )


def _by_name(
    gateway: Gateway, p: dict[str, float | None], refused: list[Rejected]
) -> tuple[Layout, list[float | None], Flags]:
    """The values along the gateway's own layout, or along all its points when that one does not name them all."""
    known = {tag: value for tag, value in p.items() if tag in gateway.slots}
    refused += [Rejected(Reason.UNKNOWN_TAG, tag) for tag in p if tag not in known]
    layout = gateway.current
    if layout is None or any(tag not in layout.positions for tag in known):
        layout = gateway.own_layout()
    v: list[float | None] = [None] * len(layout.tags)
    told = np.zeros(len(layout.tags), np.bool_)
    for tag, value in known.items():
        place = layout.positions[tag]
        v[place], told[place] = value, True
    return layout, v, told


def _along(layout: Layout, pq: dict[str, int] | None) -> list[int] | None:
    """Qualities by name along a layout; good where none is told."""
    if not pq:
        return None
    q = [0] * len(layout.tags)
    for tag, quality in pq.items():
        if (place := layout.positions.get(tag)) is not None:
            q[place] = quality
    return q


def _finite(layout: Layout, v: list[float | None], refused: list[Rejected]) -> tuple[list[float | None], Floats]:
    """Values in single precision, NaN for none; what is not finite there becomes no value and is named."""
    with np.errstate(over="ignore"):
        values = np.array(v, np.float32)
    finite = np.isfinite(values)
    if finite.all():
        return v, values
    odd = [place for place in np.flatnonzero(~finite).tolist() if v[place] is not None]
    if odd:
        refused += [Rejected(Reason.NOT_FINITE, f"{layout.tags[place]} is no finite number") for place in odd]
        v = list(v)
        for place in odd:
            v[place], values[place] = None, np.nan
    return v, values


def _qualities(layout: Layout, q: list[int] | None, refused: list[Rejected]) -> tuple[list[int] | None, Qualities]:
    if q is None:
        return None, np.zeros(len(layout.tags), np.uint8)
    _check_length(layout, "q", len(q))
    if min(q) < 0 or max(q) > WORST_QUALITY:
        odd = [place for place, code in enumerate(q) if not 0 <= code <= WORST_QUALITY]
        refused += [
            Rejected(Reason.BAD_QUALITY, f"{layout.tags[place]}: no quality {_short(q[place])}") for place in odd
        ]
        q = [code if 0 <= code <= WORST_QUALITY else int(Quality.BAD_CONFIG) for code in q]
    quality = np.array(q, np.uint8)
    return (q if quality.any() else None), quality


def _short(number: int) -> str:
    """A number for a message; writing thousands of digits would cost too much."""
    return str(number) if abs(number) < 10**18 else "a number out of all bounds"


def unknown_tags(layout: Layout) -> list[str]:
    """The tags of a layout that no registered point bears."""
    return [tag for tag, slot in zip(layout.tags, layout.slots.tolist(), strict=True) if slot == UNKNOWN_SLOT]
