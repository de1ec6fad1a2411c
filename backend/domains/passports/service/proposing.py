"""Proposing limits for points of one enterprise, and expanding a bulk change into lines."""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprise, visible_hazard, visible_tank
from backend.domains.monitoring.models import LimitSet, Point
from backend.domains.monitoring.queries import limit_values, newest_limits, points_of_kind, visible_points_by_id
from backend.domains.monitoring.rules import (
    Damping,
    LimitValues,
    default_damping,
    what_is_wrong_with_damping,
    what_is_wrong_with_limits,
)
from backend.domains.monitoring.service import LimitsChanged
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal, LimitProposalLine, LimitProposalStep
from backend.domains.passports.schemas import MOST_LINES, BulkRequest, LimitName, LineDraft, ProposalDraft
from backend.domains.passports.service.stepping import record
from backend.errors import Invalid, SameIdOtherBody
from backend.kit.fingerprint import fingerprint
from backend.kit.turns import take_turn


async def propose(draft: ProposalDraft, by: Viewer, now: datetime) -> tuple[LimitProposal, bool]:
    """Propose limits; returns the proposal and whether it is new. Sending the same again answers the same.

    Raises Invalid for limits that cannot be, LimitsChanged when a point has a newer version than the author saw.
    """
    body = fingerprint(by.id, draft)
    if known := await LimitProposal.get_or_none(id=draft.id):
        return _same(known, body), False
    points = await _points(draft, by)
    enterprise = await visible_enterprise(by, points[draft.lines[0].point_id].enterprise_id)
    lines = await _lines(draft, points)
    proposal = LimitProposal(
        id=draft.id,
        enterprise_id=enterprise.id,
        adcode=enterprise.adcode,
        tank_id=draft.tank_id,
        reason=draft.reason.strip(),
        proposed_by_id=by.id,
        proposed_by_name=by.name,
        proposed_at=now,
        body_hash=body,
    )
    async with in_transaction():
        await take_turn("limit_proposal", draft.id)
        # A twin of this request may have been served while we waited.
        if known := await LimitProposal.get_or_none(id=draft.id):
            return _same(known, body), False
        await proposal.save(force_create=True)
        await LimitProposalLine.bulk_create(lines)
        step = await LimitProposalStep.create(
            proposal_id=proposal.id,
            state=ProposalState.PROPOSED,
            at=now,
            person_id=by.id,
            person_name=by.name,
            reason=proposal.reason,
        )
        await record(proposal, step, by, tags=[points[line.point_id].tag for line in lines], body=body)
    return proposal, True


async def expand(asked: BulkRequest, by: Viewer) -> list[tuple[Point, LimitSet | None, LineDraft]]:
    """The lines that a bulk change comes to: each point of the kind with what it has and what it would have.

    Nothing is stored and nothing judged yet. Raises Invalid without a place, and for more points than a proposal holds.
    """
    if asked.hazard_id is not None:
        hazard = await visible_hazard(by, asked.hazard_id)
        enterprise_id, hazard_id = hazard.enterprise_id, hazard.id
    elif (wanted := asked.enterprise_id or by.enterprise_id) is not None:
        enterprise_id, hazard_id = (await visible_enterprise(by, wanted)).id, None
    else:
        raise Invalid("say which enterprise or hazard", field="enterpriseId")
    points = await points_of_kind(enterprise_id, asked.kind, hazard_id, asked.tag_contains.strip(), MOST_LINES + 1)
    if len(points) > MOST_LINES:
        raise Invalid(f"a proposal holds at most {MOST_LINES} points; narrow it down to a hazard", field="hazardId")
    newest = await newest_limits([point.id for point in points])
    return [(point, newest.get(point.id), _changed(point, newest.get(point.id), asked)) for point in points]


def fault_of_line(point: Point, line: LineDraft, before: LimitSet | None) -> str | None:
    """Why a point cannot have these limits, or None."""
    limits = values_of(line)
    return what_is_wrong_with_limits(point.kind, limits, point.range_lo, point.range_hi) or what_is_wrong_with_damping(
        damping_of(point, line, before)
    )


