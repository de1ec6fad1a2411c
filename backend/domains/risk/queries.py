"""Reads of scores; each starts from the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta
from tortoise.connection import get_connection

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprise
from backend.domains.regions.queries import branch_codes
from backend.domains.risk.models import RiskScore
from backend.errors import NotVisible
from backend.kit.paging import decode_cursor
from backend.kit.text import ANY_TEXT

# What a page mark may hold: the level turned round, and a code.
Rank = Annotated[int, Meta(ge=-3, le=1)]
Code = Annotated[str, Meta(pattern=ANY_TEXT)]

# Every enterprise with its worst hazard; one that was never scored sorts below blue.
ENTERPRISES = """
with worst as (
    select e.enterprise_id, e.code, e.name, e.short_name, e.adcode, -coalesce(s.level, -1) as rank,
        -coalesce(s.score, -1) as weight, s.level, s.score, s.level_changed_at, s.why, s.as_of, s.checked_at,
        s.object_id as hazard_id, h.name as hazard_name, m.hazard_count, m.gravest_grade
    from (select id as enterprise_id, code, name, short_name, initials, adcode from enterprise where active) e
    cross join lateral (
        select count(*) as hazard_count, min(grade) as gravest_grade from major_hazard
        where enterprise_id = e.enterprise_id
    ) m
    left join lateral (
        select * from risk_state r where r.enterprise_id = e.enterprise_id
        order by r.level desc, r.score desc, r.object_id limit 1
    ) s on true
    left join major_hazard h on h.id = s.object_id
    where {scope} and ($2::text[] is null or e.adcode = any($2))
        and ($3 = '' or strpos(lower(e.name || ' ' || e.short_name || ' ' || e.code || ' ' || e.initials), $3) > 0)
)
select * from worst
where ($4::int is null or level = $4) and ($5::int is null or gravest_grade = $5)
    and ($6::int is null or (rank, weight, code) > ($6, $7::float8, $8::text))
order by rank, weight, code
limit $9
"""

# As little of each enterprise as a mark on a map needs.
MARKS = """
select e.enterprise_id, e.code, e.short_name, e.adcode, w.level, w.checked_at
from (select id as enterprise_id, code, short_name, adcode from enterprise where active) e
left join lateral (
    select r.level, r.checked_at from risk_state r where r.enterprise_id = e.enterprise_id
    order by r.level desc, r.score desc, r.object_id limit 1
) w on true
where {scope} and ($2::text is null or e.code > $2)
order by e.code
limit $3
"""

COUNTS = """
select e.adcode, w.level, count(*) as enterprises
from (select id as enterprise_id, adcode from enterprise where active) e
left join lateral (select max(r.level) as level from risk_state r where r.enterprise_id = e.enterprise_id) w on true
where {scope} and ($2::text[] is null or e.adcode = any($2))
group by e.adcode, w.level
"""

HAZARDS = """
with standing as (
    select h.id as hazard_id, h.code, h.name as hazard_name, h.grade, h.enterprise_id, s.model, s.score, s.level,
        s.level_changed_at, s.why, s.as_of, s.checked_at, s.score_id,
        -coalesce(s.level, -1) as rank, -coalesce(s.score, -1) as weight
    from (select m.*, e.adcode from major_hazard m join enterprise e on e.id = m.enterprise_id where e.active) h
    left join risk_state s on s.object_id = h.id
    where {scope} and ($2::uuid is null or h.enterprise_id = $2)
)
select * from standing
where $3::int is null or (rank, weight, code) > ($3, $4::float8, $5::text)
order by rank, weight, code
limit $6
"""

STATE = """
select s.*, h.name as hazard_name, e.name as enterprise_name
from risk_state s join major_hazard h on h.id = s.object_id join enterprise e on e.id = s.enterprise_id
where s.object_id = $2 and e.active and {scope}
"""


# Open alarms of level 2 that began or worsened after their hazard was last looked at. The slack covers the way from
# an instrument's clock to the commit; a hazard looked at within it is looked at once more.
GRAVE_NEWS = """
select distinct a.hazard_id
from alarm a join major_hazard h on h.id = a.hazard_id left join risk_state s on s.object_id = h.id
where a.cleared_at is null and a.level = 2 and not a.late
    and (s.checked_at is null or greatest(a.level_since, a.created_at) + interval '5 s' > s.checked_at)
