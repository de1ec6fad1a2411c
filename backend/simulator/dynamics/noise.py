"""Chance without a memory: every number is a function of (key, moment), so any instant can be asked for in any order.

That is what lets a month of history, written in one go, meet the live simulator without a step, and a restarted
simulator go on where it stopped.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def key(*parts: object) -> np.uint64:
    """A 64-bit key for this combination of things."""
    return np.uint64(int.from_bytes(hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=8).digest()))


def uniform(keys: Keys | np.uint64, number: NDArray[np.int64] | int) -> Floats:
    """Even in [0, 1), one for each (key, number); the two broadcast. Mixing: splitmix64."""
    with np.errstate(over="ignore"):
        mixed = keys + np.asarray(number).astype(np.uint64) * _STEP
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
        mixed ^= mixed >> np.uint64(31)
    drawn: Floats = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return drawn


def wander(keys: Keys | np.uint64, t: Floats, tau_s: float) -> Floats:
    """A smooth random walk between −1 and 1 that forgets itself after about `tau_s`; t in seconds."""
    position = np.asarray(t) / tau_s
    cell = np.floor(position).astype(np.int64)
    share = position - cell
    share = share * share * (3 - 2 * share)
    before, after = uniform(keys, cell), uniform(keys, cell + 1)
    walk: Floats = 2 * (before + (after - before) * share) - 1
    return walk


def tremble(keys: Keys | np.uint64, t: Floats) -> Floats:
    """Noise of an instrument between −1 and 1, new each millisecond."""
    shaken: Floats = 2 * uniform(keys, np.round(np.asarray(t) * 1000).astype(np.int64)) - 1
    return shaken


def swell(t: Floats, rises_at: float, rise_s: float, falls_at: float, fall_s: float) -> Floats:
    """From 0 smoothly to 1 and back, for whatever comes, stays and goes."""
    up = np.clip((t - rises_at) / rise_s, 0, 1)
    down = np.clip((t - falls_at) / fall_s, 0, 1)
    share: Floats = up * up * (3 - 2 * up) * (1 - down * down * (3 - 2 * down))
    return share
