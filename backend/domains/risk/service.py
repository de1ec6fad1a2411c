"""Scoring hazards: the one verb of this domain so far."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import structlog
from msgspec import Struct
from tortoise.transactions import in_transaction

from backend.domains.risk.evaluation import Evaluation, evaluate
from backend.domains.risk.keeping import keep, standings_of
from backend.domains.risk.param_sets import parameters_in_force
from backend.domains.risk.parameters import Parameters
from backend.domains.risk.ringing import channels_of, risk_ring
from backend.domains.risk.sources import Hazard, episodes_of, hazards_to_score, readings_of, with_tanks
from backend.kit.live import Bell

log = structlog.get_logger()

# Hazards read and written together.
AT_ONCE = 8


class Scored(Struct, frozen=True):
    """How many hazards a run scored, and how many of them it stored and rang for."""

    hazards: int = 0
    stored: int = 0
    rung: int = 0


async def score_hazards(now: datetime, hazard_ids: Iterable[UUID] | None = None, bell: Bell | None = None) -> Scored:
    """Score these hazards, or all, as of `now`; keep what changed and tell open pages after the commit.

    A run that began later wins over one that began earlier, whichever ends last.
    """
    params = await parameters_in_force(now)
    stored = rung = 0
    hazards = await hazards_to_score(hazard_ids)
    for some in _by_enterprise(hazards):
        done = await _evaluate(await with_tanks(some, now), now, params)
        async with in_transaction() as transaction, transaction.acquire_connection() as connection:
            renewed = await keep(connection, done, now)
        stored += sum(score_id is not None for score_id in renewed.values())
        for hazard, found in done:
            if found.refused:
                log.warning("risk.input_refused", hazard_id=str(hazard.id), reason=found.refused)
            if found.rings and hazard.id in renewed:
                rung += 1
                if bell is not None:
                    await bell.ring(risk_ring(hazard, found), channels_of(hazard))
    return Scored(len(hazards), stored, rung)


async def _evaluate(hazards: Sequence[Hazard], now: datetime, params: Parameters) -> list[tuple[Hazard, Evaluation]]:
    point_ids = [point_id for hazard in hazards for point_id in hazard.point_ids()]
    readings = await readings_of({gateway for hazard in hazards for gateway in hazard.gateways}, now)
    episodes = await episodes_of(point_ids, now)
    standings = await standings_of([hazard.id for hazard in hazards])
    done = []
    for hazard in hazards:
        own = [episode for point_id in hazard.point_ids() for episode in episodes.get(point_id, ())]
        found = evaluate(hazard.grade, hazard.tanks, readings, own, now, params, standings.get(hazard.id))
        done.append((hazard, found))
        # The worker pushes alarms in the same loop, and they must not wait for a city to be scored.
        await asyncio.sleep(0)
    return done


def _by_enterprise(hazards: Sequence[Hazard]) -> Iterator[list[Hazard]]:
    """Hazards in handfuls that do not part an enterprise, so that the frames of a gateway are read once."""
    handful: list[Hazard] = []
    for _, own in groupby(hazards, key=lambda hazard: hazard.enterprise_id):
        handful += own
        if len(handful) >= AT_ONCE:
            yield handful
            handful = []
    if handful:
        yield handful
