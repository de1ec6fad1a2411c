"""What ingest knows of the city: gateways with their layouts, and points with their slots and limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np

from backend.domains.monitoring.enums import PointKind
from backend.ingest.sequence import Sequence
from backend.ingest.slots import Limits, PointLimits, Slots
from backend.ingest.sparkplug.node import Node
from backend.ingest.state import State
from backend.ingest.values import Values

# The number of the layout that we make ourselves for frames by name that no birth covers.
OWN_LAYOUT = -1
UNKNOWN_SLOT = -1

GatewayRow = tuple[bool, int, int | None, int]


def ms_of(at: datetime) -> int:
    """Milliseconds since the epoch."""
    return round(at.timestamp() * 1000)


def instant(ms: int) -> datetime:
    """The aware instant of milliseconds since the epoch."""
    return datetime.fromtimestamp(ms / 1000, UTC)


@dataclass(slots=True, eq=False)
class Layout:
    """The order of values in frames. `id` is 0 until it is stored; slots hold UNKNOWN_SLOT for a tag we do not know."""

    number: int
    tags: tuple[str, ...]
    slots: Slots
    id: int = 0
    positions: dict[str, int] = field(default_factory=dict)
    is_whole: bool = True

    @classmethod
    def of(cls, number: int, tags: Iterable[str], known: dict[str, int], id: int = 0) -> Layout:
        """A layout whose tags are looked up among the gateway's points."""
        names = tuple(tags)
        slots = np.array([known.get(tag, UNKNOWN_SLOT) for tag in names], np.intp)
        positions = {tag: place for place, tag in enumerate(names)}
        return cls(number, names, slots, id, positions, bool((slots >= 0).all()))


@dataclass(slots=True, eq=False)
class Gateway:
    """A gateway and where its stream stands.

    slots: tag → slot of its points; point_ids and slot_array run along it. newest_ms: source time up to which frames
    were judged in order. heard_ms: last arrival. is_online: None until it was ever seen. lost_ms: since when it is
    lost, 0 = it is not. node: its Sparkplug session, if it ever had one.
    row: (online, lost_ms, layout number, heard_ms) as its row in the database tells.
    """

    id: int
    code: str
    region: str
    enterprise: str
    enterprise_id: UUID
    active: bool = True
    is_online: bool | None = None
    slots: dict[str, int] = field(default_factory=dict)
    point_ids: list[int] = field(default_factory=list)
    slot_array: Slots = field(default_factory=lambda: np.empty(0, np.intp))
    layouts: dict[int, Layout] = field(default_factory=dict)
    current: Layout | None = None
    newest_ms: int = 0
    heard_ms: int = 0
    lost_ms: int = 0
    row: GatewayRow = (False, 0, None, 0)
    sequence: Sequence = field(default_factory=Sequence)
    node: Node | None = None

    def row_now(self) -> GatewayRow:
        """What its row should tell."""
        return bool(self.is_online), self.lost_ms, self.current.number if self.current else None, self.heard_ms

    def own_layout(self) -> Layout:
        """A layout of all registered points, for frames by name that the gateway's own layout does not cover."""
        own = self.layouts.get(OWN_LAYOUT)
        if own is None or own.positions.keys() != self.slots.keys():
            own = self.layouts[OWN_LAYOUT] = Layout.of(OWN_LAYOUT, sorted(self.slots), self.slots)
        return own


@dataclass(slots=True, eq=False)
class PointInfo:
    """What an alarm of this point has to say."""

    id: int
    gateway_id: int
    enterprise_id: UUID
    adcode: str
    kind: PointKind
    tag: str
    hazard_id: UUID | None = None
    hazard_grade: int | None = None
    limit_set_id: int | None = None
    limits: PointLimits = field(default_factory=PointLimits)


class OpenEpisode(NamedTuple):
    """The open alarm of a slot."""

    id: UUID
    raised_at: datetime


class City:
    """Everything in memory that judging needs; the database can put all of it back.

    It knows all gateways, points and limits, so that a stand-by need not read them when it takes over. regions: those
    that are ours to judge, None = all; of the others nothing here says where they stand.
    """

    def __init__(self) -> None:
        self.regions: frozenset[str] | None = None
        self.gateways: dict[str, Gateway] = {}
        self.points: list[PointInfo] = []
        self.slot_of: dict[int, int] = {}
        self.limits = Limits()
        self.state = State()
        self.values = Values()
        self.episodes: dict[int, OpenEpisode] = {}

    def is_ours(self, gateway: Gateway) -> bool:
        """Whether we hold the region of this gateway."""
        return self.regions is None or gateway.region in self.regions

    def our_gateways(self) -> list[Gateway]:
        """Those of the regions that we hold."""
        return [gateway for gateway in self.gateways.values() if self.is_ours(gateway)]

    def rest(self, slots: Slots) -> None:
        """Forget where these slots stand; others have judged them, and the database knows."""
        self.state.rest(slots)
        for slot in slots.tolist():
            self.episodes.pop(slot, None)

    def place(self, points: list[PointInfo]) -> None:
        """Give new points slots and take over what changed of known ones; alarms and delays go on as they are."""
        for point in points:
            if point.id not in self.slot_of:
                self.slot_of[point.id] = len(self.points)
                self.points.append(point)
        for arrays in (self.limits, self.state, self.values):
            arrays.grow(len(self.points))
        changed: list[int] = []
        for point in points:
            slot = self.slot_of[point.id]
            if self.points[slot] is point or self.points[slot].limits != point.limits:
                changed.append(slot)
            self.points[slot] = point
        self.limits.put(changed, [self.points[slot].limits for slot in changed])
