"""One evaluation of one hazard: from what is known to score, level, and what of it is worth keeping. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from backend.domains.risk.blocks import unavailability
from backend.domains.risk.episodes import Episode, minutes
from backend.domains.risk.explain import explain, waterfall
from backend.domains.risk.features import UNSEEN, Before, TankFacts, everything_lost, tank_farm_input
from backend.domains.risk.inputs import Point, UnusableInput, read_input
from backend.domains.risk.levels import hyst_step
from backend.domains.risk.parameters import Parameters
from backend.domains.risk.samples import Reading

MODEL = "tank_farm"

# A score that moved by this much since the last stored one is stored, and all are at least this often.
WORTH_STORING = 1.0
STORED_EVERY = timedelta(hours=1)
# How many sentences say why in a list.
REASONS = 2

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Standing(Struct, frozen=True):
    """Where a hazard stood before: level state, the input its shown score was made from, and the last stored score."""

    level: int
    since: datetime | None
    pend: int | None
    dark_since: datetime | None
    score: float
    input: Mapping[str, Any]
    as_of: datetime
    level_changed_at: datetime
    stored_score: float | None = None
    stored_at: datetime | None = None


class Evaluation(Struct, frozen=True):
    """Where a hazard stands now.

    explained: the score with its tree, as `explain` tells it. is_renewed: the figure shown changed or something is
    held, so the input is to be remembered. is_stored: it goes into the record of scores. rings: pages should know.
    """

    input: dict[str, Any]
    explained: dict[str, Any]
    level: int
    since: datetime | None
    pend: int | None
    dark_since: datetime | None
    level_changed_at: datetime
    changes_level: bool
    is_renewed: bool
    is_stored: bool
    rings: bool
    refused: str = ""

    @property
    def score(self) -> float:
        """0..100, not rounded."""
        value: float = self.explained["score"]
        return value


def evaluate(
    grade: int,
    tanks: Sequence[TankFacts],
    readings: Mapping[int, Reading],
    episodes: Sequence[Episode],
    now: datetime,
    params: Parameters,
    standing: Standing | None,
) -> Evaluation:
    """Score a hazard and move its level.

    An input that cannot be scored never silences a hazard: it is scored by its last one with every point bad.
    """
    before = Before(standing.input, standing.as_of) if standing and standing.input else None
    refused = ""
    try:
        inp = tank_farm_input(grade, tanks, readings, episodes, now, params, before)
        explained = explain(MODEL, inp, params)
    except UnusableInput as exc:
        refused = str(exc)
        inp = everything_lost(before.input) if before else {"hazard_level": grade, "tanks": []}
        explained = explain(MODEL, inp, params)
    dark_since = _dark_since(explained["F"], inp, now, params, standing)
    if dark_since is not None:
        inp["dark_h"] = minutes(now - dark_since) / 60.0
        explained = explain(MODEL, inp, params)
    return _weighed(inp, explained, dark_since, now, params, standing, refused)


def why(explained: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The contributions that weigh most, without what the hazard is by nature unless there is nothing else."""
    bars = waterfall(explained["tree"], most=100)
    return ([bar for bar in bars if bar["kind"] != "base"] or bars)[:REASONS]


def _weighed(
    inp: dict[str, Any],
    explained: dict[str, Any],
    dark_since: datetime | None,
    now: datetime,
    params: Parameters,
    standing: Standing | None,
    refused: str,
) -> Evaluation:
    score = explained["score"]
    state = hyst_step(_state_before(standing), score, _minute(now), params)
    level: int = state["level"]
    level_changed = standing is None or standing.level != level
    moved = standing is None or standing.stored_score is None or abs(score - standing.stored_score) >= WORTH_STORING
    is_due = standing is None or standing.stored_at is None or now - standing.stored_at >= STORED_EVERY
    is_stored = level_changed or moved or is_due
    shown_changed = standing is None or round(standing.score, 1) != round(score, 1)
    return Evaluation(
        input=inp,
        explained=explained,
        level=level,
        since=None if state["since"] is None else _EPOCH + timedelta(minutes=state["since"]),
        pend=state["pend"],
        dark_since=dark_since,
        level_changed_at=now if level_changed or standing is None else standing.level_changed_at,
        changes_level=level_changed,
        is_renewed=is_stored or shown_changed or _is_held(inp, explained, standing),
        is_stored=is_stored,
        rings=level_changed or moved,
        refused=refused,
    )


def _state_before(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {"level": 0, "since": None, "pend": None}
    since = None if standing.since is None else _minute(standing.since)
    return {"level": standing.level, "since": since, "pend": standing.pend}


def _minute(instant: datetime) -> float:
    return (instant - _EPOCH) / timedelta(minutes=1)


def _is_held(inp: Mapping[str, Any], explained: Mapping[str, Any], standing: Standing | None) -> bool:
    """Whether the input holds what cannot be read again from the frames: lost points, a transfer or its end."""
    before = standing.input.get("tanks", ()) if standing else ()
    return explained["F"] > 0 or any(tank["transfer_active"] for tank in (*inp["tanks"], *before))


def _dark_since(
    lost_share: float, inp: Mapping[str, Any], now: datetime, params: Parameters, standing: Standing | None
) -> datetime | None:
    """Since when at least half of the object has not been seen, None when it is.

    When it turns dark between two evaluations that lie far apart, the newest sample tells when that must have been.
    """
    if lost_share < UNSEEN:
        return None
    if standing and standing.dark_since:
        return standing.dark_since
    ages = [
        point["age_s"]
        for tank in inp["tanks"]
        for point in tank["points"]
        if "age_s" in point and unavailability(read_input(Point, point), params.dq).share >= UNSEEN
    ]
    half_lost_s = params.dq.t_ok_s + UNSEEN * (params.dq.t_full_s - params.dq.t_ok_s)
    return now - timedelta(seconds=max(min(ages, default=0.0) - half_lost_s, 0.0))
