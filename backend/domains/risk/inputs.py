"""What a model is fed, in the field names of the published description; null and absent mean the default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

PointKind = Literal["level", "temperature", "pressure", "flow", "other"]
Quality = Literal["good", "uncertain", "bad"]

Duration = Annotated[float, Meta(ge=0)]
T = TypeVar("T", bound=Struct)

# Differences and ratios of numbers below this cannot overflow.
_LARGEST = 1e100
_PLAIN = frozenset({str, bool, int})


class UnusableInput(ValueError):
    """The input cannot be scored; the message names the field."""


class Point(Struct, frozen=True):
    """One measuring point. Value, limits, range and rate share a unit; `age_s` is None when it never reported.

    `name` and `unit` are for the sentences of the explanation and do not change a score.
    """

    id: str
    kind: PointKind = "other"
    value: float | None = None
    ll: float | None = None
    l: float | None = None  # noqa: E741  # the published field name: limit low.
    h: float | None = None
    hh: float | None = None
    range_lo: float | None = None
    range_hi: float | None = None
    latched_high: Literal[0, 1, 2] = 0
    latched_low: Literal[0, 1, 2] = 0
    dur_any_min: Duration = 0.0
    dur_hh_min: Duration = 0.0
    rate_per_min: float = 0.0
    age_s: Duration | None = None
    quality: Quality = "good"
    frozen: bool = False
    oos_declared: bool = False
    key: bool = False
    residual_peak: Annotated[float, Meta(ge=0, le=1)] = 0.0
    since_clear_min: Duration = 0.0
    name: str = ""
    unit: str = ""


class Tank(Struct, frozen=True):
    """One tank. `blind_min` counts minutes of a transfer without a usable level."""

    id: str
    points: tuple[Point, ...] = ()
    transfer_active: bool = False
    transfer_measured: bool = False
    blind_min: Duration = 0.0
    name: str = ""


class OpenAlarm(Struct, frozen=True):
    """An alarm that is not closed: grade 1 = H, L, first gas level; 2 = HH, LL, second gas level."""

    id: str
    grade: Literal[1, 2] = 1
    overdue_min: Duration = 0.0
    name: str = ""


class TankFarm(Struct, frozen=True):
    """The tanks of one major hazard; `hazard_level` 1 (worst) to 4, None when it is not a major hazard."""

    hazard_level: Literal[1, 2, 3, 4] | None = None
    tanks: tuple[Tank, ...] = ()
    alarms: tuple[OpenAlarm, ...] = ()
    rep_max: Annotated[float, Meta(ge=0)] = 0.0
    dark_h: Duration = 0.0


def read_input(kind: type[T], given: Mapping[str, Any]) -> T:
    """`given` as a checked struct; raises UnusableInput naming the field that cannot be used."""
    try:
        return msgspec.convert(_without_nulls(given), kind)
    except msgspec.ValidationError as exc:
        raise UnusableInput(str(exc)) from exc
    except _NotFinite as exc:
        raise UnusableInput(f"Not a finite number - at `{_place_of_not_finite(given, '$')}`") from exc


class _NotFinite(Exception):
    """A number without a meaning stands somewhere in an input."""


def _without_nulls(value: Any) -> Any:
    """`value` without nulls, which mean the default."""
    if isinstance(value, Mapping):
        return {
            key: item if type(item) in _PLAIN else _without_nulls(item)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list | tuple):
        return [_without_nulls(item) for item in value]
    if isinstance(value, float) and not -_LARGEST < value < _LARGEST:
        raise _NotFinite
    return value


def _place_of_not_finite(value: Any, path: str) -> str | None:
    """Where the first number stands that is not finite, or too large to reckon with."""
    inner: Iterable[tuple[str, Any]] = ()
    if isinstance(value, Mapping):
        inner = ((f"{path}.{key}", item) for key, item in value.items())
    elif isinstance(value, list | tuple):
        inner = ((f"{path}[{i}]", item) for i, item in enumerate(value))
    elif isinstance(value, float) and not -_LARGEST < value < _LARGEST:
        return path
    return next((found for place, item in inner if (found := _place_of_not_finite(item, place))), None)
