"""The entry point: a model's name and its plain input in, a plain result out. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.domains.risk.inputs import TankFarm, read_input
from backend.domains.risk.levels import level_of
from backend.domains.risk.nodes import split
from backend.domains.risk.parameters import Parameters, parameters_from
from backend.domains.risk.tank_farm import Assessment, assess_tank_farm

# Changes whenever the same input under the same parameters would score differently.
CODE_VERSION = "1"


def _assess_tank_farm(given: Mapping[str, Any], params: Parameters) -> Assessment:
    return assess_tank_farm(read_input(TankFarm, given), params)


_MODELS: Mapping[str, Callable[[Mapping[str, Any], Parameters], Assessment]] = {"tank_farm": _assess_tank_farm}


def assess(model: str, inp: Mapping[str, Any], params: Parameters | Mapping[str, Any] | None = None) -> Assessment:
    """The assessment by a model, parts still as a tree.

    Raises ValueError for a model that does not exist, UnusableInput or UnusableParameters naming the field.
    """
    if model not in _MODELS:
        raise ValueError(f"no model {model!r}; there is: {', '.join(sorted(_MODELS))}")
    return _MODELS[model](inp, parameters_from(params))


def score(model: str, inp: Mapping[str, Any], params: Parameters | Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Score an input: `model, score` 0..100, `level` (raw, from the cut-offs), `parts`, `objects` and the model's own.

    `parts` add up to the score; `objects` split the part that comes from single units. Raises as `assess` does.
    """
    numbers = parameters_from(params)
    return result_of(model, assess(model, inp, numbers), numbers)


def result_of(model: str, found: Assessment, params: Parameters) -> dict[str, Any]:
    """The plain result of an assessment."""
    total = 100.0 * found.strength
    parts = {node.id: 100.0 * node.amount for node in found.parts}
    units = next(node.children for node in found.parts if node.id == found.objects_of)
    objects: dict[str, float] = {}
    for unit in split(parts[found.objects_of], units):
        objects[unit.id] = objects.get(unit.id, 0.0) + unit.amount
    return {
        "model": model,
        "score": total,
        "level": level_of(total, params),
        "parts": parts,
        "objects": objects,
        **found.outputs,
    }
