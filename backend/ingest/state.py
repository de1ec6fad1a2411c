"""What judging takes and gives: readings, the state of every slot, and changes."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.ingest.slots import Flags, Floats, Slots, Small, Whole

Qualities = NDArray[np.uint8]


class Change(IntEnum):
    """What happened to an episode; of one reading they are applied in this order."""

    CLEARED = 0
    RAISED = 1
    WORSENED = 2
    EASED = 3
    WENT_LIVE = 4  # a live reading confirmed an episode known from late ones only
    WAS_WORSE = 5  # a late reading found a live episode worse than known; for the record


class Readings(NamedTuple):
    """Values to judge, one entry each.

    t: source time, ms. wave: which frame of its gateway in this batch, so that no slot comes twice in one wave.
    """

    slot: Slots
    value: Floats
    quality: Qualities
    t: Whole
    late: Flags
    wave: NDArray[np.int32]

    def only(self, which: Slots) -> Readings:
        """The readings at these places."""
        return Readings(
            self.slot[which],
            self.value[which],
            self.quality[which],
            self.t[which],
            self.late[which],
            self.wave[which],
        )


class Changes(NamedTuple):
    """What judging changed, in the order in which it happened; columns of equal length.

    level: signed, after the change (for CLEARED before it). worst_value: the farthest of the episode so far.
    late: the episode is not, or not yet, for anyone's ears.
    """

    slot: Slots
    kind: Small
    level: Small
    t: Whole
    value: Floats
    worst_value: Floats
    late: Flags


def no_changes() -> Changes:
    """Nothing happened."""
    return Changes(
        np.empty(0, np.intp),
        np.empty(0, np.int8),
        np.empty(0, np.int8),
        np.empty(0, np.int64),
        np.empty(0, np.float32),
        np.empty(0, np.float32),
        np.empty(0, np.bool_),
    )


class State:
    """Where every slot stands.

    on: (4, slots) comparators. since: (4, slots) ms, when the running timer began, 0 = none runs; it waits to switch
    the comparator. level: signed level of the open episode, 0 = none. late: the episode is known from late readings
    only. worst: gravest level so far, unsigned. worst_value: farthest value so far. busy: cannot be passed over.
    moved: timers changed since they were last stored. reached: worst_value changed since it was last stored.
    """

    def __init__(self, size: int = 0) -> None:
        self.on: Flags = np.zeros((4, size), dtype=np.bool_)
        self.since: Whole = np.zeros((4, size), dtype=np.int64)
        self.level: Small = np.zeros(size, dtype=np.int8)
        self.late: Flags = np.zeros(size, dtype=np.bool_)
        self.worst: Small = np.zeros(size, dtype=np.int8)
        self.worst_value: Floats = np.full(size, np.nan, dtype=np.float32)
        self.busy: Flags = np.zeros(size, dtype=np.bool_)
        self.moved: Flags = np.zeros(size, dtype=np.bool_)
        self.reached: Flags = np.zeros(size, dtype=np.bool_)

    @property
    def size(self) -> int:
        """How many slots there are."""
        return len(self.level)

    def grow(self, size: int) -> None:
        """Make room up to `size` slots; new ones are at rest."""
        if size > self.size:
            wider = State(size)
            for name, array in vars(self).items():
                vars(wider)[name][..., : self.size] = array
            self.__dict__ = wider.__dict__

    def rest(self, slots: Slots) -> None:
        """Put slots at rest, as if they had never been judged."""
        fresh = State(1)
        for name, array in vars(self).items():
            array[..., slots] = vars(fresh)[name][..., :1]

    def restore(self, slot: int, level: int, worst: int, worst_value: float, late: bool, has_level_1: bool) -> None:
        """Put back an open episode; `level` is signed. Level 2 stands on level 1, if its side has one."""
        self.on[:, slot] = (level == -2, level < 0, level > 0, level == 2)
        if abs(level) == 2 and not has_level_1:
            self.on[1:3, slot] = False
        self.level[slot], self.worst[slot], self.late[slot] = level, worst, late
        self.worst_value[slot] = worst_value
        self.busy[slot] = True

    def restore_timers(self, slot: int, since: tuple[int, int, int, int]) -> None:
        """Put back the running timers of LL, L, H, HH (ms, 0 = none)."""
        self.since[:, slot] = since
        self.busy[slot] = bool(self.on[:, slot].any()) or any(since)
