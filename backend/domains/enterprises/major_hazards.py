"""Grading of major hazards by GB 18218-2018: pure arithmetic over what a unit holds at most.

S = Σ q/Q says whether it is one, R = α · Σ β · q/Q how grave it is (standards 3.2).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

# Residents within 500 m outside the boundary, and the α that multiplies R (table 5).
ALPHA = ((100, 2.0), (50, 1.5), (30, 1.2), (1, 1.0), (0, 0.5))
# The least R of each grade (table 6).
GRADES = ((100.0, 1), (50.0, 2), (10.0, 3), (0.0, 4))
# Sums of fractions such as 0.1 t are kept from falling a hair below the edge of a grade.
DECIMALS = 6


class Stock(msgspec.Struct, frozen=True):
    """A chemical of a unit: its design maximum and its threshold in t, and its β."""

    quantity_t: float
    threshold_t: float
    beta: float


class Assessment(msgspec.Struct, frozen=True, rename="camel"):
    """What GB 18218 says of a unit; is_major: S is at least 1."""

    s: float
    r: float
    alpha: float
    grade: int
    is_major: bool


def alpha_of(residents_500m: int) -> float:
    """α for the people who live within 500 m outside the boundary; raises ValueError for less than none."""
    if residents_500m < 0:
        raise ValueError("there are no fewer than 0 residents")
    return next(value for least, value in ALPHA if residents_500m >= least)


def grade_of(r: float) -> int:
    """The grade of a hazard with that R, 1 the gravest."""
    return next(grade for least, grade in GRADES if r >= least)


def assess(stocks: Iterable[Stock], residents_500m: int) -> Assessment:
    """S, R and grade of a unit that holds `stocks`; one that holds nothing has R 0 and grade 4.

    Raises ValueError for a quantity that is negative or not finite, and for a threshold of 0 or less.
    """
    held = list(stocks)
    for stock in held:
        if not (math.isfinite(stock.quantity_t) and stock.quantity_t >= 0 and stock.threshold_t > 0):
            raise ValueError("a quantity is finite and not negative, a threshold above 0")
    alpha = alpha_of(residents_500m)
    s = round(math.fsum(stock.quantity_t / stock.threshold_t for stock in held), DECIMALS)
    weighted = math.fsum(stock.beta * stock.quantity_t / stock.threshold_t for stock in held)
    r = round(alpha * weighted, DECIMALS)
    return Assessment(s, r, alpha, grade_of(r), s >= 1)
