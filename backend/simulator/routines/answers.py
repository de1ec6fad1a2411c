"""How people answer an alarm: the graver the sooner, most within minutes, some hours later at the end of a shift."""

from __future__ import annotations

import math
from dataclasses import dataclass

from backend.simulator.routines.dice import dice_for

# Median and spread (as a factor) of the time to the answer, s, by level.
MEDIAN_S = {1: 360.0, 2: 100.0}
SPREAD = 2.2
SLEEPY, SLEEPY_S = 0.06, (1.5 * 3600.0, 6 * 3600.0)


@dataclass(frozen=True)
class Answer:
    """Who acknowledges, and how long after the alarm rang."""

    role: str
    after_s: float


def answer_to(alarm: object, level: int) -> Answer:
    """The answer to an alarm; the same alarm is always answered the same way."""
    dice = dice_for(alarm, level, "answer")
    after_s = MEDIAN_S[level] * math.exp(dice.gauss(0, math.log(SPREAD)))
    if dice.random() < SLEEPY:
        after_s = dice.uniform(*SLEEPY_S)
    return Answer("enterprise_operator" if dice.random() < 0.75 else "safety_officer", max(15.0, after_s))
