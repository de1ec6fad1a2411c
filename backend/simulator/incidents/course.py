"""What an incident does to the points of a gateway over time: pure, and continuous with what was before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class UnknownTarget(Exception):
    """There is no such enterprise, tank or detector, or the incident cannot happen there; the message is for people."""


class Stage(NamedTuple):
    """Something to tell, and when: seconds since the incident began."""

    at_s: float
    words: str


@dataclass(frozen=True)
class Bend:
    """One point leaves its usual values along `path`, (s, value) from the beginning on, and returns to them.

    It stands on the last value of the path until `back_from_s` and blends into the usual value until `back_at_s`.
    """

    point: int
    path: tuple[tuple[float, float], ...]
    back_from_s: float
    back_at_s: float

    def value(self, at_s: float, usual: float) -> float:
        """The value so many seconds after the beginning."""
        if at_s <= self.path[0][0]:
            return usual
        bent = float(np.interp(at_s, [s for s, _ in self.path], [value for _, value in self.path]))
        share = min(1.0, max(0.0, (at_s - self.back_from_s) / (self.back_at_s - self.back_from_s)))
        share = share * share * (3 - 2 * share)
        # An instrument that sends nothing today is well for as long as the incident lasts.
        return bent if math.isnan(usual) else bent + (usual - bent) * share


@dataclass(frozen=True)
class Course:
    """A whole incident at one gateway. cut: from when until when its line is down, s.

    holds_at_s: where time stands still while someone holds the incident; infinity where holding makes no difference.
    """

    name: str
    bends: tuple[Bend, ...]
    stages: tuple[Stage, ...]
    lasts_s: float
    cut: tuple[float, float] | None = None
    holds_at_s: float = math.inf
