"""The lists are read along indexes, however many alarms there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tortoise.connection import get_connection

from backend.domains.alarms.listing import (
    COUNTS,
    TODAY,
    AlarmFilter,
    Conditions,
    conditions_of,
    cursor_after,
    order_of,
    page_of_alarms,
    with_words,
)
from backend.domains.alarms.schemas import AlarmState
from backend.domains.monitoring.models import LimitSet
from tests.domains.monitoring.plant import Plant
from tests.people import People

pytestmark = pytest.mark.anyio
T = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MANY = 50_000

FILL = """
insert into alarm (id, point_id, gateway_id, enterprise_id, adcode, hazard_id, side, start_level, worst_level, level,
    level_since, risk_level, rises_at, raised_at, start_value, worst_value, limit_value, limit_set_id, late,
    acknowledged_at, cleared_at, created_at)
select gen_random_uuid(), $1, $2, $3, $4, $5, 'high', 1, 1, null, at, n % 100 / 33, null, at, 86, 87, 85, $6, false,
    case when n % 50 > 0 then at + interval '2 min' end, at + interval '9 min', at
from generate_series(1, $7::int) as n, lateral (select $8::timestamptz - n * interval '30 s' as at) as x
"""


async def fill(plant: Plant, count: int) -> None:
    limits = await LimitSet.get(point_id=plant.level.id)
    place = [plant.enterprise.id, plant.enterprise.adcode, plant.hazard.id]
    con = get_connection("default")
    await con.execute_query(FILL, [plant.level.id, plant.gateway.id, *place, limits.id, count, T])


async def plan_of(statement: str, arguments: list[object]) -> str:
    rows = await get_connection("default").execute_query_dict(f"explain {statement}", arguments)
    return "\n".join(row["QUERY PLAN"] for row in rows)


async def test_no_list_reads_the_whole_table(people: People) -> None:
    plant, other = await Plant.build(people.own), await Plant.build(people.neighbour)
    await fill(plant, MANY * 4 // 5)
    await fill(other, MANY // 5)
    await plant.alarm(plant.gas, T)
    await get_connection("default").execute_script("analyze alarm")
    for who in ("operator", "linzi", "city", "admin"):
        viewer = await people.viewer(who)
        for state in AlarmState:
            for risk_level in (None, 2):
                wanted = AlarmFilter(state=state, day_start=T - timedelta(hours=9), risk_level=risk_level)
                (first, *_) = await page_of_alarms(viewer, wanted, 50, None) or [None]
                for after in (None, cursor_after(first, state) if first else None):
                    where = await conditions_of(viewer, wanted, after)
                    plan = await plan_of(with_words(where, order_of(state), 51), where.arguments)
                    assert "Seq Scan on alarm" not in plan, f"{who} {state} {risk_level}\n{plan}"
        where = await Conditions.within(viewer)
        counts = await plan_of(COUNTS.format(scope=where), where.arguments)
        today = await plan_of(TODAY.format(scope=where, since=len(where.arguments) + 1), [*where.arguments, T])
        assert "Seq Scan on alarm" not in counts + today, counts + today


async def test_pages_over_many_alarms_show_each_once(people: People) -> None:
    plant = await Plant.build(people.own)
    await fill(plant, 500)
    viewer = await people.viewer("linzi")
    for state, count in ((AlarmState.ALL, 500), (AlarmState.UNACKNOWLEDGED, 10)):
        wanted = AlarmFilter(state=state, day_start=T)
        seen: list[object] = []
        after: str | None = None
        while rows := await page_of_alarms(viewer, wanted, 90 if count > 90 else 3, after):
            shown = rows[: 90 if count > 90 else 3]
            seen += [row["id"] for row in shown]
            after = cursor_after(shown[-1], state)
        assert (len(seen), len(set(seen))) == (count, count)
