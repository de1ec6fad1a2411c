"""Judging: (state, limits, readings) → changes. No clock, no database, no network.

Each of the four limits of a point is a comparator of its own, with a timer that runs while it waits out its on-delay
or off-delay. The level of the point is the gravest comparator that is on; from no level to a level and back is one
episode.

- Beyond means at or over the limit; back means farther inside than the deadband. In between, nothing changes.
- Bad, missing and non-finite values neither raise nor clear: they hold, timers included. Zero is a reading.
- An out-of-range value may raise; it never clears, for a broken wire is not a safe tank.
- A late reading never moves a live episode: it runs the timers and is recorded when it is worse, and the next live
  reading decides. It may raise, move and clear episodes that are late themselves; a live reading that is still beyond
  turns such an episode live.
Sources: standards 5.6, 6.2, 6.3; IEC 62682.
"""

from __future__ import annotations

import numpy as np

from backend.domains.monitoring.enums import Quality
from backend.ingest.slots import HH, LL, MIRROR, Flags, Floats, H, L, Limits, Slots, Small, Whole
from backend.ingest.state import Change, Changes, Qualities, Readings, State, no_changes

# Qualities that say "this is not the process": no process alarm comes from them, and none is cleared by them.
NOT_THE_PROCESS = np.zeros(256, dtype=np.bool_)
NOT_THE_PROCESS[
    [
        Quality.OFFLINE,
        Quality.BAD_SENSOR,
        Quality.BAD_DEVICE,
        Quality.OUT_OF_SERVICE,
        Quality.BAD_CONFIG,
        Quality.FROZEN,
        Quality.TIME_ERROR,
    ]
] = True
HIGH_ROWS = np.array([[False], [False], [True], [True]])


def judge(state: State, limits: Limits, readings: Readings) -> Changes:
    """Judge a batch and move `state` on; what changed comes back in order.

    Most points are at rest: they cost one look at their two innermost limits, and only the others go through their
    comparators, wave by wave.
    """
    usable = is_usable(readings.value, readings.quality)
    waking = usable & (state.busy[readings.slot] | beyond_any(limits, readings.slot, readings.value))
    if not waking.any():
        return no_changes()
    awake = np.zeros(state.size, dtype=np.bool_)
    awake[readings.slot[waking]] = True
    chosen = np.flatnonzero(usable & awake[readings.slot])
    chosen = chosen[np.argsort(readings.wave[chosen], kind="stable")]
    steps: list[Changes] = []
    for wave in np.split(chosen, np.flatnonzero(np.diff(readings.wave[chosen])) + 1):
        steps += _step(state, limits, readings.only(wave))
    return Changes(*(np.concatenate(column) for column in zip(*steps, strict=True))) if steps else no_changes()


def is_usable(value: Floats, quality: Qualities) -> Flags:
    """Which readings speak of the process at all."""
    usable: Flags = np.isfinite(value) & ~NOT_THE_PROCESS[quality]
    return usable


def out_of_range(limits: Limits, slot: Slots, value: Floats) -> Flags:
    """Which values the instrument cannot have measured; a missing value is not among them."""
    outside: Flags = (value < limits.valid_lo[slot]) | (value > limits.valid_hi[slot])
    return outside


def beyond_any(limits: Limits, slot: Slots, value: Floats) -> Flags:
    """Which values are at or over the innermost limit of their point, delays and state aside."""
    beyond: Flags = (value >= limits.quiet_hi[slot]) | (value <= limits.quiet_lo[slot])
    return beyond


def signed_level(on: Flags) -> Small:
    """The level that four comparators make: 2, 1, 0, -1 or -2; at most one side is on."""
    high = np.where(on[HH], 2, on[H].astype(np.int8))
    low = np.where(on[LL], 2, on[L].astype(np.int8))
    level: Small = np.where(high > 0, high, -low).astype(np.int8)
    return level