def values_of(line: LineDraft | LimitProposalLine) -> LimitValues:
    """The four limits of a line."""
    if isinstance(line, LineDraft):
        return LimitValues(line.ll, line.l, line.h, line.hh)
    return LimitValues(line.limit_ll, line.limit_l, line.limit_h, line.limit_hh)


def damping_of(point: Point, line: LineDraft, before: LimitSet | None) -> Damping:
    """The damping of a line: as given, else as it stands, else the usual one of the kind."""
    usual = (
        Damping(before.deadband, before.on_delay_s, before.off_delay_s)
        if before
        else default_damping(point.kind, values_of(line), point.range_lo, point.range_hi)
    )
    return Damping(
        usual.deadband if line.deadband is None else line.deadband,
        usual.on_delay_s if line.on_delay_s is None else line.on_delay_s,
        usual.off_delay_s if line.off_delay_s is None else line.off_delay_s,
    )


def _same(known: LimitProposal, body: str) -> LimitProposal:
    if known.body_hash != body:
        raise SameIdOtherBody("another proposal was sent under this id before", id=str(known.id))
    return known


async def _points(draft: ProposalDraft, by: Viewer) -> dict[int, Point]:
    ids = [line.point_id for line in draft.lines]
    if len(set(ids)) < len(ids):
        raise Invalid("a point is proposed for once", field="lines")
    points = await visible_points_by_id(by, ids)
    if missing := sorted(set(ids) - points.keys()):
        raise Invalid("some points are not in your area", field="lines", pointIds=missing)
    if len({point.enterprise_id for point in points.values()}) > 1:
        raise Invalid("a proposal is about points of one enterprise", field="lines")
    if draft.tank_id is not None:
        tank = await visible_tank(by, draft.tank_id)
        if elsewhere := sorted(point.tag for point in points.values() if point.tank_id != tank.id):
            raise Invalid(f"{', '.join(elsewhere[:5])}: not at tank {tank.code}", field="tankId")
    return points


async def _lines(draft: ProposalDraft, points: dict[int, Point]) -> list[LimitProposalLine]:
    newest = await newest_limits(points)
    moved = [
        {"pointId": line.point_id, "tag": points[line.point_id].tag, "replaces": line.replaces, "inForce": version}
        for line in draft.lines
        if (version := row.version if (row := newest.get(line.point_id)) else 0) != line.replaces
    ]
    if moved:
        tags = ", ".join(str(each["tag"]) for each in moved[:5])
        raise LimitsChanged(f"limits of {tags} have another version than you saw", conflicts=moved)
    faults = {
        point.tag: fault
        for line in draft.lines
        if (fault := fault_of_line(point := points[line.point_id], line, newest.get(line.point_id)))
    }
    if faults:
        tag, fault = next(iter(faults.items()))
        raise Invalid(f"{tag}: {fault}", field="lines", faults=faults)
    return [_row(draft, line, points[line.point_id], newest.get(line.point_id)) for line in draft.lines]


def _row(draft: ProposalDraft, line: LineDraft, point: Point, before: LimitSet | None) -> LimitProposalLine:
    damping = damping_of(point, line, before)
    return LimitProposalLine(
        proposal_id=draft.id,
        point_id=point.id,
        replaces=line.replaces,
        limit_ll=line.ll,
        limit_l=line.l,
        limit_h=line.h,
        limit_hh=line.hh,
        deadband=damping.deadband,
        on_delay_s=damping.on_delay_s,
        off_delay_s=damping.off_delay_s,
    )


def _changed(point: Point, before: LimitSet | None, asked: BulkRequest) -> LineDraft:
    now = limit_values(before) if before else LimitValues()
    wanted = {name.value: getattr(now, name.value) for name in LimitName} | {
        name.value: value for name, value in asked.set.items()
    }
    return LineDraft(point_id=point.id, replaces=before.version if before else 0, **wanted)
