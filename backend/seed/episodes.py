"""A month of alarms: the very frames of the month judged by the very rules of ingest, and answered by people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np

from backend.domains.alarms.enums import AlarmEventKind, Side
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.alarms.rules import colour_of, rises_to
from backend.ingest.engine import judge
from backend.ingest.slots import Limits, PointLimits
from backend.ingest.state import Change, Readings, State
from backend.kit.ids import new_id
from backend.seed.frames import DAY_S, MONTH_DAYS
from backend.seed.settling import SettledEnterprise, SettledGateway
from backend.simulator.dynamics import GatewayModel
from backend.simulator.routines import answer_to

STEP_S = 10.0


@dataclass
class Watched:
    """A stretch of one point in which something may ring; start and end in s since the epoch."""

    enterprise: SettledEnterprise
    gateway: SettledGateway
    point: int
    start: float
    end: float


@dataclass
class Turn:
    """One change of an episode's level; level None = cleared."""

    at: datetime
    level: int | None
    side: Side
    value: float
    worst: float


async def write_alarms(enterprises: list[SettledEnterprise], models: dict[str, GatewayModel], now: datetime) -> int:
    """Write the alarms that rose and cleared before `now`; ingest will see one that still stands."""
    watched = [each for enterprise in enterprises for each in _stretches(enterprise, models, now.timestamp())]
    begins = now - timedelta(days=MONTH_DAYS)
    alarms: list[Alarm] = []
    events: list[AlarmEvent] = []
    for stretch, turns in zip(watched, _judged(watched, models), strict=True):
        for episode in _episodes(turns):
            if episode[0].at < begins:
                continue  # There are no frames to show it by.
            alarm, life = _record(stretch, episode, now)
            alarms.append(alarm)
            events += life
    alarms.sort(key=lambda alarm: alarm.raised_at)
    events.sort(key=lambda event: event.at)
    await Alarm.bulk_create(alarms, batch_size=500)
    await AlarmEvent.bulk_create(events, batch_size=500)
    return len(alarms)


def _stretches(enterprise: SettledEnterprise, models: dict[str, GatewayModel], now: float) -> Iterator[Watched]:
    """The windows of the month, those of one point that touch as one."""
    for gateway in enterprise.gateways:
        windows = models[gateway.plan.code].windows(now - MONTH_DAYS * DAY_S, now)
        last: Watched | None = None
        for window in sorted(windows, key=lambda each: (each.point, each.start)):
            if last is not None and last.point == window.point and window.start <= last.end:
                last.end = max(last.end, min(window.end, now))
                continue
            last = Watched(enterprise, gateway, window.point, window.start, min(window.end, now))
            yield last


def _judged(watched: list[Watched], models: dict[str, GatewayModel]) -> list[list[Turn]]:
    """What ingest would have said of each stretch: all are judged side by side, one slot each."""
    limits, state = Limits(), State()
    limits.grow(len(watched))
    state.grow(len(watched))
    columns: list[Readings] = []
    given: list[PointLimits] = []
    for slot, each in enumerate(watched):
        point, version = each.gateway.points[each.point], each.gateway.limits[each.point]
        given.append(
            PointLimits(
                version.limit_ll, version.limit_l, version.limit_h, version.limit_hh,
                version.deadband, version.on_delay_s, version.off_delay_s, point.range_lo, point.range_hi,
            )
        )  # fmt: skip
        t = np.arange(round(each.start), each.end, STEP_S)
        frames = models[each.gateway.plan.code].one(each.point, t)
        size = len(t)
        columns.append(
            Readings(
                np.full(size, slot, np.intp),
                frames.values[:, 0].astype(np.float32),
                frames.quality[:, 0],
                (t * 1000).astype(np.int64),
                np.zeros(size, np.bool_),
                np.arange(size, dtype=np.int32),
            )
        )
    turns: list[list[Turn]] = [[] for _ in watched]
    if not columns:
        return turns
    limits.put(range(len(watched)), given)
    changes = judge(state, limits, Readings(*(np.concatenate(column) for column in zip(*columns, strict=True))))
    for slot, kind, level, t_ms, value, worst in zip(*(column.tolist() for column in changes[:6]), strict=True):
        cleared = kind == Change.CLEARED
        at = datetime.fromtimestamp(t_ms / 1000, UTC)
        side = Side.HIGH if level > 0 else Side.LOW
        turns[slot].append(Turn(at, None if cleared else abs(level), side, value, worst))
    return turns