def _step(state: State, limits: Limits, now: Readings) -> list[Changes]:
    """Move every slot of one wave by one reading."""
    s, t = now.slot, now.t
    on, since, level, was_late = state.on[:, s], state.since[:, s], state.level[s], state.late[s]
    x = now.value * MIRROR
    bound = limits.bound[:, s]
    beyond = x >= bound
    waiting = np.where(on, ~(x >= limits.release[:, s]), beyond)
    # A clock set back must not leave a timer in the future.
    began = np.where(since == 0, t, np.minimum(since, t))
    due = waiting & (t - began >= np.where(on, limits.off_ms[s], limits.on_ms[:, s]))

    # What the instrument cannot have measured stops timers where they are, unless it is beyond on a side that is free.
    implausible = out_of_range(limits, s, now.value)
    stopped = implausible & np.where(on, waiting, ~beyond | np.where(HIGH_ROWS, level < 0, level > 0))
    held = now.late & (level != 0) & ~was_late
    switched = due & ~stopped & ~held

    on_after = on ^ switched
    since_after = np.where(stopped, since, np.where(waiting & ~switched, began, 0))
    _stand_on_level_1(on_after, since_after, bound)
    _leave_other_side(on_after, since_after, switched & ~on)
    level_after = signed_level(on_after)
    is_open = level_after != 0
    fresh = is_open & (np.sign(level_after) != np.sign(level))
    same = is_open & ~fresh

    would_be = signed_level(on | (due & ~stopped))
    was_worse = held & (np.sign(would_be) == np.sign(level)) & (np.abs(would_be) > state.worst[s])
    went_live = same & was_late & ~now.late & (beyond & on_after).any(axis=0)
    known = state.worst_value[s]
    farthest = np.where(level > 0, np.fmax(known, now.value), np.fmin(known, now.value))
    worst_value = np.where(fresh, now.value, farthest)
    worst = np.maximum(np.where(same, state.worst[s], 0), np.abs(np.where(was_worse, would_be, level_after)))

    state.on[:, s], state.since[:, s], state.level[s], state.worst[s] = on_after, since_after, level_after, worst
    state.late[s] = is_open & np.where(fresh, now.late, was_late & ~went_live)
    state.worst_value[s] = np.where(is_open, worst_value, np.nan)
    state.busy[s] = is_open | (since_after != 0).any(axis=0)
    state.moved[s] |= (since_after != since).any(axis=0)
    state.reached[s] = same & (state.reached[s] | (worst_value != known))

    told = (
        (Change.CLEARED, (level != 0) & ~same, level, farthest, was_late),
        (Change.RAISED, fresh, level_after, worst_value, now.late),
        (Change.WORSENED, same & (np.abs(level_after) > np.abs(level)), level_after, worst_value, now.late),
        (Change.EASED, same & (np.abs(level_after) < np.abs(level)), level_after, worst_value, now.late),
        (Change.WENT_LIVE, went_live, level_after, worst_value, now.late),
        (Change.WAS_WORSE, was_worse, would_be, worst_value, now.late),
    )
    return [
        Changes(
            s[which],
            np.full(np.count_nonzero(which), kind, np.int8),
            its_level[which],
            t[which],
            now.value[which],
            far[which],
            late[which],
        )
        for kind, which, its_level, far, late in told
        if which.any()
    ]


def _stand_on_level_1(on: Flags, since: Whole, bound: Floats) -> None:
    """Whoever is at level 2 is at level 1 as well, if the point has one; else H would be raised anew when HH clears."""
    for outer, inner in ((HH, H), (LL, L)):
        missing = on[outer] & ~on[inner] & np.isfinite(bound[inner])
        on[inner] |= missing
        since[inner][missing] = 0


def _leave_other_side(on: Flags, since: Whole, just_on: Flags) -> None:
    """A value beyond a limit on one side is back on the other, whatever that side's off-delay says."""
    for mine, other in ((slice(LL, H), slice(H, None)), (slice(H, None), slice(LL, H))):
        crossed = just_on[mine].any(axis=0)
        on[other] &= ~crossed
        since[other] = np.where(crossed, 0, since[other])
