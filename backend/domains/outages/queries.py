"""Reads of filed stops and gaps; each on behalf of a person starts from the viewer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from tortoise.connection import get_connection
from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from backend.domains.accounts.viewer import Viewer
from backend.domains.outages.enums import GapState, OutageScope, StopEnding, StopState
from backend.domains.outages.models import DataGap, GapChange, GapRule, OfflineFiling, OfflineProlongation
from backend.domains.outages.rules import DEFAULT_EXPLAIN_WITHIN_H
from backend.errors import NotVisible
from backend.kit.paging import decode_cursor


def visible_stops(viewer: Viewer) -> QuerySet[OfflineFiling]:
    """The filed stops a viewer may see; the only start of a query on behalf of a person."""
    return OfflineFiling.filter(**viewer.scope())


async def visible_stop(viewer: Viewer, stop_id: UUID) -> OfflineFiling:
    """One filed stop, or NotVisible."""
    found = await visible_stops(viewer).get_or_none(id=stop_id)
    if found is None:
        raise NotVisible("there is no such stop in your area", id=str(stop_id))
    return found


def visible_gaps(viewer: Viewer) -> QuerySet[DataGap]:
    """The gaps a viewer may see; the only start of a query on behalf of a person."""
    return DataGap.filter(**viewer.scope())


async def visible_gap(viewer: Viewer, gap_id: UUID) -> DataGap:
    """One gap, or NotVisible."""
    found = await visible_gaps(viewer).get_or_none(id=gap_id)
    if found is None:
        raise NotVisible("there is no such gap in your area", id=str(gap_id))
    return found


def stops_in(state: StopState, now: datetime) -> Q:
    """The filed stops that are in that state at `now`."""
    if state is StopState.RETURNED:
        return Q(ending=StopEnding.RETURNED)
    if state is StopState.WITHDRAWN:
        return Q(ending=StopEnding.WITHDRAWN)
    still = Q(closed_at__isnull=True)
    if state is StopState.PLANNED:
        return still & Q(starts_at__gt=now)
    if state is StopState.RUNNING:
        return still & Q(starts_at__lte=now, ends_at__gt=now)
    return still & Q(ends_at__lte=now)


def gaps_in(state: GapState, now: datetime) -> Q:
    """The gaps that are in that state at `now`: `rules.gap_state` as a filter."""
    if state is GapState.CLOSED:
        return Q(closed_at__isnull=False)
    open_ = Q(closed_at__isnull=True)
    if state is GapState.EXPLAINED:
        return open_ & Q(explained_at__isnull=False)
    open_ &= Q(explained_at__isnull=True)
    if state is GapState.FILED:
        return open_ & Q(filed_until__gt=now)
    open_ &= Q(filed_until__isnull=True) | Q(filed_until__lte=now)
    return open_ & (Q(due_at__lte=now) if state is GapState.OVERDUE else Q(due_at__gt=now))


async def page_of_stops(query: QuerySet[OfflineFiling], limit: int, after: str | None) -> list[OfflineFiling]:
    """Up to `limit + 1` stops, the latest begin first."""
    if after is not None:
        start, last = decode_cursor(after, datetime, UUID)
        query = query.filter(Q(starts_at__lt=start) | Q(starts_at=start, id__lt=last))
    return await query.order_by("-starts_at", "-id").limit(limit + 1)


async def page_of_gaps(query: QuerySet[DataGap], limit: int, after: str | None) -> list[DataGap]:
    """Up to `limit + 1` gaps, the latest begin first."""
    if after is not None:
        start, last = decode_cursor(after, datetime, UUID)
        query = query.filter(Q(began_at__lt=start) | Q(began_at=start, id__lt=last))
    return await query.order_by("-began_at", "-id").limit(limit + 1)


class GapCounts(msgspec.Struct, frozen=True):
    """How many gaps are in each state; of the closed ones none are counted, for they only grow."""

    overdue: int = 0
    open: int = 0
    filed: int = 0
    explained: int = 0


GAP_COUNTS = """
select case when explained_at is not null then 'explained' when filed_until > $2 then 'filed'
            when due_at <= $2 then 'overdue' else 'open' end as state, count(*) as n
from data_gap where closed_at is null and {scope} and ($3::text[] is null or adcode = any($3))
    and ($4::uuid is null or enterprise_id = $4)
