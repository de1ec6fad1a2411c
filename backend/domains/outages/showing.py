"""Filed stops and gaps as they are answered: with names, and in the state of the moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import convert

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import enterprises_by_id
from backend.domains.monitoring.queries import gateways_by_id, points_by_id
from backend.domains.outages.models import DataGap, GapRule, OfflineFiling, OfflineProlongation
from backend.domains.outages.queries import changes_of_gap, prolongations_of, stops_by_id
from backend.domains.outages.rules import DEFAULT_EXPLAIN_WITHIN_H, Gap, gap_state, stop_state
from backend.domains.outages.schemas import GapChangeOut, GapDetail, GapOut, GapRuleOut, ProlongationOut, StopOut
from backend.domains.outages.service import may_hand_over, may_move_deadline


async def show_stops(stops: Sequence[OfflineFiling], now: datetime) -> list[StopOut]:
    """The stops in the same order. Whoever asks has checked that they are visible."""
    enterprises = await enterprises_by_id(stop.enterprise_id for stop in stops)
    gateways = await gateways_by_id(stop.gateway_id for stop in stops)
    points = await points_by_id(stop.point_id for stop in stops)
    longer = await prolongations_of(stop.id for stop in stops)
    return [
        StopOut(
            id=stop.id,
            enterprise_id=stop.enterprise_id,
            enterprise_name=enterprises[stop.enterprise_id].short_name,
            adcode=stop.adcode,
            scope=stop.scope,
            gateway_id=stop.gateway_id,
            gateway_code=gateways[stop.gateway_id].code if stop.gateway_id else None,
            point_id=stop.point_id,
            point_tag=points[stop.point_id].tag if stop.point_id else None,
            cause=stop.cause,
            starts_at=stop.starts_at,
            ends_at=stop.ends_at,
            first_ends_at=stop.first_ends_at,
            reason=stop.reason,
            state=stop_state(stop.starts_at, stop.ends_at, stop.ending, now),
            filed_late=stop.filed_late,
            filed_at=stop.filed_at,
            filed_by_name=stop.filed_by_name,
            closed_at=stop.closed_at,
            closed_by_name=stop.closed_by_name,
            ending=stop.ending,
            closing_note=stop.closing_note,
            prolongations=[_prolongation(row) for row in longer.get(stop.id, [])],
        )
        for stop in stops
    ]


async def show_stop(stop: OfflineFiling, now: datetime) -> StopOut:
    """One stop."""
    return (await show_stops([stop], now))[0]


def _prolongation(row: OfflineProlongation) -> ProlongationOut:
    return ProlongationOut(row.from_ends_at, row.to_ends_at, row.reason, row.filed_late, row.by_name, row.at)


async def show_gaps(gaps: Sequence[DataGap], now: datetime) -> list[GapOut]:
    """The gaps in the same order. Whoever asks has checked that they are visible."""
    enterprises = await enterprises_by_id(gap.enterprise_id for gap in gaps)
    gateways = await gateways_by_id(gap.gateway_id for gap in gaps)
    stops = await stops_by_id(gap.filing_id for gap in gaps)
    return [
        GapOut(
            id=gap.id,
            gateway_id=gap.gateway_id,
            gateway_code=gateways[gap.gateway_id].code,
            gateway_name=gateways[gap.gateway_id].name,
            enterprise_id=gap.enterprise_id,
            enterprise_name=enterprises[gap.enterprise_id].short_name,
            adcode=gap.adcode,
            kind=gap.kind,
            began_at=gap.began_at,
            ended_at=gap.ended_at,
            missing=gap.missing,
            state=gap_state(
                Gap(
                    due_at=gap.due_at,
                    closed_at=gap.closed_at,
                    explained_at=gap.explained_at,
                    filed_until=gap.filed_until,
                ),
                now,
            ),
            due_at=gap.due_at,
            cause=gap.cause,
            note=gap.note,
            owner_id=gap.owner_id,
            owner_name=gap.owner_name,
            filing_id=gap.filing_id,
            filed_until=gap.filed_until,
            filed_late=stops[gap.filing_id].filed_late if gap.filing_id else None,
            explained_at=gap.explained_at,
            explained_by_name=gap.explained_by_name,
            filled_at=gap.filled_at,
            closed_at=gap.closed_at,
            closed_how=gap.closed_how,
        )
        for gap in gaps
    ]


async def show_gap(gap: DataGap, viewer: Viewer, now: datetime) -> GapDetail:
    """One gap with what people changed of it."""
    (shown,) = await show_gaps([gap], now)
    return GapDetail(
        **{name: getattr(shown, name) for name in shown.__struct_fields__},
        changes=[convert(row, GapChangeOut, from_attributes=True) for row in await changes_of_gap(gap.id)],
        may_hand_over=may_hand_over(gap, viewer),
        may_move_deadline=may_move_deadline(gap, viewer),
    )


def show_rule(row: GapRule | None) -> GapRuleOut:
    """A deadline; None is the built-in one."""
    if row is None:
        return GapRuleOut(DEFAULT_EXPLAIN_WITHIN_H, "", "", None)
    return GapRuleOut(row.explain_within_h, row.author_name, row.reason, row.effective_from)
