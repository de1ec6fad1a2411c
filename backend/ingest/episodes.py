"""From changes of slots to rows of alarms: each episode once, in the form in which the batch leaves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from backend.domains.alarms.enums import AlarmEventKind, Side
from backend.domains.alarms.recording import EpisodeEvent, EpisodeMove, NewEpisode
from backend.domains.alarms.rules import Colour, colour_of
from backend.ingest.city import City, OpenEpisode, PointInfo, instant
from backend.ingest.state import Change, Changes
from backend.kit.ids import new_id

KINDS = {
    Change.RAISED: AlarmEventKind.RAISED,
    Change.WORSENED: AlarmEventKind.WORSENED,
    Change.WAS_WORSE: AlarmEventKind.WORSENED,
    Change.EASED: AlarmEventKind.EASED,
    Change.WENT_LIVE: AlarmEventKind.WENT_LIVE,
    Change.CLEARED: AlarmEventKind.CLEARED,
}
# These ask people to come; a late one asks nobody.
RINGING = frozenset({Change.RAISED, Change.WORSENED, Change.WENT_LIVE})


class Ring(NamedTuple):
    """Somebody must be told of this episode at this level."""

    alarm_id: UUID
    level: int


@dataclass(slots=True)
class EpisodeRows:
    """What to write, and whom it is about. lines: the point of each event, beside it."""

    moves: dict[UUID, EpisodeMove] = field(default_factory=dict)
    opened: dict[UUID, NewEpisode] = field(default_factory=dict)
    events: list[EpisodeEvent] = field(default_factory=list)
    lines: list[PointInfo] = field(default_factory=list)
    rings: list[Ring] = field(default_factory=list)

    def and_then(self, later: EpisodeRows) -> EpisodeRows:
        """What there is to tell of two batches; their rows are written already."""
        return EpisodeRows(
            events=self.events + later.events, lines=self.lines + later.lines, rings=self.rings + later.rings
        )


def rows_of(city: City, changes: Changes, now: datetime) -> EpisodeRows:
    """The rows that `changes` come to; takes over into `city` which episodes are open."""
    rows = EpisodeRows()
    columns = (column.tolist() for column in changes)
    for slot, kind, level, t, value, worst_value, late in zip(*columns, strict=True):
        _apply(rows, city, slot, Change(kind), level, instant(t), shortest(value), shortest(worst_value), late, now)
    return rows


def farther_values(city: City, rows: EpisodeRows) -> None:
    """Add the new extremes of open episodes that had no change of their own, to be stored now and then."""
    for slot in city.state.reached.nonzero()[0].tolist():
        episode = city.episodes.get(slot)
        if episode is not None and episode.id not in rows.opened:
            move = rows.moves.setdefault(episode.id, EpisodeMove(episode.id))
            move.worst_value = shortest(float(city.state.worst_value[slot]))
    city.state.reached[:] = False


def _apply(
    rows: EpisodeRows,
    city: City,
    slot: int,
    change: Change,
    level: int,
    at: datetime,
    value: float,
    worst_value: float,
    late: bool,
    now: datetime,
) -> None:
    point = city.points[slot]
    if change is Change.RAISED:
        row = new_episode(point, level, at, value, late, now)
        episode = city.episodes[slot] = OpenEpisode(row.id, at)
        rows.opened[row.id] = row
        colour: int | None = row.risk_level
    else:
        episode = city.episodes[slot]
        target = rows.opened.get(episode.id) or rows.moves.setdefault(episode.id, EpisodeMove(episode.id))
        target.worst_value = worst_value
        colour = _move(target, episode, point, change, level, at, now)
    if change is Change.CLEARED:
        del city.episodes[slot]
    shown = None if change is Change.CLEARED else abs(level)
    detail = {"late": True} if late else {}
    rows.events.append(EpisodeEvent(episode.id, at, KINDS[change], shown, colour, value, detail))
    rows.lines.append(point)
    if change in RINGING and not late:
        rows.rings.append(Ring(episode.id, abs(level)))


def _move(
    target: NewEpisode | EpisodeMove,
    episode: OpenEpisode,
    point: PointInfo,
    change: Change,
    level: int,
    at: datetime,
    now: datetime,
) -> int | None:
    """Apply one change to the row of an episode that is open; its new colour, where the change brings one."""
    if change is Change.CLEARED:
        target.cleared_at = at
        return target.risk_level
    if change is Change.WENT_LIVE:
        if isinstance(target, NewEpisode):
            target.late = False
        else:
            target.goes_live = True
        return target.risk_level
    target.worst_level = max(target.worst_level or 0, abs(level))
    if change is Change.WAS_WORSE:
        return target.risk_level
    target.level, target.level_since = abs(level), at
    limit = point.limits.of(level)
    target.limit_value = limit if limit is not None else target.limit_value
    target.limit_set_id = point.limit_set_id or target.limit_set_id
    colour = _colour(point, level, episode.raised_at, at, now)
    target.risk_level, target.rises_at = colour
    if change is Change.WORSENED and isinstance(target, EpisodeMove):
        target.worse = True
    return colour.risk_level


def new_episode(point: PointInfo, level: int, at: datetime, value: float, late: bool, now: datetime) -> NewEpisode:
    """An episode that begins with this value; `level` is signed."""
    limit, limit_set_id = point.limits.of(level), point.limit_set_id
    assert limit is not None
    assert limit_set_id is not None, "only a limit can raise"
    colour = _colour(point, level, at, at, now)
    return NewEpisode(
        id=new_id(),
        point_id=point.id,
        gateway_id=point.gateway_id,
        enterprise_id=point.enterprise_id,
        adcode=point.adcode,
        hazard_id=point.hazard_id,
        side=Side.HIGH if level > 0 else Side.LOW,
        start_level=abs(level),
        worst_level=abs(level),
        level=abs(level),
        level_since=at,
        risk_level=colour.risk_level,
        rises_at=colour.rises_at,
        raised_at=at,
        start_value=value,
        worst_value=value,
        limit_value=limit,
        limit_set_id=limit_set_id,
        late=late,
    )


def _colour(point: PointInfo, level: int, raised_at: datetime, level_since: datetime, now: datetime) -> Colour:
    return colour_of(point.kind, abs(level), point.hazard_grade, raised_at=raised_at, level_since=level_since, now=now)


def shortest(value: float) -> float:
    """A single-precision value with the fewest digits that mean it: 80.1, not 80.0999984741211."""
    return float(f"{value:.7g}")
