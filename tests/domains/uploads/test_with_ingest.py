"""A gateway without MQTT, from HTTP to stored frames and an alarm, with API and ingest as they run."""

from __future__ import annotations

import asyncio
import re
import time

import httpx
import msgspec
import pytest

from backend.db import open_database, raw_pool
from backend.domains.enterprises.service import make_enterprise
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.rules import LimitValues
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points
from backend.domains.regions.zibo import plant_tree
from backend.kit import clock
from tests.city import running_city
from tests.conftest import migrated_database

pytestmark = pytest.mark.anyio
CODE = "370305001-G1"


async def settle(url):
    async with open_database(url, everywhere=False):
        await plant_tree()
        enterprise = await make_enterprise("370305001", "x", "370305", clock.now(), by=None)
        made = await make_gateway(enterprise.id, CODE, clock.now(), by=None)
        limits = LimitValues(h=80.0)
        point = NewPoint(tag="LI-1", kind=PointKind.LEVEL, range_lo=0.0, range_hi=100.0, limits=limits)
        await make_points(made.gateway, [point], clock.now(), by=None)
    return made.secret


async def counts(url):
    async with open_database(url, everywhere=False):
        pool = raw_pool()
        return [await pool.fetchval(f"select count(*) from {table}") for table in ("frame", "reject", "alarm")]


async def test_judged_and_committed_before_it_is_answered(services, server):
    url = await migrated_database(server, "anlan_uploads")
    secret = await settle(url)
    now = time.time_ns() // 1_000_000
    batch = [{"t": now - 3000, "p": {"LI-1": 50}}, {"t": now - 2000, "p": {"LI-1": 55, "LI-9": 1}}]
    with running_city(services, url, "ingest", "api") as city:
        async with httpx.AsyncClient(base_url=city.base_url, auth=(CODE, secret), timeout=20) as http:
            path = f"/api/v1/gateways/{CODE}/frames"
            first = await http.post(path, json=batch)
            assert (first.status_code, first.json()["stored"], first.json()["known"]) == (200, 2, 0)
            assert first.json()["refused"] == [{"reason": "unknown_tag", "detail": "LI-9"}]
            assert await counts(url) == [2, 1, 0]
            again = (await http.post(path, content=msgspec.msgpack.encode(batch))).json()
            assert (again["stored"], again["known"]) == (0, 2)
            broken = (await http.post(path, content=b"no frames")).json()
            assert (broken["done"], broken["stored"]) == (True, 0)
            assert [each["reason"] for each in broken["refused"]] == ["malformed"]
            assert (await http.get(f"{path}/{first.json()['id']}")).json() == first.json()
            async with asyncio.timeout(10):
                while 'reason="malformed"' not in (told := (await http.get("/metrics")).text):  # noqa: ASYNC110 - told by turns.
                    await asyncio.sleep(0.2)
    process = re.search(r'anlan_ingest_frames_total\{process="([^"]+)"\} 2\.0', told)
    assert process, told
    assert f'anlan_ingest_region_held{{process="{process[1]}",region="370305"}} 1.0' in told
    assert "anlan_ingest_lag_seconds_bucket{" in told
    assert "anlan_ingest_batch_messages_count{" in told
