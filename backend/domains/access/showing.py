"""The ledger as it is answered: what was filed beside what the system sees, and coverage."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import convert
from tortoise.expressions import Q

from backend.domains.access.enums import AccessStep, StepState
from backend.domains.access.facts import Line, lines_in_view
from backend.domains.access.models import AccessContact, AccessEntry
from backend.domains.access.queries import entries_in_view, photo_counts, photos_of_enterprise, visible_contacts
from backend.domains.access.rules import DERIVED, STEPS, contradiction, is_done, next_step, seen, step_state
from backend.domains.access.schemas import (
    AccessContactOut,
    AccessLineOut,
    AccessPhotoOut,
    AccessStepOut,
    CoverageOut,
    CoverageRow,
    DistrictContactOut,
    DistrictCoverage,
    FactsOut,
    GradeCoverage,
    UnsignedOut,
)
from backend.domains.access.service import may_keep
from backend.domains.access.signing import unsigned_places
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.queries import enterprises_by_id
from backend.domains.media.queries import photos_by_id
from backend.domains.regions.queries import all_regions, line_of
from backend.kit.clock import plant_day

Group = TypeVar("Group", bound=Hashable)


async def show_lines(
    viewer: Viewer,
    now: datetime,
    zone: ZoneInfo,
    *,
    codes: Iterable[str] | None = None,
    enterprise_id: UUID | None = None,
) -> list[AccessLineOut]:
    """The lines in view: those with most overdue steps first, then those that are on their way, by enterprise."""
    today = plant_day(now, zone)
    lines = await lines_in_view(viewer, now, codes=codes, enterprise_id=enterprise_id)
    filed = await entries_in_view(viewer, (line.enterprise_id for line in lines))
    counts = await photo_counts(viewer, (line.enterprise_id for line in lines))
    shown = []
    for line in lines:
        photos = {step: n for step in STEPS if (n := counts.get((line.enterprise_id, line.hazard_id, step)))}
        shown.append(_line(line, filed.get((line.enterprise_id, line.hazard_id), {}), photos, today, zone))
    return sorted(shown, key=lambda line: (-line.overdue, line.next_step is None))


async def show_enterprise_lines(
    viewer: Viewer, enterprise_id: UUID, now: datetime, zone: ZoneInfo
) -> list[AccessLineOut]:
    """The lines of one enterprise, with the photos of each step and the names of what is not signed."""
    shown = await show_lines(viewer, now, zone, enterprise_id=enterprise_id)
    unsigned = await unsigned_places(enterprise_id, now)
    rows = await photos_of_enterprise(viewer, enterprise_id)
    pictures = await photos_by_id(viewer, (row.photo_id for each in rows.values() for row in each))
    for line in shown:
        line.unsigned = [convert(place, UnsignedOut, from_attributes=True) for place in unsigned[line.hazard_id]]
        for step in line.steps:
            step.photos = [
                AccessPhotoOut(
                    id=row.photo_id,
                    url=f"/api/v1/photos/{row.photo_id}/image",
                    taken_at=pictures[row.photo_id].taken_at,
                    added_at=row.added_at,
                    added_by_name=row.added_by_name,
                )
                for row in rows[line.hazard_id, step.step]
                if row.photo_id in pictures
            ]
    return shown


def _line(
    line: Line, filed: dict[AccessStep, AccessEntry], photos: dict[AccessStep, int], today: date, zone: ZoneInfo
) -> AccessLineOut:
    steps = [_step(step, filed.get(step), line, photos.get(step, 0), today, zone) for step in STEPS]
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
        unsigned=None,
    )


def _step(
    step: AccessStep, entry: AccessEntry | None, line: Line, photos: int, today: date, zone: ZoneInfo
) -> AccessStepOut:
    is_seen = seen(step, line.facts)
    filed_on, due_on = (entry.done_on, entry.due_on) if entry else (None, None)
    blocker = entry.blocker if entry else ""
    done = is_done(step, filed_on, is_seen)
    done_on, done_by = filed_on, entry.done_by if entry else ""
    if done and step in DERIVED and line.signed_at is not None:
        done_on, done_by = plant_day(line.signed_at, zone), line.signed_by
    return AccessStepOut(
        step=step,
        state=step_state(done=done, due_on=due_on, blocker=blocker, today=today),
        done_on=done_on,
        done_by=done_by,
        due_on=due_on,
        blocker="" if done and step in DERIVED else blocker,
        note=entry.note if entry else "",
        seen=is_seen,
        contradiction=contradiction(step, filed_on, is_seen),
        version=entry.version if entry else 0,
        updated_at=entry.updated_at if entry else None,
        updated_by_name=entry.updated_by_name if entry else "",
        derived=step in DERIVED,
        photo_count=photos,
        photos=None,
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


async def show_all_contacts(viewer: Viewer, *, former: bool) -> list[AccessContactOut]:
    """The contacts in view as they are kept: by area, districts before enterprises; former: also those who left."""
    rows = await (await visible_contacts(viewer, former=former)).order_by("adcode", "entered_at")
    names = await enterprises_by_id(row.enterprise_id for row in rows if row.enterprise_id)
    return [
        AccessContactOut(
            id=row.id,
            adcode=row.adcode,
            enterprise_id=row.enterprise_id,
            name=row.name,
            phone=row.phone,
            duty=row.duty,
            enterprise_name=names[row.enterprise_id].short_name if row.enterprise_id else None,
            entered_at=row.entered_at,
            entered_by_name=row.entered_by_name,
            left_at=row.left_at,
            left_by_name=row.left_by_name,
            left_reason=row.left_reason,
            may_keep=row.left_at is None and may_keep(row, viewer),
        )
        for row in sorted(rows, key=lambda row: row.enterprise_id is not None)
    ]


async def show_coverage(viewer: Viewer, now: datetime, zone: ZoneInfo, codes: Iterable[str] | None) -> CoverageOut:
    """How far the area in view is on the system, whole, by district and by grade."""
    lines = await show_lines(viewer, now, zone, codes=codes)
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
        tanks_unsigned=sum(each.tanks - each.tanks_signed for each in facts),
        detectors_unsigned=sum(each.detectors - each.detectors_signed for each in facts),
    )
