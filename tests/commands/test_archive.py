"""`anlan archive`, as it is typed."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import asyncpg
import duckdb
import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.db import open_database
from backend.domains.enterprises.service import make_enterprise
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points
from backend.domains.regions.zibo import plant_tree
from backend.kit import clock
from tests.conftest import migrated_database
from tests.services import Services

OLD = datetime.now(UTC).date() - timedelta(days=3)
# A frame each ten minutes.
LAYOUT = """
insert into layout (gateway_id, number, tags, point_ids, received_at)
select gateway_id, 1, array_agg(tag), array_agg(id), now() from point group by gateway_id returning id
"""
FRAMES = """
insert into frame (gateway_id, t, layout_id, received_at, late, v)
select l.gateway_id, t, l.id, t, false, array[extract(hour from t)]
from layout l, generate_series($1::timestamptz, $1::timestamptz + '47 h 50 min', interval '10 min') t
"""


async def made(server: str) -> str:
    """A gateway with one point and two old days of frames."""
    url = await migrated_database(server, "anlan_archive")
    now = clock.now()
    async with open_database(url, everywhere=False):
        await plant_tree()
        enterprise = await make_enterprise("370305001", "x", "370305", now, by=None)
        gateway = (await make_gateway(enterprise.id, "370305001-G1", now, by=None)).gateway
        await make_points(gateway, [NewPoint(tag="LI-1", kind=PointKind.LEVEL, range_lo=0, range_hi=100)], now, by=None)
    con = await asyncpg.connect(url)
    try:
        for ahead in range(3):
            await con.execute("select ensure_frame_day($1)", OLD + timedelta(days=ahead))
        await con.execute(LAYOUT)
        await con.execute(FRAMES, datetime.combine(OLD, time(), UTC))
    finally:
        await con.close()
    return url


async def days_with_frames(url: str) -> dict[date, int]:
    con = await asyncpg.connect(url)
    try:
        rows = await con.fetch("select (t at time zone 'UTC')::date as day, count(*) as n from frame group by 1")
        return {row["day"]: row["n"] for row in rows}
    finally:
        await con.close()


@pytest.fixture
def url(server: str) -> str:
    return asyncio.run(made(server))


@pytest.fixture
def runner(url: str, services: Services, tmp_path: Path) -> CliRunner:
    told = {
        "ANLAN_DATA_DIR": str(tmp_path),
        "ANLAN_DATABASE_URL": url,
        "ANLAN_REDIS_URL": services.redis_url,
        "ANLAN_MQTT_URL": services.mqtt_url,
    }
    return CliRunner(env=told)


def test_an_old_day_moves_to_its_file_once(runner: CliRunner, url: str, tmp_path: Path) -> None:
    before = str(OLD + timedelta(days=1))
    moved = runner.invoke(main, ["archive", "--before", before])
    assert moved.exit_code == 0, moved.output
    assert "1 days moved, 0 wait" in moved.output
    (file,) = tmp_path.rglob(f"frames-{OLD:%Y%m%d}*.parquet")
    with duckdb.connect() as engine:
        told = engine.execute("select count(*), max(v[1]) from read_parquet(?)", [str(file)]).fetchone()
    assert told == (144, 23.0)
    assert asyncio.run(days_with_frames(url)) == {OLD + timedelta(days=1): 144}
    again = runner.invoke(main, ["archive", "--before", before])
    assert (again.exit_code, "0 days moved, 0 wait" in again.output) == (0, True), again.output
    assert [file] == list(tmp_path.rglob("*.parquet"))


@pytest.mark.parametrize(
    ("day", "says"),
    [(str(datetime.now(UTC).date()), "today and yesterday still fill"), ("yesterday", "does not match the format")],
)
def test_a_day_that_cannot_be_moved_is_refused_in_words(runner: CliRunner, url: str, day: str, says: str) -> None:
    refused = runner.invoke(main, ["archive", "--before", day])
    assert refused.exit_code != 0
    assert says in refused.output
    assert "Traceback" not in refused.output
    assert sum(asyncio.run(days_with_frames(url)).values()) == 288
