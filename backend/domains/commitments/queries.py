"""Reads of commitments; each starts from the viewer. Enterprises without a filing are rows too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.commitments.deadlines import hours_of_day
from backend.domains.commitments.enums import CommitmentFilter, CommitmentState
from backend.domains.commitments.hours import state_of_day
from backend.domains.commitments.models import Commitment, CommitmentVersion
from backend.domains.commitments.schemas import DayRow, MonthDay
from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.regions.queries import branch_codes
from backend.errors import NotVisible
from backend.kit.clock import day_span, plant_day

OPEN_STATES = frozenset({CommitmentState.NOT_DUE, CommitmentState.OVERDUE, CommitmentState.MISSED})
PAST_DUE = frozenset({CommitmentState.OVERDUE, CommitmentState.MISSED})


def visible_commitments(viewer: Viewer) -> QuerySet[Commitment]:
    """The commitments a viewer may see; the only start of a query on behalf of a person."""
    return Commitment.filter(**viewer.scope())


async def visible_commitment(viewer: Viewer, commitment_id: UUID) -> Commitment:
    """One commitment, or NotVisible."""
    found = await visible_commitments(viewer).get_or_none(id=commitment_id)
    if found is None:
        raise NotVisible("there is no such commitment in your area", id=str(commitment_id))
    return found


async def versions_of(commitment_id: UUID) -> list[CommitmentVersion]:
    """All versions of a day, newest first."""
    return await CommitmentVersion.filter(commitment_id=commitment_id).order_by("-version")


async def newest_versions(commitment_ids: Iterable[UUID]) -> dict[UUID, CommitmentVersion]:
    """The newest version of each commitment."""
    ids = list(commitment_ids)
    rows = await CommitmentVersion.filter(commitment_id__in=ids).order_by("version") if ids else []
    return {row.commitment_id: row for row in rows}


async def newest_filing(enterprise_id: UUID, until: date) -> tuple[Commitment, CommitmentVersion] | None:
    """The newest version that an enterprise filed for `until` or a day before it."""
    commitment = (
        await Commitment.filter(enterprise_id=enterprise_id, commit_on__lte=until).order_by("-commit_on").first()
    )
    if commitment is None:
        return None
    return commitment, await CommitmentVersion.get(commitment_id=commitment.id, version=commitment.version)


async def rows_of_day(viewer: Viewer, on: date, adcode: str | None, now: datetime, zone: ZoneInfo) -> list[DayRow]:
    """Every enterprise of the viewer (or of the area asked for) that existed on that day, by code, and its state."""
    enterprises = visible_enterprises(viewer).filter(created_at__lt=day_span(on, zone)[1])
    if adcode is not None:
        enterprises = enterprises.filter(adcode__in=sorted(await branch_codes(adcode)))
    filed = {row.enterprise_id: row for row in await visible_commitments(viewer).filter(commit_on=on)}
    newest = await newest_versions(row.id for row in filed.values())
    hours = await hours_of_day(on, zone)
    rows = []
    for enterprise in await enterprises.order_by("code"):
        day = hours.of(enterprise.adcode)
        row = DayRow(
            enterprise_id=enterprise.id,
            enterprise_code=enterprise.code,
            enterprise_name=enterprise.name,
            short_name=enterprise.short_name,
            adcode=enterprise.adcode,
            commit_on=on,
            state=state_of_day(None, day, now),
            due_at=day.due_at,
        )
        if commitment := filed.get(enterprise.id):
            version = newest[commitment.id]
            row.state = state_of_day(commitment.on_time, day, now)
            row.due_at, row.commitment_id, row.version = commitment.due_at, commitment.id, version.version
            row.first_filed_at, row.filed_at = commitment.first_filed_at, version.filed_at
            row.signer_name, row.risk_level = version.signer_name, version.content["riskLevel"]
            row.late_reason, row.late_note = commitment.late_reason, commitment.late_note
        rows.append(row)
    return rows


def is_wanted(state: CommitmentState, wanted: CommitmentFilter | None) -> bool:
    """Whether a row of that state belongs into a list asked for like that."""
    if wanted is None:
        return True
    if wanted is CommitmentFilter.MISSING:
        return state in OPEN_STATES
    if wanted is CommitmentFilter.OVERDUE:
        return state in PAST_DUE
    return state.value == wanted.value


async def own_month(viewer: Viewer, month: date, now: datetime, zone: ZoneInfo) -> list[MonthDay]:
    """A month of the viewer's own enterprise; empty for one that is no longer active."""
    enterprise = await visible_enterprises(viewer).get_or_none(id=viewer.enterprise_id)
    return [] if enterprise is None else await month_of(viewer, enterprise, month, now, zone)


async def month_of(
    viewer: Viewer, enterprise: Enterprise, month: date, now: datetime, zone: ZoneInfo
) -> list[MonthDay]:
    """The days of a month up to today, from the day on which the enterprise was registered, oldest first."""
    first = max(month.replace(day=1), plant_day(enterprise.created_at, zone))
    next_month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    last = min(next_month - timedelta(days=1), plant_day(now, zone))
    span = {"commit_on__gte": first, "commit_on__lte": last}
    own = visible_commitments(viewer).filter(enterprise_id=enterprise.id, **span)
    filed = {row.commit_on: row for row in await own}
    newest = await newest_versions(row.id for row in filed.values())
    days = []
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        commitment = filed.get(on)
        day = MonthDay(on=on, state=CommitmentState.MISSED)
        if commitment:
            day.state = CommitmentState.ON_TIME if commitment.on_time else CommitmentState.LATE
            day.commitment_id, day.version = commitment.id, commitment.version
            day.first_filed_at = commitment.first_filed_at
            day.risk_level = newest[commitment.id].content["riskLevel"]
        elif on == plant_day(now, zone):
            day.state = state_of_day(None, (await hours_of_day(on, zone)).of(enterprise.adcode), now)
        days.append(day)
    return days
