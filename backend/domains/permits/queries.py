"""Reads of work reports; each starts from the viewer."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.permits.enums import ReportState, WorkGrade, WorkKind, WorkState
from backend.domains.permits.models import WorkReport
from backend.domains.permits.rules import LONGEST_VALIDITY, state_of
from backend.errors import NotVisible
from backend.kit.clock import day_span
from backend.kit.paging import decode_cursor


def visible_reports(viewer: Viewer) -> QuerySet[WorkReport]:
    """The reports a viewer may see; the only start of a query on behalf of a person."""
    return WorkReport.filter(**viewer.scope())


async def visible_report(viewer: Viewer, report_id: UUID) -> WorkReport:
    """One report, or NotVisible."""
    found = await visible_reports(viewer).get_or_none(id=report_id)
    if found is None:
        raise NotVisible("there is no such work report in your area", id=str(report_id))
    return found


def touching(day: date, zone: ZoneInfo) -> Q:
    """Reports whose hours touch the plant day: work over midnight counts on both days."""
    start, end = day_span(day, zone)
    return Q(planned_from__lt=end, planned_from__gt=start - LONGEST_VALIDITY, planned_to__gt=start)


def in_state(state: WorkState, now: datetime) -> Q:
    """The reports that are in that state at `now`."""
    if state is WorkState.CANCELLED:
        return Q(state=ReportState.CANCELLED)
    hours: dict[WorkState, dict[str, Any]] = {
        WorkState.PLANNED: {"planned_from__gt": now},
        WorkState.RUNNING: {"planned_from__lte": now, "planned_to__gt": now},
        WorkState.ENDED: {"planned_to__lte": now},
    }
    return Q(state=ReportState.PLANNED, **hours[state])


async def page_rows(query: QuerySet[WorkReport], limit: int, after: str | None, *, ascending: bool) -> list[WorkReport]:
    """Up to `limit + 1` rows by planned start: upward inside a day, newest first over all days."""
    sign, beyond = ("", "gt") if ascending else ("-", "lt")
    if after is not None:
        start, last = decode_cursor(after, datetime, UUID)
        query = query.filter(Q(**{f"planned_from__{beyond}": start}) | Q(planned_from=start, **{f"id__{beyond}": last}))
    return await query.order_by(f"{sign}planned_from", f"{sign}id").limit(limit + 1)


class DayWork(msgspec.Struct, frozen=True):
    """The work that touches a plant day of one or more enterprises, cancelled reports left out.

    counts: by kind and grade; numbers: the report numbers behind each of them, in order of start.
    """

    counts: Counter[tuple[WorkKind, WorkGrade]]
    numbers: dict[tuple[WorkKind, WorkGrade], list[str]]
    contractor_numbers: list[str]
    running: int = 0
    cancelled: int = 0

    def count(self, kind: WorkKind, grade: WorkGrade | None = None) -> int:
        """How many reports of that kind, of one grade or of all."""
        return sum(n for (k, g), n in self.counts.items() if k is kind and grade in (None, g))

    def numbers_of(self, kind: WorkKind, grade: WorkGrade | None = None) -> list[str]:
        """Their numbers."""
        return [
            number for (k, g), found in self.numbers.items() if k is kind and grade in (None, g) for number in found
        ]


async def work_of_day(query: QuerySet[WorkReport], day: date, zone: ZoneInfo, now: datetime) -> DayWork:
    """Counts and numbers of the day among the reports of `query`."""
    rows = await query.filter(touching(day, zone)).order_by("planned_from", "id")
    numbers: dict[tuple[WorkKind, WorkGrade], list[str]] = {}
    states = Counter(state_of(row.state, row.planned_from, row.planned_to, now) for row in rows)
    valid = [row for row in rows if row.state is ReportState.PLANNED]
    for row in valid:
        numbers.setdefault((row.kind, row.grade), []).append(row.number)
    return DayWork(
        counts=Counter({key: len(found) for key, found in numbers.items()}),
        numbers=numbers,
        contractor_numbers=[row.number for row in valid if row.contractor],
        running=states[WorkState.RUNNING],
        cancelled=states[WorkState.CANCELLED],
    )


async def counts_for_day(enterprise_id: UUID, day: date, zone: ZoneInfo, now: datetime) -> DayWork:
    """The day's work of one enterprise, for its commitment. No viewer: whoever asks has checked that already."""
    return await work_of_day(WorkReport.filter(enterprise_id=enterprise_id), day, zone, now)