"""


async def hazards_with_grave_news() -> list[UUID]:
    """Hazards with a grave alarm that no score knows yet; no viewer asks."""
    async with get_connection("default").acquire_connection() as connection:
        return [row["hazard_id"] for row in await connection.fetch(GRAVE_NEWS)]


async def page_of_enterprises(
    viewer: Viewer, adcode: str | None, level: int | None, grade: int | None, words: str, limit: int, after: str | None
) -> Sequence[Any]:
    """Up to `limit + 1` visible enterprises, worst first, of the branch below `adcode`.

    level: colour of the worst hazard. grade: of the gravest hazard. words: part of a name, a code or initials.
    """
    mark = decode_cursor(after, Rank, float, Code) if after else (None, None, None)
    branch, words = await _branch(adcode), words.strip().lower()
    return await _visible(ENTERPRISES, viewer, "e", branch, words, level, grade, *mark, limit + 1)


async def page_of_marks(viewer: Viewer, limit: int, after: str | None) -> Sequence[Any]:
    """Up to `limit + 1` visible enterprises with the colour of their worst hazard, in order of their codes."""
    (code,) = decode_cursor(after, Code) if after else (None,)
    return await _visible(MARKS, viewer, "e", code, limit + 1)


async def counts(viewer: Viewer, adcode: str | None) -> Sequence[Any]:
    """How many visible enterprises have their worst hazard at which level, by area."""
    return await _visible(COUNTS, viewer, "e", await _branch(adcode))


async def page_of_hazards(viewer: Viewer, enterprise_id: UUID | None, limit: int, after: str | None) -> Sequence[Any]:
    """Up to `limit + 1` visible hazards, worst first."""
    mark = decode_cursor(after, Rank, float, Code) if after else (None, None, None)
    return await _visible(HAZARDS, viewer, "h", enterprise_id, *mark, limit + 1)


async def visible_state(viewer: Viewer, hazard_id: UUID) -> Any:
    """How a hazard stands, or NotVisible."""
    rows = await _visible(STATE, viewer, "s", hazard_id)
    if not rows:
        raise NotVisible("there is no such scored hazard in your area", id=str(hazard_id))
    return rows[0]


async def visible_score(viewer: Viewer, score_id: UUID) -> RiskScore:
    """One stored score, or NotVisible."""
    found = await RiskScore.get_or_none(id=score_id)
    try:
        if found is not None:
            await visible_enterprise(viewer, found.enterprise_id)
            return found
    except NotVisible:
        pass
    raise NotVisible("there is no such score in your area", id=str(score_id))


async def hazard_name(hazard_id: UUID) -> str:
    """The name of a hazard whose score the viewer was found to see."""
    return str(await _value("select name from major_hazard where id = $1", hazard_id))


async def hazard_of_alarm(alarm_id: UUID) -> UUID | None:
    """The hazard an alarm belongs to, for scoring it at once; no viewer asks."""
    found: UUID | None = await _value("select hazard_id from alarm where id = $1", alarm_id)
    return found


async def _branch(adcode: str | None) -> list[str] | None:
    return None if adcode is None else sorted(await branch_codes(adcode))


async def _value(sql: str, *arguments: object) -> Any:
    async with get_connection("default").acquire_connection() as connection:
        return await connection.fetchval(sql, *arguments)


async def _visible(sql: str, viewer: Viewer, table: str, *arguments: object) -> Sequence[Any]:
    """Rows of a query whose `{scope}` is the viewer's filter on `table`; its arguments begin at $2."""
    scope, first = viewer.scope_sql(1, table)
    async with get_connection("default").acquire_connection() as connection:
        rows: Sequence[Any] = await connection.fetch(sql.format(scope=scope), *first, *arguments)
        return rows
