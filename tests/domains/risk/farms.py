"""Small tank farms for the tests of the risk models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "risk.json").read_text(encoding="utf-8"))


def level_point(value: float | None = 50.0, **changed: Any) -> dict[str, Any]:
    """A healthy level of a tank in percent, H 85, HH 90, with the given fields changed."""
    point = {
        "id": "LT1", "kind": "level", "value": value, "ll": 5.0, "l": 10.0, "h": 85.0, "hh": 90.0,
        "range_lo": 0.0, "range_hi": 100.0, "age_s": 5.0,
    }  # fmt: skip  # one reading of a point is one picture.
    return {**point, **changed}


def one_tank(*points: dict[str, Any], hazard_level: int | None = None, **tank: Any) -> dict[str, Any]:
    """A farm with one tank T1 of these points."""
    return {"hazard_level": hazard_level, "tanks": [{"id": "T1", "points": list(points), **tank}]}
