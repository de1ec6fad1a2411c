"""From scores to the four colours: up at once, down slowly and only as far as the score has proved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domains.risk.parameters import Parameters, parameters_from

# Scores are compared after this rounding, so that a sum in another order cannot move a level.
_DECIMALS = 6

START: Mapping[str, Any] = {"level": 0, "since": None, "pend": None}


def level_of(score: float, params: Parameters) -> int:
    """Raw level 0 blue … 3 red: the number of cut-offs at or below the score."""
    return sum(round(score, _DECIMALS) >= cut for cut in params.cut)


def hyst_step(
    state: Mapping[str, Any], score: float, t_min: float, params: Parameters | Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The next level state after a score at minute t_min.

    state: `level` 0..3, `since` the minute a fall began to be possible, `pend` the highest level seen since then;
    start with `{"level": 0, "since": None, "pend": None}`. Minutes may count from any fixed instant.
    """
    numbers = parameters_from(params)
    level, since, pend = state["level"], state.get("since"), state.get("pend")
    up = level_of(score, numbers)
    if up > level:
        return {"level": up, "since": None, "pend": None}
    rounded = round(score, _DECIMALS)
    low = sum(rounded >= cut - numbers.hyst.band for cut in numbers.cut)
    if low >= level:
        return {"level": level, "since": None, "pend": None}
    if since is None:
        since, pend = t_min, low
    pend = low if pend is None else max(pend, low)
    if t_min - since >= numbers.hyst.down_min[level]:
        return {"level": pend, "since": None, "pend": None}
    return {"level": level, "since": since, "pend": pend}