group by 1
"""


async def count_gaps(
    viewer: Viewer, now: datetime, codes: Iterable[str] | None = None, enterprise_id: UUID | None = None
) -> GapCounts:
    """The gaps in view that are not closed, by state."""
    condition, arguments = viewer.scope_sql()
    rows = await get_connection("default").execute_query_dict(
        GAP_COUNTS.format(scope=condition), [*arguments, now, None if codes is None else sorted(codes), enterprise_id]
    )
    return GapCounts(**{row["state"]: row["n"] for row in rows})


async def stops_by_id(stop_ids: Iterable[UUID | None]) -> dict[UUID, OfflineFiling]:
    """Stops by id. Whoever asks has checked that they are visible."""
    wanted = {each for each in stop_ids if each is not None}
    return {row.id: row for row in await OfflineFiling.filter(id__in=list(wanted))} if wanted else {}


async def prolongations_of(stop_ids: Iterable[UUID]) -> dict[UUID, list[OfflineProlongation]]:
    """How often and why stops were prolonged, oldest first. Whoever asks has checked that they are visible."""
    found: dict[UUID, list[OfflineProlongation]] = {}
    for row in await OfflineProlongation.filter(filing_id__in=list(stop_ids)).order_by("id"):
        found.setdefault(row.filing_id, []).append(row)
    return found


class Filed(msgspec.Struct, frozen=True):
    """A stop that runs: which, since when and until when."""

    stop_id: UUID
    since: datetime
    until: datetime


class Standing(msgspec.Struct, frozen=True):
    """What is off line by filing at one moment: whole enterprises, gateways, single points, each with its stop."""

    enterprises: dict[UUID, Filed]
    gateways: dict[int, Filed]
    points: dict[int, Filed]

    def stop_of(self, enterprise_id: UUID, gateway_id: int, point_id: int) -> Filed | None:
        """The stop by which a point is off line, the narrowest first; None = it is not."""
        return self.points.get(point_id) or self.gateways.get(gateway_id) or self.enterprises.get(enterprise_id)


async def standing_stops(enterprise_ids: Iterable[UUID], now: datetime) -> Standing:
    """The stops of these enterprises that run at `now`. No viewer: whoever asks shows points that are visible."""
    rows = await OfflineFiling.filter(
        enterprise_id__in=list(set(enterprise_ids)), closed_at__isnull=True, starts_at__lte=now, ends_at__gt=now
    )
    # Of several that run at once the one that ends last.
    running = [(row, Filed(row.id, row.starts_at, row.ends_at)) for row in sorted(rows, key=lambda row: row.ends_at)]
    return Standing(
        {row.enterprise_id: filed for row, filed in running if row.scope is OutageScope.ENTERPRISE},
        {row.gateway_id: filed for row, filed in running if row.scope is OutageScope.GATEWAY and row.gateway_id},
        {row.point_id: filed for row, filed in running if row.scope is OutageScope.POINT and row.point_id},
    )


async def rule_in_force(now: datetime) -> tuple[int, int | None]:
    """Within how many hours a gap is to be explained, and the id of the row that says so (None = the default)."""
    row = await GapRule.filter(effective_from__lte=now).order_by("-effective_from", "-id").first()
    return (row.explain_within_h, row.id) if row else (DEFAULT_EXPLAIN_WITHIN_H, None)


async def changes_of_gap(gap_id: UUID) -> list[GapChange]:
    """How a gap was handed over and its deadline moved, oldest first. Whoever asks has checked that it is visible."""
    return await GapChange.filter(gap_id=gap_id).order_by("id")


async def gap_rules() -> list[GapRule]:
    """All deadlines that were ever set, newest first."""
    return await GapRule.all().order_by("-effective_from", "-id")


async def open_gaps_of(gateway_ids: Iterable[int]) -> dict[int, int]:
    """How many gaps of each gateway are not closed; one without any is absent. Whoever asks has checked the viewer."""
    rows = (
        await DataGap.filter(gateway_id__in=list(gateway_ids), closed_at__isnull=True)
        .annotate(count=Count("id"))
        .group_by("gateway_id")
        .values("gateway_id", "count")
    )
    return {row["gateway_id"]: row["count"] for row in rows}
