"""A month of filings: the work that was announced, and the commitment of each morning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from backend.domains.commitments.content import WORK_FIELDS, CommitmentContent
from backend.domains.commitments.deadlines import hours_of_day
from backend.domains.commitments.enums import LateReason
from backend.domains.commitments.models import Commitment, CommitmentVersion
from backend.domains.commitments.rules import suggested_level
from backend.domains.commitments.schemas import Filing
from backend.domains.permits.enums import ReportState, WorkGrade, WorkKind
from backend.domains.permits.models import WorkReport
from backend.domains.permits.rules import next_number
from backend.domains.permits.schemas import WorkReportDraft
from backend.kit.clock import plant_day
from backend.kit.fingerprint import fingerprint
from backend.kit.ids import new_id
from backend.seed.settling import SettledCity, SettledEnterprise
from backend.simulator.routines import Morning, PlannedWork, morning_of, signature_of, works_of

MONTH_DAYS = 30


async def write_filings(city: SettledCity, now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Write the work reports and commitments that were filed by `now`; returns how many of each.

    The visitor's commitment of today is left to the visitor.
    """
    today = plant_day(now, zone)
    reports: list[WorkReport] = []
    days: list[Commitment] = []
    versions: list[CommitmentVersion] = []
    for back in range(MONTH_DAYS, -2, -1):
        day = today - timedelta(days=back)
        hours = await hours_of_day(day, zone)
        for enterprise in city.enterprises:
            works = [work for work in works_of(enterprise.plan, day, city.plan.seed) if work.told_at <= now]
            reports += _reports(enterprise, day, works, now)
            morning = morning_of(enterprise.plan, day, city.plan.seed)
            left_to_visitor = back == 0 and enterprise.plan is city.plan.visitor
            if morning.filed_at is not None and morning.filed_at <= now and not left_to_visitor:
                commitment, version = _commitment(enterprise, day, works, morning)
                of_area = hours.of(enterprise.plan.adcode)
                commitment.due_at, commitment.deadline_id = of_area.due_at, of_area.deadline_id
                commitment.on_time = morning.filed_at <= of_area.due_at
                days.append(commitment)
                versions.append(version)
    await WorkReport.bulk_create(reports, batch_size=500)
    await Commitment.bulk_create(days, batch_size=500)
    await CommitmentVersion.bulk_create(versions, batch_size=500)
    return len(days), len(reports)


def draft_of(work: PlannedWork) -> WorkReportDraft:
    """A planned work as its report is sent."""
    return WorkReportDraft(
        id=work.id,
        kind=WorkKind(work.kind),
        grade=WorkGrade(work.grade),
        place=work.place,
        area=work.area,
        content=work.content,
        planned_from=work.planned_from,
        planned_to=work.planned_to,
        people=work.people,
        contractor=work.contractor,
        responsible=work.responsible,
        phone=work.phone,
    )


def _reports(enterprise: SettledEnterprise, day: date, works: list[PlannedWork], now: datetime) -> Iterator[WorkReport]:
    officer = enterprise.people["safety_officer"]
    numbers: list[str] = []
    for work in works:
        draft = draft_of(work)
        numbers.append(next_number(draft.kind, day, numbers))
        called_off = work.cancelled_at is not None and work.cancelled_at <= now
        yield WorkReport(
            **msgspec.structs.asdict(draft),
            enterprise_id=enterprise.id,
            adcode=enterprise.plan.adcode,
            number=numbers[-1],
            planned_on=day,
            state=ReportState.CANCELLED if called_off else ReportState.PLANNED,
            cancelled_at=work.cancelled_at if called_off else None,
            cancelled_by_id=officer.id if called_off else None,
            cancelled_by_name=officer.name if called_off else "",
            cancel_reason=work.cancel_reason if called_off else "",
            body_hash=fingerprint(enterprise.id, draft),
            filed_by_id=officer.id,
            filed_by_name=officer.name,
            filed_at=work.told_at,
        )


def _commitment(
    enterprise: SettledEnterprise, day: date, works: list[PlannedWork], morning: Morning
) -> tuple[Commitment, CommitmentVersion]:
    filed_at, signer = morning.filed_at, enterprise.people[morning.signer]
    assert filed_at is not None, "only mornings with a filing are written"
    content = content_of(enterprise, works, morning)
    filing = Filing(
        id=morning.version_id,
        commit_on=day,
        content=content,
        signed_at=filed_at - timedelta(seconds=8),
        signature=signature_of(signer.name),
        late_reason=LateReason(morning.late_reason) if morning.late_reason else None,
        late_note=morning.late_note,
    )
    commitment = Commitment(
        id=new_id(),
        enterprise_id=enterprise.id,
        adcode=enterprise.plan.adcode,
        commit_on=day,
        version=1,
        first_filed_at=filed_at,
        late_reason=filing.late_reason,
        late_note=filing.late_note,
    )
    version = CommitmentVersion(
        id=filing.id,
        commitment_id=commitment.id,
        version=1,
        content=msgspec.to_builtins(content),
        body_hash=fingerprint(enterprise.id, filing),
        signer_id=signer.id,
        signer_name=signer.name,
        signature=filing.signature,
        signed_at=filing.signed_at,
        filed_at=filed_at,
    )
    return commitment, version


def content_of(enterprise: SettledEnterprise, works: list[PlannedWork], morning: Morning) -> CommitmentContent:
    """What the enterprise committed to: the counts are those of the work it had announced by then."""
    known = [w for w in works if morning.filed_at and w.told_at <= morning.filed_at and w.cancelled_at is None]
    kinds = Counter(WorkKind(work.kind) for work in known)
    grades = Counter((WorkKind(work.kind), WorkGrade(work.grade)) for work in known)
    counts: dict[str, Any] = {
        name: kinds[kind] if grade is None else grades[kind, grade] for name, (kind, grade) in WORK_FIELDS.items()
    }
    total = enterprise.plan.units_total
    duty = enterprise.people[morning.duty]
    content = CommitmentContent(
        **counts,
        units_total=total,
        units_running=total - morning.units_stopped - morning.units_maintenance,
        units_stopped=morning.units_stopped,
        units_maintenance=morning.units_maintenance,
        contractor_jobs=sum(work.contractor is not None for work in known),
        maintenance_jobs=morning.changes["maintenanceJobs"],
        tank_transfers=morning.changes["tankTransfers"],
        tank_cleanings=morning.changes["tankCleanings"],
        drainings=morning.changes["drainings"],
        changes=morning.changes["changes"],
        trial_production=False,
        start_up_shut_down=False,
        pilot_test=False,
        duty_leader=duty.name,
        duty_phone=duty.phone,
        major_hidden_hazard=False,
        hazards_safe=True,
        responsible_in_place=True,
        risk_level=4,
    )
    content.risk_level = suggested_level(content)
    return content
