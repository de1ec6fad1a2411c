"""The arithmetic every risk model is made of: strengths in 0..1 that combine into strengths in 0..1.

Names and formulas as in the published model description, section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, pow


def clip(x: float, low: float, high: float) -> float:
    """x held between low and high."""
    return min(max(x, low), high)


def sat(t: float, half: float) -> float:
    """Saturating growth: 0 at t <= 0, one half at t = half, 1 at infinity. t and half share a unit."""
    return 0.0 if t <= 0 else 1.0 - 2.0 ** (-t / half)


def dec(t: float, half: float) -> float:
    """Fading memory: 1 at t <= 0, one half at t = half, 0 at infinity. t and half share a unit."""
    return 1.0 if t <= 0 else 2.0 ** (-t / half)


def amp(a: float, m: float) -> float:
    """Strength a amplified by m >= 1; stays in 0..1 and keeps the proportions of what a was combined from."""
    return 1.0 - pow(1.0 - a, m)


def comb(strengths: Sequence[float]) -> tuple[float, list[float]]:
    """Combine strengths in their order: 1 - prod(1 - a), and what each one adds. The additions sum to the value."""
    left = 1.0
    added = []
    for a in strengths:
        added.append(a * left)
        left *= 1.0 - a
    return 1.0 - left, added


def topsum(strengths: Sequence[tuple[str, float]], lam: float, keep: int | None) -> tuple[float, list[float]]:
    """Combine the `keep` strongest (all when None), the r-th weighted lam**r; the worst counts in full.

    strengths: (id, a) in any order; equal strengths rank by id, so the order of the input does not matter.
    Returns the value and, in the order of the input, what each one adds (0 for those left out).
    """
    ranked = sorted(range(len(strengths)), key=lambda i: (-strengths[i][1], strengths[i][0]))[:keep]
    value, parts = comb([lam**rank * strengths[i][1] for rank, i in enumerate(ranked)])
    added = [0.0] * len(strengths)
    for i, part in zip(ranked, parts, strict=True):
        added[i] = part
    return value, added


def share(total: float, added: Sequence[float]) -> list[float]:
    """Split total in the proportions of `added`; all zero when there is nothing to go by."""
    whole = fsum(added)
    return [total * part / whole for part in added] if whole > 0 else [0.0] * len(added)
