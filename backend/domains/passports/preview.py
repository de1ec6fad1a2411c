"""How often would this have rung? Proposed limits beside those in force, over the stored frames of 30 days."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.models import LimitSet, Point
from backend.domains.monitoring.queries import limit_values, limits_in_force, newest_limits, visible_points_by_id
from backend.domains.monitoring.replaying import Rung, Span, replay
from backend.domains.monitoring.rules import Damping, LimitValues
from backend.domains.monitoring.series import Series, read_series
from backend.domains.passports.models import LimitProposal
from backend.domains.passports.queries import lines_of
from backend.domains.passports.schemas import LineDraft, LinePreview, PreviewOut, RungOut
from backend.domains.passports.service.proposing import damping_of, fault_of_line, values_of
from backend.errors import Invalid

LOOK_BACK = timedelta(days=30)
# A tank has five points, a group of tanks some dozens; more than that is read by the half minute.
MOST_POINTS = 40
# Points read at once from one gateway: half a million frames of eight points are 50 MB.
READ_AT_ONCE = 8
# Previews read much and count much: one at a time in a process, so that pages stay quick.
TURN = asyncio.Semaphore(1)


class Wanted(msgspec.Struct, frozen=True):
    """Limits to try on a point."""

    point: Point
    limits: LimitValues
    damping: Damping


async def preview_of_proposal(proposal: LimitProposal, viewer: Viewer, now: datetime) -> PreviewOut:
    """The preview of a proposal's first points, by tag."""
    lines = await lines_of(proposal.id)
    points = await visible_points_by_id(viewer, [line.point_id for line in lines])
    wanted = [
        Wanted(point, values_of(line), Damping(line.deadband, line.on_delay_s, line.off_delay_s))
        for line in lines
        if (point := points.get(line.point_id))
    ]
    wanted.sort(key=lambda each: each.point.tag)
    return await _preview(wanted[:MOST_POINTS], len(wanted), now)


async def preview_of_lines(lines: Sequence[LineDraft], viewer: Viewer, now: datetime) -> PreviewOut:
    """The preview of limits that are still being typed. Raises Invalid for limits that cannot be."""
    if len(lines) > MOST_POINTS:
        raise Invalid(f"a preview covers at most {MOST_POINTS} points", field="lines")
    points = await visible_points_by_id(viewer, [line.point_id for line in lines])
    if missing := sorted({line.point_id for line in lines} - points.keys()):
        raise Invalid("some points are not in your area", field="lines", pointIds=missing)
    newest = await newest_limits(points)
    wanted = []
    for line in lines:
        point, before = points[line.point_id], newest.get(line.point_id)
        if fault := fault_of_line(point, line, before):
            raise Invalid(f"{point.tag}: {fault}", field="lines", faults={point.tag: fault})
        wanted.append(Wanted(point, values_of(line), damping_of(point, line, before)))
    return await _preview(wanted, len(wanted), now)


async def _preview(wanted: Sequence[Wanted], of: int, now: datetime) -> PreviewOut:
    start = now - LOOK_BACK
    in_force = await limits_in_force([each.point.id for each in wanted], now)
    by_gateway: dict[int, list[Wanted]] = defaultdict(list)
    for each in wanted:
        by_gateway[each.point.gateway_id].append(each)
    found: dict[int, LinePreview] = {}
    async with TURN:
        for gateway_id, group in by_gateway.items():
            for first in range(0, len(group), READ_AT_ONCE):
                some = group[first : first + READ_AT_ONCE]
                series = await read_series(gateway_id, [each.point.id for each in some], start, now)
                for line in await asyncio.to_thread(_judged, some, series, in_force):
                    found[line.point_id] = line
    return PreviewOut(from_=start, to=now, lines=[found[each.point.id] for each in wanted], left_out=of - len(wanted))


def _judged(wanted: Sequence[Wanted], series: Series, in_force: dict[int, LimitSet]) -> list[LinePreview]:
    judged = []
    for each, values in zip(wanted, series.values, strict=True):
        span = Span(each.point.range_lo, each.point.range_hi)
        now = in_force.get(each.point.id)
        before = (
            replay(
                series.t,
                values,
                limit_values(now),
                Damping(now.deadband, now.on_delay_s, now.off_delay_s),
                span,
            )
            if now
            else Rung()
        )
        after = replay(series.t, values, each.limits, each.damping, span)
        samples = int((values == values).sum())
        judged.append(LinePreview(each.point.id, each.point.tag, samples, _shown(before), _shown(after)))
    return judged


def _shown(rung: Rung) -> RungOut:
    return RungOut(rung.level_1, rung.level_2, round(rung.seconds / 60, 1))
