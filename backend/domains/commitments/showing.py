"""Commitments and drafts as they are answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from backend.domains.accounts.queries import heads_of
from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.notified import open_grave_alarms
from backend.domains.commitments.content import read_content
from backend.domains.commitments.deadlines import HoursOfDay, hours_of_day
from backend.domains.commitments.drafting import Known, propose
from backend.domains.commitments.enums import CommitmentState
from backend.domains.commitments.hours import USUAL_DUE, USUAL_OPENING, state_of_day
from backend.domains.commitments.models import Commitment, CommitmentDeadline, CommitmentVersion
from backend.domains.commitments.queries import newest_filing
from backend.domains.commitments.rules import warnings_of
from backend.domains.commitments.schemas import (
    Basis,
    CommitmentOut,
    DayRow,
    DeadlineOut,
    DraftOut,
    VersionOut,
)
from backend.domains.enterprises.queries import enterprise_name, visible_enterprises
from backend.domains.permits.queries import counts_for_day
from backend.domains.regions.models import Region
from backend.errors import NotVisible
from backend.kit.clock import plant_day


async def show_draft(viewer: Viewer, now: datetime, zone: ZoneInfo) -> DraftOut:
    """Today's draft of the viewer's enterprise."""
    enterprise = await visible_enterprises(viewer).get_or_none(id=viewer.enterprise_id)
    if enterprise is None:
        raise NotVisible("you belong to no working enterprise")
    today = plant_day(now, zone)
    hours = (await hours_of_day(today, zone)).of(enterprise.adcode)
    found = await newest_filing(enterprise.id, today)
    commitment, version = found or (None, None)
    work = await counts_for_day(enterprise.id, today, zone, now)
    alarms = await open_grave_alarms(enterprise.id)
    head = (await heads_of([enterprise.id])).get(enterprise.id)
    content, evidence = propose(
        Known(
            work=work,
            units_total=enterprise.units_total,
            duty_leader=head.name if head else "",
            duty_phone=head.phone if head else "",
            alarms=alarms,
            previous=read_content(version.content) if version else None,
            previous_on=commitment.commit_on if commitment else None,
        )
    )
    of_today = commitment if commitment and commitment.commit_on == today else None
    return DraftOut(
        commit_on=today,
        enterprise_id=enterprise.id,
        enterprise_name=enterprise.name,
        state=state_of_day(of_today.on_time if of_today else None, hours, now),
        opens_at=hours.opens_at,
        due_at=hours.due_at,
        ends_at=hours.ends_at,
        is_open=now >= hours.opens_at,
        late_reason_required=of_today is None and now > hours.due_at,
        commitment_id=of_today.id if of_today else None,
        version=of_today.version if of_today else None,
        basis=_basis(commitment, version),
        content=content,
        evidence=evidence,
        changed=[piece.field for piece in evidence if piece.changed],
        warnings=warnings_of(content, work, alarms),
    )


def _basis(commitment: Commitment | None, version: CommitmentVersion | None) -> Basis | None:
    if commitment is None or version is None:
        return None
    return Basis(commitment.commit_on, version.version, version.filed_at, version.signer_name)


async def show_commitment(
    commitment: Commitment, versions: Iterable[CommitmentVersion], now: datetime, zone: ZoneInfo
) -> CommitmentOut:
    """A commitment with these versions, and what of the newest one looks wrong beside the day's records of now."""
    shown = [_show_version(version) for version in versions]
    work = await counts_for_day(commitment.enterprise_id, commitment.commit_on, zone, now)
    is_today = commitment.commit_on == plant_day(now, zone)
    alarms = await open_grave_alarms(commitment.enterprise_id) if is_today else 0
    return CommitmentOut(
        id=commitment.id,
        enterprise_id=commitment.enterprise_id,
        enterprise_name=await enterprise_name(commitment.enterprise_id) or "",
        adcode=commitment.adcode,
        commit_on=commitment.commit_on,
        state=CommitmentState.ON_TIME if commitment.on_time else CommitmentState.LATE,
        version=commitment.version,
        due_at=commitment.due_at,
        deadline_id=commitment.deadline_id,
        first_filed_at=commitment.first_filed_at,
        on_time=commitment.on_time,
        late_reason=commitment.late_reason,
        late_note=commitment.late_note,
        versions=shown,
        warnings=warnings_of(shown[0].content, work, alarms),
    )


def _show_version(version: CommitmentVersion) -> VersionOut:
    return VersionOut(
        id=version.id,
        version=version.version,
        content=read_content(version.content),
        signer_id=version.signer_id,
        signer_name=version.signer_name,
        signature=version.signature,
        signed_at=version.signed_at,
        filed_at=version.filed_at,
        change_reason=version.change_reason,
    )


async def with_phones(rows: list[DayRow]) -> list[DayRow]:
    """The rows with the main responsible person of each enterprise, whom a regulator calls."""
    heads = await heads_of(row.enterprise_id for row in rows)
    for row in rows:
        if head := heads.get(row.enterprise_id):
            row.responsible_name, row.responsible_phone = head.name, head.phone
    return rows


def show_hours(region: Region, hours: HoursOfDay) -> DeadlineOut:
    """The hours in force in an area, and which row set them."""
    row = hours.row_of(region.adcode)
    return (
        show_deadline(region.adcode, row)
        if row
        else DeadlineOut(region.adcode, f"{USUAL_OPENING:%H:%M}", f"{USUAL_DUE:%H:%M}")
    )


def show_deadline(adcode: str, row: CommitmentDeadline) -> DeadlineOut:
    """A row as it holds in an area."""
    return DeadlineOut(
        adcode,
        f"{row.window_opens:%H:%M}",
        f"{row.due:%H:%M}",
        row.id,
        row.adcode,
        row.effective_from,
        row.author_name,
        row.reason,
    )
