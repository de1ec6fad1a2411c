"""Whether a gateway's clock is right: its stored frames know when they were measured and when they came.

Of the newest frames the one that was quickest on its way tells most: delays only ever add.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from tortoise.connection import get_connection

# A clock is held by NTP to 2 s (standards 5.7); a little more is the way through the network.
ALLOWED_S = 2.0
FRAMES = 30
# Older frames say nothing about the clock of now.
RECENT = timedelta(minutes=15)

OFFSETS = """
select g.id, min(extract(epoch from f.received_at - f.t))::float8 as behind_s, max(f.received_at) as at, count(*) as n
from unnest($1::int[]) as g(id)
cross join lateral (
    select t, received_at from frame where gateway_id = g.id and t > $2::timestamptz - interval '25 hours'
    order by t desc limit $3
) f
where f.received_at > $2
group by g.id
"""


class ClockCheck(msgspec.Struct, frozen=True, rename="camel"):
    """How far a gateway's clock is behind ours, in seconds, below zero ahead. at: the newest arrival looked at."""

    behind_s: float
    at: datetime
    is_wrong: bool


def judged(behind_s: float, at: datetime) -> ClockCheck:
    """The check of a smallest difference between arrival and source time."""
    return ClockCheck(round(behind_s, 1), at, abs(behind_s) > ALLOWED_S)


async def clocks_of(gateway_ids: Iterable[int], now: datetime) -> dict[int, ClockCheck]:
    """By gateway id; one of which nothing came in the last 15 min is absent. Whoever asks has checked the viewer.

    A clock more than 60 s ahead does not show here: its frames are refused as `future_time`, which its rejects say.
    """
    ids = list(gateway_ids)
    if not ids:
        return {}
    rows = await get_connection("default").execute_query_dict(OFFSETS, [ids, now - RECENT, FRAMES])
    return {row["id"]: judged(row["behind_s"], row["at"]) for row in rows}
