"""What can be done with work reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.permits.enums import ReportState
from backend.domains.permits.models import WorkReport
from backend.domains.permits.queries import visible_report
from backend.domains.permits.rules import fault_of_grade, fault_of_hours, next_number
from backend.domains.permits.schemas import WorkReportDraft
from backend.errors import Invalid, NotAllowed, Problem, SameIdOtherBody
from backend.kit import audit
from backend.kit.clock import plant_day
from backend.kit.fingerprint import fingerprint
from backend.kit.turns import take_turn


class AlreadyCancelled(Problem):
    """The work was cancelled before; the first reason stands."""

    kind = "already-cancelled"


class WorkOver(Problem):
    """The work's hours are over, so there is nothing left to cancel."""

    kind = "work-over"


async def file_report(draft: WorkReportDraft, by: Viewer, now: datetime, zone: ZoneInfo) -> tuple[WorkReport, bool]:
    """Announce a special operation; returns the report and whether it is new.

    The same id with the same content answers the report filed the first time, so a phone may send again.
    """
    enterprise = await visible_enterprises(by).get_or_none(id=by.enterprise_id) if by.enterprise_id else None
    if enterprise is None:
        raise NotAllowed("only people of a working enterprise report work")
    body = fingerprint(enterprise.id, draft)
    if known := await WorkReport.get_or_none(id=draft.id):
        return _same(known, body), False
    _check(draft, now)
    day = plant_day(draft.planned_from, zone)
    async with in_transaction():
        await take_turn("work_report", draft.id)
        # A twin of this request may have been served while we waited.
        if known := await WorkReport.get_or_none(id=draft.id):
            return _same(known, body), False
        await take_turn("work_report", enterprise.id, day)
        same_day = WorkReport.filter(enterprise_id=enterprise.id, planned_on=day, kind=draft.kind)
        taken = await same_day.values_list("number", flat=True)
        report = await WorkReport.create(
            **msgspec.structs.asdict(draft),
            enterprise_id=enterprise.id,
            adcode=enterprise.adcode,
            number=next_number(draft.kind, day, [str(number) for number in taken]),
            planned_on=day,
            body_hash=body,
            filed_by_id=by.id,
            filed_by_name=by.name,
            filed_at=now,
        )
        await audit.record(
            "work_report.filed",
            "work_report",
            report.id,
            at=now,
            person_id=by.id,
            person_name=by.name,
            number=report.number,
            body=body,
        )
    return report, True


def _same(known: WorkReport, body: str) -> WorkReport:
    if known.body_hash != body:
        raise SameIdOtherBody("another work report was sent under this id before", id=str(known.id))
    return known


def _check(draft: WorkReportDraft, now: datetime) -> None:
    fault = fault_of_grade(draft.kind, draft.grade) or fault_of_hours(
        draft.kind, draft.grade, draft.planned_from, draft.planned_to, now
    )
    if fault:
        raise Invalid(fault.words, field=fault.field)


async def cancel_report(report_id: UUID, reason: str, by: Viewer, now: datetime) -> WorkReport:
    """Call a planned or running operation off, once; the first reason stands."""
    report = await visible_report(by, report_id)
    async with in_transaction():
        done = await WorkReport.filter(id=report.id, state=ReportState.PLANNED, planned_to__gt=now).update(
            state=ReportState.CANCELLED,
            cancelled_at=now,
            cancelled_by_id=by.id,
            cancelled_by_name=by.name,
            cancel_reason=reason.strip(),
        )
        await report.refresh_from_db()
        if not done:
            raise _not_cancellable(report)
        await audit.record(
            "work_report.cancelled",
            "work_report",
            report.id,
            at=now,
            person_id=by.id,
            person_name=by.name,
            reason=reason.strip(),
            number=report.number,
        )
    return report


def _not_cancellable(report: WorkReport) -> Problem:
    if report.state is ReportState.CANCELLED:
        return AlreadyCancelled(
            f"{report.cancelled_by_name} cancelled {report.number} before",
            cancelledAt=report.cancelled_at,
            cancelledByName=report.cancelled_by_name,
            cancelReason=report.cancel_reason,
        )
    return WorkOver(f"the hours of {report.number} are over", plannedTo=report.planned_to)
