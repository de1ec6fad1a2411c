"""Work reports as they are answered: with the enterprise's name and the state of the moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.permits.models import WorkReport
from backend.domains.permits.rules import state_of
from backend.domains.permits.schemas import WorkReportOut


async def show_reports(reports: Sequence[WorkReport], viewer: Viewer, now: datetime) -> list[WorkReportOut]:
    """The reports in the same order."""
    ids = {report.enterprise_id for report in reports}
    named = await visible_enterprises(viewer).filter(id__in=ids).values_list("id", "name") if ids else []
    names = {enterprise_id: str(name) for enterprise_id, name in named}
    return [_show(report, names.get(report.enterprise_id, ""), now) for report in reports]


async def show_report(report: WorkReport, viewer: Viewer, now: datetime) -> WorkReportOut:
    """One report."""
    return (await show_reports([report], viewer, now))[0]


def _show(report: WorkReport, enterprise_name: str, now: datetime) -> WorkReportOut:
    return WorkReportOut(
        id=report.id,
        enterprise_id=report.enterprise_id,
        enterprise_name=enterprise_name,
        adcode=report.adcode,
        number=report.number,
        kind=report.kind,
        grade=report.grade,
        place=report.place,
        area=report.area,
        content=report.content,
        planned_from=report.planned_from,
        planned_to=report.planned_to,
        people=report.people,
        contractor=report.contractor,
        responsible=report.responsible,
        phone=report.phone,
        state=state_of(report.state, report.planned_from, report.planned_to, now),
        filed_at=report.filed_at,
        filed_by_name=report.filed_by_name,
        cancelled_at=report.cancelled_at,
        cancelled_by_name=report.cancelled_by_name,
        cancel_reason=report.cancel_reason,
    )
