"""What all unit models share: hazard factors, lost data, and alarms left lying."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from msgspec import Struct

from backend.domains.risk.inputs import OpenAlarm, Point
from backend.domains.risk.nodes import Node, combined, split, worst_first
from backend.domains.risk.parameters import AlarmHandling, DataQuality, HazardSteps, Top
from backend.domains.risk.primitives import clip, sat

# A reading this share of the span outside its range is an instrument fault, not a process state.
_RANGE_MARGIN = 0.05


class HazardFactors(Struct, frozen=True):
    """m amplifies what happens, b is the strength of what is merely there."""

    m: float
    b: float


class Lost(Struct, frozen=True):
    """Unavailability 0..1 of a point and the words for it, worst reason first."""

    share: float
    reasons: tuple[str, ...]


def hazard_factors(hazard_level: int | None, steps: HazardSteps) -> HazardFactors:
    """Factors of a major-hazard grade 1 (worst) to 4; none counts nothing."""
    rank = 0 if hazard_level is None else 5 - hazard_level
    return HazardFactors(1.0 + steps.m_step * rank, steps.b_step * rank)


def unavailability(point: Point, dq: DataQuality) -> Lost:
    """How far a point cannot be relied on: no value, old, bad, frozen, off range, declared out, or without limits."""
    reasons: list[str] = []
    if point.oos_declared:
        share = dq.oos
        reasons.append("oos")
    else:
        share, reasons = _signal_loss(point, dq)
    limits = [limit for limit in (point.ll, point.l, point.h, point.hh) if limit is not None]
    if not limits or limits != sorted(limits):
        reasons.append("crossed_limits" if limits else "no_limits")
        share = max(share, dq.nothr)
    return Lost(share, tuple(reasons))


def _signal_loss(point: Point, dq: DataQuality) -> tuple[float, list[str]]:
    if point.value is None or point.age_s is None:
        return 1.0, ["never"]
    reasons = []
    share = clip((point.age_s - dq.t_ok_s) / (dq.t_full_s - dq.t_ok_s), 0.0, 1.0)
    if share > 0:
        reasons.append("stale")
    if point.quality == "uncertain":
        share = max(share, dq.uncertain)
        reasons.append("uncertain")
    if point.quality == "bad":
        share = 1.0
        reasons.append("bad")
    if point.frozen:
        share = 1.0
        reasons.append("frozen")
    if point.range_lo is not None and point.range_hi is not None:
        margin = _RANGE_MARGIN * (point.range_hi - point.range_lo)
        if not point.range_lo - margin <= point.value <= point.range_hi + margin:
            share = 1.0
            reasons.append("off_range")
    return share, reasons


def data_quality(
    points: Sequence[tuple[Point, Lost]], dark_h: float, dq: DataQuality
) -> tuple[float, float, tuple[Node, ...]]:
    """Strength of what cannot be seen, the lost share F of the points, and the strength by point.

    No points at all is the same as all points lost: an object nobody connected is not a safe one.
    """
    strength = dq.full + dq.long * sat(dark_h - dq.long_from_h, dq.long_half_h)
    if not points:
        return strength, 1.0, (Node("unconnected", "unconnected", strength),)
    weights = [dq.w_key if point.key else 1.0 for point, _ in points]
    weighted = [weight * lost.share for weight, (_, lost) in zip(weights, points, strict=True)]
    lost_share = fsum(weighted) / fsum(weights)
    nodes = [
        Node(point.id, "lost_point", part, facts=_lost_facts(point, lost, dark_h))
        for part, (point, lost) in zip(weighted, points, strict=True)
        if part > 0
    ]
    return strength * lost_share, lost_share, split(strength * lost_share, nodes)


def _lost_facts(point: Point, lost: Lost, dark_h: float) -> dict[str, object]:
    return {"point": point, "reasons": lost.reasons, "dark_h": dark_h}


def alarm_handling(
    alarms: Sequence[OpenAlarm], rep_max: float, ack: AlarmHandling, top: Top
) -> tuple[float, tuple[Node, ...]]:
    """Strength of alarms past their deadline and of alarms that come again and again, with its parts."""
    overdue = [
        Node(
            alarm.id,
            "overdue",
            (ack.g1, ack.g2)[alarm.grade - 1] * sat(alarm.overdue_min, ack.half_min),
            facts={"alarm": alarm},
        )
        for alarm in alarms
    ]
    lying, by_alarm = worst_first(overdue, top.lam, top.k)
    coming_back = ack.rep * sat(rep_max - ack.rep_n0, ack.rep_half)
    strength, (late, again) = combined(
        [Node("overdue", "overdue", lying), Node("repeated", "repeated", coming_back, facts={"rep_max": rep_max})]
    )
    return strength, (*split(late.amount, by_alarm), again)
