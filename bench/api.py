"""How many alarm lists a second, with 100 000 alarms in the table, against a bare route returning the same bytes."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import asyncpg
import httpx

from backend.db import migrate, open_database
from backend.domains.accounts.enums import Role
from backend.domains.accounts.service import add_person
from backend.domains.enterprises.service import make_enterprise
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.rules import LimitValues
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points
from backend.domains.regions.zibo import CITY, plant_tree
from backend.embedded.ports import free_port
from backend.embedded.spec import ProcessSpec, answers_on
from backend.kit import clock
from bench.figures import figure
from bench.load import requests_per_second
from tests.city import ROOT, running_city
from tests.services import Services, roomy_folder, running_services

SECONDS = 8.0
ALARMS = 100_000
PASSWORD = "a quiet harbour"
PATH = "/api/v1/alarms?state=all&limit=50"

# Closed episodes over a month; a few open ones, as many as points allow.
FILL = """
insert into alarm (id, point_id, gateway_id, enterprise_id, adcode, side, start_level, worst_level, level, level_since,
    risk_level, raised_at, start_value, worst_value, limit_value, limit_set_id, late, cleared_at, created_at,
    acknowledged_at, notified_level)
select gen_random_uuid(), p.id, p.gateway_id, p.enterprise_id, '370305', 'high', 1, 1, null, t.at, 0, t.at, 86, 87, 85,
    l.id, false, t.at + interval '5 minutes', t.at, t.at + interval '1 minute', 0
from generate_series(1, $1::int) n
join lateral (select now() - n * interval '26 seconds' as at) t on true
join (select id, gateway_id, enterprise_id, row_number() over (order by id) - 1 as place, count(*) over () as all_points
      from point) p on p.place = n % p.all_points
join limit_set l on l.point_id = p.id
"""


def main() -> None:
    """Print `api.alarm_list_rps`."""
    with roomy_folder() as path, running_services(path / "data") as services:
        asyncio.run(_measure(services))


async def _measure(services: Services) -> None:
    url = services.database_url
    await migrate(url)
    async with open_database(url, everywhere=False):
        await _fill(url)
    with running_city(services, url, "api") as city, tempfile.TemporaryDirectory() as folder:
        async with httpx.AsyncClient(base_url=city.base_url, timeout=20) as http:
            signed = await http.post("/api/v1/session/token", json={"username": "bench", "password": PASSWORD})
            headers = {"authorization": f"Bearer {signed.json()['accessToken']}"}
            body = (await http.get(PATH, headers=headers)).raise_for_status().content
        page = Path(folder) / "body.json"
        page.write_bytes(body)
        port = free_port()
        city.supervisor.start(
            ProcessSpec(
                name="bare",
                argv=[
                    sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--loop", "uvloop",
                    "--port", str(port), "bench.bare:create_bare",
                ],
                env={**city.environment, "BENCH_BODY": str(page)},
                cwd=ROOT,
                is_ready=answers_on("127.0.0.1", port),
            )
        )  # fmt: skip
        ours = int(city.base_url.rsplit(":", 1)[1])
        bare = await requests_per_second("127.0.0.1", port, "/", {}, SECONDS)
        listed = await requests_per_second("127.0.0.1", ours, PATH, headers, SECONDS)
        figure("api.alarm_list_rps", listed, "requests/s", bare, bytes=len(body), alarms=ALARMS)


async def _fill(url: str) -> None:
    now = clock.now()
    await plant_tree()
    enterprise = await make_enterprise("370305001", "淄博澜屿化工有限公司", "370305", now, by=None)
    made = await make_gateway(enterprise.id, "370305001-G1", now, by=None)
    points = [
        NewPoint(tag=f"LI-{n}", kind=PointKind.LEVEL, range_lo=0.0, range_hi=100.0, limits=LimitValues(h=85.0, hh=90.0))
        for n in range(200)
    ]
    await make_points(made.gateway, points, now, by=None)
    await add_person("bench", "bench", Role.CITY_REGULATOR, PASSWORD, now, by=None, adcode=CITY)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(FILL, ALARMS)
        await connection.execute("analyze")
    finally:
        await connection.close()