def _episodes(turns: list[Turn]) -> Iterator[list[Turn]]:
    """Turns from raised to cleared; an episode without an end is no history yet."""
    begun: list[Turn] = []
    for turn in turns:
        begun.append(turn)
        if turn.level is None:
            yield begun
            begun = []


def _record(stretch: Watched, turns: list[Turn], now: datetime) -> tuple[Alarm, list[AlarmEvent]]:
    enterprise, gateway = stretch.enterprise, stretch.gateway
    point, version = gateway.points[stretch.point], gateway.limits[stretch.point]
    plan = gateway.plan.points[stretch.point]
    hazard = enterprise.hazards[plan.tank or plan.detector or ""]
    raised, cleared = turns[0], turns[-1]
    levels = [turn.level for turn in turns if turn.level is not None]
    alarm = Alarm(
        id=new_id(),
        point_id=point.id,
        gateway_id=gateway.id,
        enterprise_id=enterprise.id,
        adcode=enterprise.plan.adcode,
        hazard_id=hazard.id,
        side=raised.side,
        start_level=levels[0],
        worst_level=max(levels),
        level=None,
        level_since=turns[-2].at,
        raised_at=raised.at,
        start_value=raised.value,
        worst_value=cleared.worst,
        limit_value=_limit(version, raised.side, levels[-1]),
        limit_set_id=version.id,
        cleared_at=cleared.at,
        created_at=raised.at + timedelta(seconds=1),
    )
    life: list[AlarmEvent] = []
    for turn, later in pairwise(turns):
        life += _stage(alarm, turn, later.at, hazard.grade, point.kind, first=turn is raised)
    alarm.notified_level = alarm.risk_level
    life += _answered(alarm, enterprise, turns, now)
    life.append(AlarmEvent(alarm_id=alarm.id, at=cleared.at, kind=AlarmEventKind.CLEARED, value=cleared.value))
    return alarm, life


def _stage(alarm: Alarm, turn: Turn, until: datetime, grade: int, kind: object, *, first: bool) -> Iterator[AlarmEvent]:
    """What one level of the episode left behind: how it came, and whether its colour climbed before the next one."""
    assert turn.level is not None
    colour = colour_of(kind, turn.level, grade, raised_at=alarm.raised_at, level_since=turn.at, now=turn.at)  # type: ignore[arg-type]  # the model's field is a PointKind
    worse = not first and turn.level == 2
    word = AlarmEventKind.RAISED if first else AlarmEventKind.WORSENED if worse else AlarmEventKind.EASED
    alarm.risk_level = colour.risk_level
    yield AlarmEvent(
        alarm_id=alarm.id, at=turn.at, kind=word, level=turn.level, risk_level=colour.risk_level, value=turn.value
    )
    if colour.rises_at is not None and colour.rises_at < until:
        higher = rises_to(colour.risk_level)
        assert higher is not None, "a colour that rises has a next one"
        alarm.risk_level = higher
        yield AlarmEvent(
            alarm_id=alarm.id,
            at=colour.rises_at,
            kind=AlarmEventKind.RECOLOURED,
            level=turn.level,
            risk_level=higher,
        )


def _answered(alarm: Alarm, enterprise: SettledEnterprise, turns: list[Turn], now: datetime) -> Iterator[AlarmEvent]:
    """Someone acknowledges it, counted from when it was at its worst."""
    worst_at = next(turn.at for turn in turns if turn.level == alarm.worst_level)
    answer = answer_to(f"{alarm.point_id}/{alarm.raised_at.isoformat()}", alarm.worst_level)
    at = worst_at + timedelta(seconds=answer.after_s)
    if at >= now:
        return
    person = enterprise.people[answer.role]
    alarm.acknowledged_at, alarm.acknowledged_by_id = at, person.id
    yield AlarmEvent(
        alarm_id=alarm.id, at=at, kind=AlarmEventKind.ACKNOWLEDGED, person_id=person.id, person_name=person.name
    )


def _limit(version: object, side: Side, level: int) -> float:
    name = ("h" if side is Side.HIGH else "l") * level
    value: float = getattr(version, f"limit_{name}")
    return value
