"""One figure a line, as JSON: name, value, unit, baseline, ratio."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence


def figure(name: str, value: float, unit: str, baseline: float | None = None, **more: object) -> None:
    """Print a figure; baseline is the same quantity of the bare thing in the same run, ratio is value over it."""
    ratio = round(value / baseline, 3) if baseline else None
    line = {"name": name, "value": _short(value), "unit": unit, "baseline": _short(baseline), "ratio": ratio, **more}
    print(json.dumps(line), flush=True)


def latencies(name: str, samples_ms: Sequence[float], baseline_ms: Sequence[float] | None = None) -> None:
    """Print the median, the 95th and the 99th percentile of latencies in milliseconds."""
    for percent in (50, 95, 99):
        base = percentile(baseline_ms, percent) if baseline_ms else None
        figure(f"{name}.p{percent}", percentile(samples_ms, percent), "ms", base, samples=len(samples_ms))


def percentile(samples: Sequence[float], percent: int) -> float:
    """The percentile of at least two samples."""
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
