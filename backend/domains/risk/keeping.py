"""Writing scores and states set by set, and reading them back for the next evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.connection import get_connection

from backend.domains.risk.evaluation import MODEL, Evaluation, Standing, why
from backend.domains.risk.sources import Hazard
from backend.kit.ids import new_id
from backend.kit.json import dump_json, load_json

STANDINGS = """
select s.object_id, s.level, s.since, s.pend, s.dark_since, s.score, s.input, s.as_of, s.level_changed_at,
    r.score as stored_score, r.as_of as stored_at
from risk_state s left join risk_score r on r.id = s.score_id
where s.object_id = any($1)
"""

# A run that began earlier never overwrites one that began later.
RENEW = """
insert into risk_state (object_id, model, enterprise_id, adcode, level, since, pend, level_changed_at, dark_since,
    score, parts, why, input, score_id, as_of, checked_at)
select x.object_id, $1, x.enterprise_id, x.adcode, x.level, x.since, x.pend, x.level_changed_at, x.dark_since,
    x.score, x.parts::jsonb, x.why::jsonb, x.input::jsonb, x.score_id, $2, $2
from unnest($3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::timestamptz[], $8::int[], $9::timestamptz[],
            $10::timestamptz[], $11::float8[], $12::text[], $13::text[], $14::text[], $15::uuid[])
    as x(object_id, enterprise_id, adcode, level, since, pend, level_changed_at, dark_since, score, parts, why, input,
         score_id)
on conflict (object_id) do update set
    enterprise_id = excluded.enterprise_id, adcode = excluded.adcode, level = excluded.level, since = excluded.since,
    pend = excluded.pend, level_changed_at = excluded.level_changed_at, dark_since = excluded.dark_since,
    score = excluded.score, parts = excluded.parts, why = excluded.why, input = excluded.input,
    score_id = coalesce(excluded.score_id, risk_state.score_id), as_of = excluded.as_of,
    checked_at = excluded.checked_at
where risk_state.checked_at < excluded.checked_at
returning object_id
"""

CHECKED = """
update risk_state s set adcode = x.adcode, since = x.since, pend = x.pend, checked_at = $1
from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::int[]) as x(object_id, adcode, since, pend)
where s.object_id = x.object_id and s.checked_at < $1
"""

STORE = """
insert into risk_score (id, model, object_id, enterprise_id, as_of, score, level_raw, level, parts, objects, tree,
    input, param_version, code_version, input_hash)
select x.id, $1, x.object_id, x.enterprise_id, $2, x.score, x.level_raw, x.level, x.parts::jsonb, x.objects::jsonb,
    x.tree::jsonb, x.input::jsonb, x.param_version, x.code_version, x.input_hash
from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::float8[], $7::int[], $8::int[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
    as x(id, object_id, enterprise_id, score, level_raw, level, parts, objects, tree, input, param_version,
         code_version, input_hash)
"""


async def standings_of(hazard_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Where these hazards stood; one never scored is absent."""
    async with get_connection("default").acquire_connection() as connection:
        rows = await connection.fetch(STANDINGS, hazard_ids)
    return {
        row["object_id"]: Standing(
            **{**{k: v for k, v in row.items() if k != "object_id"}, "input": load_json(row["input"])}
        )
        for row in rows
    }


async def keep(
    connection: asyncpg.Connection, done: Sequence[tuple[Hazard, Evaluation]], now: datetime
) -> dict[UUID, UUID | None]:
    """Write what is worth keeping; the ids of the hazards whose state was renewed, with their stored score if any.

    Call it in a transaction: a stored score and the state that names it go together.
    """
    resting = [(hazard, found) for hazard, found in done if not found.is_renewed]
    if resting:
        rows = _columns((hazard.id, hazard.adcode, found.since, found.pend) for hazard, found in resting)
        await connection.execute(CHECKED, now, *rows)
    fresh = [(hazard, found, new_id() if found.is_stored else None) for hazard, found in done if found.is_renewed]
    if not fresh:
        return {}
    renewed = await connection.fetch(RENEW, MODEL, now, *_columns(_state_row(*each) for each in fresh))
    won = {row["object_id"] for row in renewed}
    stored = [(hazard, found, score_id) for hazard, found, score_id in fresh if score_id and hazard.id in won]
    if stored:
        await connection.execute(STORE, MODEL, now, *_columns(_score_row(*each) for each in stored))
    return {hazard.id: score_id for hazard, _, score_id in fresh if hazard.id in won}


def _state_row(hazard: Hazard, found: Evaluation, score_id: UUID | None) -> tuple[Any, ...]:
    return (
        hazard.id,
        hazard.enterprise_id,
        hazard.adcode,
        found.level,
        found.since,
        found.pend,
        found.level_changed_at,
        found.dark_since,
        found.score,
        dump_json(found.explained["parts"]),
        dump_json(why(found.explained)),
        dump_json(found.input),
        score_id,
    )


def _score_row(hazard: Hazard, found: Evaluation, score_id: UUID) -> tuple[Any, ...]:
    """The tree goes with a change of level; any other can be made again from the input."""
    explained = found.explained
    return (
        score_id,
        hazard.id,
        hazard.enterprise_id,
        found.score,
        explained["level_raw"],
        found.level,
        dump_json(explained["parts"]),
        dump_json(explained["objects"]),
        dump_json(explained["tree"] if found.changes_level else {}),
        dump_json(found.input),
        explained["param_version"],
        explained["code_version"],
        explained["input_hash"],
    )


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows turned into the arrays that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)]
