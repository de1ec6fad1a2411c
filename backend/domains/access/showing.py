"""The ledger as it is answered: what was filed beside what the system sees, and coverage."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from tortoise.expressions import Q

from backend.domains.access.enums import AccessStep, StepState
from backend.domains.access.facts import Line, lines_in_view
from backend.domains.access.models import AccessContact, AccessEntry
from backend.domains.access.queries import entries_in_view, visible_contacts
from backend.domains.access.rules import STEPS, contradiction, next_step, seen, step_state
from backend.domains.access.schemas import (
    AccessLineOut,
    AccessStepOut,
    CoverageOut,
    CoverageRow,
    DistrictContactOut,
    DistrictCoverage,
    FactsOut,
    GradeCoverage,
)
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise
from backend.domains.regions.queries import all_regions, line_of

Group = TypeVar("Group", bound=Hashable)


async def show_lines(
    viewer: Viewer,
    now: datetime,
    today: date,
    *,
    codes: Iterable[str] | None = None,
    enterprise_id: UUID | None = None,
) -> list[AccessLineOut]:
    """The lines in view: those with most overdue steps first, then those that are on their way, by enterprise."""
    lines = await lines_in_view(viewer, now, codes=codes, enterprise_id=enterprise_id)
    filed = await entries_in_view(viewer, (line.enterprise_id for line in lines))
    shown = [_line(line, filed.get((line.enterprise_id, line.hazard_id), {}), today) for line in lines]
    return sorted(shown, key=lambda line: (-line.overdue, line.next_step is None))


def _line(line: Line, filed: dict[AccessStep, AccessEntry], today: date) -> AccessLineOut:
    steps = [_step(step, filed.get(step), seen(step, line.facts), today) for step in STEPS]
    facts = msgspec.structs.asdict(line.facts)
    return AccessLineOut(
        enterprise_id=line.enterprise_id,
        enterprise_name=line.short_name,
        adcode=line.adcode,
        hazard_id=line.hazard_id,
        hazard_name=line.hazard_name,
        grade=line.grade,
        next_step=next_step({each.step: each.state is StepState.DONE for each in steps}),
        overdue=sum(each.state is StepState.OVERDUE for each in steps),
        steps=steps,
        facts=FactsOut(**facts, connected=line.facts.is_connected),
    )


def _step(step: AccessStep, entry: AccessEntry | None, is_seen: bool | None, today: date) -> AccessStepOut:
    if entry is None:
        return AccessStepOut(
            step=step,
            state=StepState.OPEN,
            done_on=None,
            done_by="",
            due_on=None,
            blocker="",
            note="",
            seen=is_seen,
            contradiction=contradiction(None, is_seen),
            version=0,
            updated_at=None,
            updated_by_name="",
        )
    return AccessStepOut(
        step=step,
        state=step_state(entry.done_on, entry.due_on, entry.blocker, today),
        done_on=entry.done_on,
        done_by=entry.done_by,
        due_on=entry.due_on,
        blocker=entry.blocker,
        note=entry.note,
        seen=is_seen,
        contradiction=contradiction(entry.done_on, is_seen),
        version=entry.version,
        updated_at=entry.updated_at,
        updated_by_name=entry.updated_by_name,
    )


async def show_contacts(viewer: Viewer, enterprise: Enterprise | None = None) -> list[DistrictContactOut]:
    """Whom to call, districts before enterprises; enterprise: there, in its district and above only."""
    query = await visible_contacts(viewer)
    if enterprise is not None:
        above = sorted(await line_of(enterprise.adcode))
        query = query.filter(Q(enterprise_id=enterprise.id) | Q(enterprise_id__isnull=True, adcode__in=above))
    rows = await query.order_by("adcode", "name")
    return [show_contact(row) for row in sorted(rows, key=lambda row: row.enterprise_id is not None)]


def show_contact(row: AccessContact) -> DistrictContactOut:
    """One contact."""
    return DistrictContactOut(row.id, row.adcode, row.enterprise_id, row.name, row.phone, row.duty)


async def show_coverage(viewer: Viewer, now: datetime, today: date, codes: Iterable[str] | None) -> CoverageOut:
    """How far the area in view is on the system, whole, by district and by grade."""
    lines = await show_lines(viewer, now, today, codes=codes)
    regions = {region.adcode: region for region in await all_regions()}
    return CoverageOut(
        all=_covered(lines, CoverageRow),
        districts=[
            _covered(group, DistrictCoverage, adcode=code, name=regions[code].name, name_en=regions[code].name_en)
            for code, group in sorted(_grouped(lines, lambda line: line.adcode).items())
        ],
        grades=[
            _covered(group, GradeCoverage, grade=grade)
            for grade, group in sorted(_grouped(lines, lambda line: line.grade).items(), key=lambda each: each[0] or 9)
        ],
        contacts=[each for each in await show_contacts(viewer) if each.enterprise_id is None],
    )


def _grouped(lines: Sequence[AccessLineOut], of: Callable[[AccessLineOut], Group]) -> dict[Group, list[AccessLineOut]]:
    found: dict[Group, list[AccessLineOut]] = {}
    for line in lines:
        found.setdefault(of(line), []).append(line)
    return found


Row = TypeVar("Row", bound=CoverageRow)


def _covered(lines: Sequence[AccessLineOut], kind: type[Row], **named: Any) -> Row:
    facts = [line.facts for line in lines]
    return kind(
        **named,
        hazards=len(lines),
        connected=sum(each.connected for each in facts),
        accepted=sum(line.next_step is None for line in lines),
        overdue=sum(line.overdue > 0 for line in lines),
        tanks=sum(each.tanks for each in facts),
        tanks_missing=sum(each.tanks - each.tanks_measured for each in facts),
        detectors=sum(each.detectors for each in facts),
        detectors_missing=sum(each.detectors - each.detectors_measured for each in facts),
        points=sum(each.points for each in facts),
        points_missing=sum(each.points - each.points_seen for each in facts),
        limits_missing=sum(each.points - each.points_limited for each in facts),
    )
