"""Counts of a day by area and by promised level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from backend.domains.commitments.enums import CommitmentState
from backend.domains.commitments.queries import OPEN_STATES, PAST_DUE
from backend.domains.commitments.schemas import AreaCounts, DayCounts, DayRow
from backend.domains.regions.models import Region


def count_day(on: date, rows: Iterable[DayRow], regions: Iterable[Region]) -> DayCounts:
    """The counts of the rows, in all and for each area that has any, areas in the order of the tree."""
    by_area: dict[str, list[DayRow]] = defaultdict(list)
    levels = dict.fromkeys((1, 2, 3, 4), 0)
    every: list[DayRow] = []
    for row in rows:
        every.append(row)
        by_area[row.adcode].append(row)
        if row.risk_level is not None:
            levels[row.risk_level] += 1
    areas = [
        AreaCounts(adcode=area.adcode, name=area.name, name_en=area.name_en, **_counts(by_area[area.adcode]))
        for area in regions
        if area.adcode in by_area
    ]
    return DayCounts(on=on, **_counts(every), by_risk_level=levels, areas=areas)


def _counts(rows: list[DayRow]) -> dict[str, int]:
    missing = sum(row.state in OPEN_STATES for row in rows)
    return {
        "should": len(rows),
        "filed": len(rows) - missing,
        "on_time": sum(row.state is CommitmentState.ON_TIME for row in rows),
        "late": sum(row.state is CommitmentState.LATE for row in rows),
        "missing": missing,
        "overdue": sum(row.state in PAST_DUE for row in rows),
    }
