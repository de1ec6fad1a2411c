"""Proposals as they are answered: with names, what each line had and would have, and what the viewer may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.queries import enterprises_by_id, tanks_by_id
from backend.domains.monitoring.models import LimitSet, Point
from backend.domains.monitoring.queries import newest_limits, versions_of, visible_points_by_id
from backend.domains.monitoring.showing import show_limit_set
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal, LimitProposalLine, LimitProposalStep
from backend.domains.passports.queries import line_counts, lines_of, steps_of
from backend.domains.passports.rules import distance_m, is_to_do, may_approve, may_reject, may_verify, may_withdraw
from backend.domains.passports.schemas import (
    BulkLines,
    LineDraft,
    ProposalLineOut,
    ProposalOut,
    ProposalRow,
    ProposalStepOut,
    ProposedLimits,
)
from backend.domains.passports.service.proposing import damping_of, fault_of_line


async def show_proposals(proposals: Sequence[LimitProposal], viewer: Viewer) -> list[ProposalRow]:
    """The proposals in the same order."""
    ids = [proposal.id for proposal in proposals]
    enterprises = await enterprises_by_id(proposal.enterprise_id for proposal in proposals)
    tanks = await tanks_by_id(proposal.tank_id for proposal in proposals)
    counts, steps = await line_counts(ids), await steps_of(ids)
    shown = []
    for proposal in proposals:
        enterprise = enterprises[proposal.enterprise_id]
        tank = tanks.get(proposal.tank_id) if proposal.tank_id else None
        verified = next((step for step in steps[proposal.id] if step.state is ProposalState.VERIFIED), None)
        shown.append(
            ProposalRow(
                id=proposal.id,
                enterprise_id=enterprise.id,
                enterprise_name=enterprise.short_name,
                adcode=proposal.adcode,
                lon=enterprise.lon,
                lat=enterprise.lat,
                tank_id=proposal.tank_id,
                tank_code=tank.code if tank else None,
                tank_name=tank.name if tank else None,
                points=counts.get(proposal.id, 0),
                state=proposal.state,
                reason=proposal.reason,
                proposed_by_name=proposal.proposed_by_name,
                proposed_at=proposal.proposed_at,
                verified_by_name=verified.person_name if verified else None,
                verified_at=verified.at if verified else None,
                effective_from=proposal.effective_from,
                to_do=is_to_do(proposal, viewer),
            )
        )
    return shown


async def show_proposal(proposal: LimitProposal, viewer: Viewer) -> ProposalOut:
    """One proposal with its lines and steps."""
    (row,) = await show_proposals([proposal], viewer)
    enterprise = (await enterprises_by_id([proposal.enterprise_id]))[proposal.enterprise_id]
    return ProposalOut(
        **{name: getattr(row, name) for name in row.__struct_fields__},
        lines=await _lines(proposal, viewer),
        steps=[_step(step, enterprise) for step in (await steps_of([proposal.id]))[proposal.id]],
        may_verify=may_verify(proposal, viewer),
        may_approve=may_approve(proposal, viewer),
        may_reject=may_reject(proposal, viewer),
        may_withdraw=may_withdraw(proposal, viewer),
    )


async def show_bulk(lines: Sequence[tuple[Point, LimitSet | None, LineDraft]]) -> BulkLines:
    """What a bulk change would come to."""
    tanks = await _tank_codes([point for point, _, _ in lines])
    shown = []
    for point, before, line in lines:
        damping = damping_of(point, line, before)
        after = ProposedLimits(
            line.ll, line.l, line.h, line.hh, damping.deadband, damping.on_delay_s, damping.off_delay_s
        )
        out = _line(point, line.replaces, before, after, None, tanks.get(point.id))
        out.fault = fault_of_line(point, line, before)
        shown.append(out)
    return BulkLines(shown, sum(line.fault is not None for line in shown), sum(not line.changes for line in shown))


async def _lines(proposal: LimitProposal, viewer: Viewer) -> list[ProposalLineOut]:
    lines = await lines_of(proposal.id)
    points = await visible_points_by_id(viewer, [line.point_id for line in lines])
    lines = [line for line in lines if line.point_id in points]
    before = await versions_of((line.point_id, line.replaces) for line in lines)
    newest = await newest_limits(points) if proposal.state is not ProposalState.APPROVED else {}
    tanks = await _tank_codes(points.values())
    return [
        _line(
            points[line.point_id],
            line.replaces,
            before.get((line.point_id, line.replaces)),
            _after(line),
            newer if (newer := newest.get(line.point_id)) and newer.version != line.replaces else None,
            tanks.get(line.point_id),
        )
        for line in lines
    ]


def _line(
    point: Point,
    replaces: int,
    before: LimitSet | None,
    after: ProposedLimits,
    newer: LimitSet | None,
    tank_code: str | None,
) -> ProposalLineOut:
    had = show_limit_set(before) if before else None
    return ProposalLineOut(
        point_id=point.id,
        tag=point.tag,
        name=point.name,
        kind=point.kind,
        unit=point.unit,
        decimals=point.decimals,
        range_lo=point.range_lo,
        range_hi=point.range_hi,
        tank_code=tank_code,
        replaces=replaces,
        before=had,
        after=after,
        newer=show_limit_set(newer) if newer else None,
        changes=had is None or any(getattr(had, name) != getattr(after, name) for name in after.__struct_fields__),
    )


def _after(line: LimitProposalLine) -> ProposedLimits:
    return ProposedLimits(
        line.limit_ll,
        line.limit_l,
        line.limit_h,
        line.limit_hh,
        line.deadband,
        line.on_delay_s,
        line.off_delay_s,
    )


async def _tank_codes(points: Any) -> dict[int, str]:
    placed: dict[int, UUID] = {point.id: point.tank_id for point in points if point.tank_id}
    tanks = await tanks_by_id(placed.values())
    return {point_id: tanks[tank_id].code for point_id, tank_id in placed.items()}


def _step(step: LimitProposalStep, enterprise: Enterprise) -> ProposalStepOut:
    away = None
    if None not in (step.lon, step.lat, enterprise.lon, enterprise.lat):
        away = round(distance_m(step.lon, step.lat, enterprise.lon, enterprise.lat))  # type: ignore[arg-type]  # none is None.
    return ProposalStepOut(
        state=step.state,
        at=step.at,
        person_name=step.person_name,
        reason=step.reason,
        basis=step.basis,
        signature=step.signature,
        signed_at=step.signed_at,
        lon=step.lon,
        lat=step.lat,
        accuracy_m=step.accuracy_m,
        distance_m=away,
        photo_ids=[UUID(str(each)) for each in step.photo_ids],
        effective_from=step.effective_from,
    )
