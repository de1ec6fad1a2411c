"""How long the trend of one point takes over the history of 400 gateways, and what a stored reading weighs.

What is generated: the hours of 400 gateways with 58 points each over a year (from 200 rows of random hours, in the
order in which the worker would write them); frames at 10 s of the last 25 hours for 100 of them, and of the day a
year ago for 20 of them, which the archive then moves to its file. Spans end now; a year begins inside that day. Each
request asks for a random point, and so does the baseline: the same number of rows by a bare asyncpg select.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

import asyncpg
import httpx
import numpy as np

from backend.db import migrate, open_database
from backend.domains.accounts.enums import Role
from backend.domains.accounts.service import add_person
from backend.domains.monitoring.history.archive import Archive, ArchivedDay
from backend.domains.monitoring.history.archiving import archive_days
from backend.domains.monitoring.history.making import roll_up_finished, set_progress
from backend.domains.monitoring.history.partitions import partition_of
from backend.domains.monitoring.history.reading import hour_of
from backend.domains.regions.zibo import plant_tree
from backend.kit import clock
from bench.figures import figure, percentile
from bench.ingest import SEED
from tests.city import City, running_city
from tests.services import Services, roomy_folder, running_services

GATEWAYS, POINTS, INTERVAL_S = 400, 58, 10
WITH_DAY, WITH_ARCHIVE = 100, 20
SAMPLES = 60
PASSWORD = "a quiet harbour"
MOST_POINTS = 600

LAYOUTS = """
insert into layout (gateway_id, number, tags, point_ids, received_at)
select gateway_id, 1, array_agg(tag order by id), array_agg(id order by id), now() from point group by gateway_id
"""
TEMPLATE = """
create unlogged table template as
select row_number() over () as place, n, n as usable, n as good, first_s, last_s, low as min, high as max, mean, last
from generate_series(1, 200) r cross join lateral (
    select array_agg(360 + p * 0) as n, array_agg(3::smallint) as first_s, array_agg(3593::smallint) as last_s,
           array_agg((40 + random() * 2)::real) as low, array_agg((44 + random() * 2)::real) as high,
           array_agg((42 + random() * 2)::real) as mean, array_agg((42 + random() * 2)::real) as last
    from generate_series(1, {points} + r * 0) p
) x
"""
YEAR = """
insert into rollup_hour (gateway_id, hour, layout_id, n, usable, good, first_s, last_s, min, max, mean, last)
select l.gateway_id, hour, l.id, t.n, t.usable, t.good, t.first_s, t.last_s, t.min, t.max, t.mean, t.last
from generate_series($1::timestamptz, $2::timestamptz, interval '1 hour') hour
cross join layout l
join template t on t.place = 1 + (l.gateway_id * 7 + extract(epoch from hour)::bigint / 3600) % 200
"""
BARE_HOURS = "select hour, min[7], max[7] from rollup_hour where gateway_id = $1 and hour >= $2 and hour < $3"
BARE_FRAMES = "select t, v[7] from frame where gateway_id = $1 and t >= $2 and t < $3"
FRAME = ["gateway_id", "t", "layout_id", "received_at", "late", "v"]


def main() -> None:
    """Print the figures."""
    with roomy_folder() as path, running_services(path / "data") as services:
        asyncio.run(_measure(services))


def _aside(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def _measure(services: Services) -> None:
    url, now = services.database_url, clock.now()
    archive = Archive(services.folder.path / "archive")
    await migrate(url)
    async with open_database(url, everywhere=False):
        await plant_tree()
        await add_person("bench", "bench", Role.ADMINISTRATOR, PASSWORD, now, by=None)
    con = await asyncpg.connect(url)
    try:
        await _fill(con, now, archive)
        with running_city(services, url, "api") as city:
            await _ask(city, con, now)
    finally:
        await con.close()


async def _fill(con: asyncpg.Connection, now: datetime, archive: Archive) -> None:
    began = time.monotonic()
    seed = SEED.format(region="000001", enterprise="E-BENCH", gateways=GATEWAYS, points=POINTS)
    await con.execute(seed)
    await con.execute(LAYOUTS)
    year_ago = (now - timedelta(days=365)).astimezone(UTC).date()
    await con.execute(TEMPLATE.format(points=POINTS))
    start, end = datetime(year_ago.year, year_ago.month, year_ago.day, tzinfo=UTC), hour_of(now)
    month = start
    while month < end:
        await con.execute("select ensure_rollup_month($1)", month.date())
        until = min((month.replace(day=1) + timedelta(days=32)).replace(day=1), end)
        await con.execute(YEAR, month, until - timedelta(hours=1))
        month = until
    rolled = await con.fetchval(
        "select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = 'rollup_hour'::regclass"
    )
    _aside(f"a year of hours after {time.monotonic() - began:.0f} s")
    layouts = [tuple(row) for row in await con.fetch("select gateway_id, id from layout order by gateway_id")]
    await _frames(con, layouts[:WITH_ARCHIVE], start, start + timedelta(days=1))
    await set_progress(con, end)
    old = await _size(con, year_ago)
    (moved,) = [each async for each in archive_days(con, archive, year_ago + timedelta(days=1), now)]
    assert isinstance(moved, ArchivedDay), "nothing keeps the day"
    _aside(f"an archived day after {time.monotonic() - began:.0f} s")
    await _frames(con, layouts[:WITH_DAY], now - timedelta(hours=25), now)
    await _roll_up(con, now)
    await con.execute("analyze")
    _aside(f"a day of frames after {time.monotonic() - began:.0f} s")
    figure("history.bytes_per_reading_hot", old / (moved.rows * POINTS), "B", readings=moved.rows * POINTS)
    figure("history.bytes_per_reading_archived", moved.bytes / (moved.rows * POINTS), "B", old / (moved.rows * POINTS))
    hours = GATEWAYS * POINTS * ((end - start) // timedelta(hours=1))
    figure("history.bytes_per_point_hour", float(rolled) / hours, "B", point_hours=hours)


async def _size(con: asyncpg.Connection, day: date) -> float:
    return float(await con.fetchval("select pg_total_relation_size($1::text::regclass)", partition_of(day)))


async def _frames(con: asyncpg.Connection, layouts: Sequence[tuple[int, int]], start: datetime, end: datetime) -> None:
    """Frames every 10 s: levels and pressures that drift, with a noise of their last shown digit."""
    for ahead in range((end.date() - start.date()).days + 1):
        await con.execute("select ensure_frame_day($1)", start.date() + timedelta(days=ahead))
    dice = np.random.default_rng(1)
    phase = dice.uniform(0, 2 * np.pi, (len(layouts), POINTS))
    step = timedelta(seconds=INTERVAL_S)
    t = start
    while t < end:
        rows = []
        for _ in range(60):
            if t >= end:
                break
            drift = 50 + 30 * np.sin(t.timestamp() / 20_000 + phase) + dice.normal(0, 0.05, phase.shape)
            for (gateway_id, layout_id), v in zip(layouts, np.round(drift, 1).tolist(), strict=True):
                rows.append((gateway_id, t, layout_id, t, False, v))
            t += step
        await con.copy_records_to_table("frame", records=rows, columns=FRAME)


async def _ask(city: City, con: asyncpg.Connection, now: datetime) -> None:
    points: dict[int, list[int]] = {}
    for row in await con.fetch("select id, gateway_id from point order by id"):
        points.setdefault(row["gateway_id"], []).append(row["id"])
    gateways = sorted(points)
    year_ago = now - timedelta(days=365)
    old_day = datetime(year_ago.year, year_ago.month, year_ago.day, tzinfo=UTC)
    async with httpx.AsyncClient(base_url=city.base_url, timeout=60) as http:
        signed = await http.post("/api/v1/session/token", json={"username": "bench", "password": PASSWORD})
        http.headers["authorization"] = f"Bearer {signed.json()['accessToken']}"
        for name, start, end, of, sql in (
            ("day", now - timedelta(days=1), now, WITH_DAY, BARE_FRAMES),
            ("month", now - timedelta(days=30), now, GATEWAYS, BARE_HOURS),
            ("year", year_ago, now, GATEWAYS, BARE_HOURS),
            ("archived_day", old_day, old_day + timedelta(days=1), WITH_ARCHIVE, None),
        ):
            dice = random.Random(name)
            trend = partial(_trend, http, points, dice, start, end)
            bare = partial(_bare, con, sql, start, end)
            ours, base, columns, rows = [], [], 0, 0
            for _ in range(SAMPLES):
                one, other = dice.sample(gateways[:of], 2)
                columns = await _timed(trend, one, ours)
                rows = await _timed(bare, other, base)
            baseline = percentile(base, 95) if sql else None
            figure(
                f"trend.{name}_ms", percentile(ours, 95), "ms", baseline,
                p50=round(percentile(ours, 50), 1), samples=SAMPLES, columns=columns, rows=rows, gateways=of,
            )  # fmt: skip


async def _trend(
    http: httpx.AsyncClient, points: dict[int, list[int]], dice: random.Random, start: datetime, end: datetime, of: int
) -> int:
    """The trend of a random point of gateway `of`; how many columns it has."""
    span = {"from": start.isoformat(), "to": end.isoformat(), "maxPoints": MOST_POINTS}
    answer = await http.get(f"/api/v1/points/{dice.choice(points[of])}/trend", params=span)
    return len(answer.raise_for_status().json()["t"])


async def _bare(con: asyncpg.Connection, sql: str | None, start: datetime, end: datetime, of: int) -> int:
    return len(await con.fetch(sql, of, start, end)) if sql else 0


async def _timed(ask: Callable[[int], Awaitable[int]], gateway: int, into: list[float]) -> int:
    began = time.perf_counter()
    found = await ask(gateway)
    into.append((time.perf_counter() - began) * 1000)
    return found


async def _roll_up(con: asyncpg.Connection, now: datetime) -> None:
    """How fast the worker rolls up frames, on this one core; the last day is read from what it makes."""
    await set_progress(con, hour_of(now) - timedelta(hours=24))
    began = time.perf_counter()
    made = await roll_up_finished(con, hour_of(now) + timedelta(minutes=6), None, budget_s=90)
    readings = made.hours * WITH_DAY * POINTS * 3600 // INTERVAL_S
    figure("history.rolled_up_readings_per_s", readings / (time.perf_counter() - began), "1/s", hours=made.hours)
