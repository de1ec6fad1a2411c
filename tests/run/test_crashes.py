"""Kills every part of a running city in turn, under load: nothing that was acknowledged may be lost."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
import anyio
import asyncpg
import httpx
import msgspec
import pytest

from backend.db import open_database
from backend.domains.enterprises.service import make_enterprise
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.rules import Damping, LimitValues
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points
from backend.kit import clock
from backend.running import admit_known_gateways
from tests.run.city_process import PARTS, RunningCity, anlan_run
from tests.settings import settings_for_tests

pytestmark = pytest.mark.anyio
TAGS = [f"LI-{number}" for number in range(20)]
CODE = "370305001-G1"
RATE_HZ = 40


async def settle(city: RunningCity) -> str:
    """One enterprise with a gateway of 20 levels, whose H is 80 %; returns the gateway's secret."""
    urls = city.urls
    async with open_database(urls.database_url, everywhere=False):
        now = clock.now()
        enterprise = await make_enterprise("370305001", "淄博澜屿化工有限公司", "370305", now, by=None)
        made = await make_gateway(enterprise.id, CODE, now, by=None)
        points = [
            NewPoint(
                tag=tag,
                kind=PointKind.LEVEL,
                range_lo=0.0,
                range_hi=100.0,
                limits=LimitValues(h=80.0, hh=95.0),
                # Longer than it takes until the first kill, so that a delay is under way when it comes.
                damping=Damping(deadband=2.5, on_delay_s=5, off_delay_s=5),
            )
            for tag in TAGS
        ]
        await make_points(made.gateway, points, now, by=None)
    await admit_known_gateways(settings_for_tests(data_dir=city.folder, database_url=urls.database_url))
    return made.secret


class Sender:
    """A gateway that sends frames and remembers which ones the broker acknowledged; what was not is sent again."""

    def __init__(self, city: RunningCity, secret: str) -> None:
        self.city, self.secret = city, secret
        self.acknowledged: set[int] = set()
        self.waiting: dict[int, bytes] = {}
        self.number = 0
        self.stop = False

    async def run(self) -> None:
        """Send until told to stop and nothing waits."""
        branch = f"anlan/v1/370305/370305001/{CODE}"
        birth = {"layout": 1, "points": [{"tag": tag, "kind": "level", "unit": "%"} for tag in TAGS]}
        while not self.stop or self.waiting:
            try:
                async with aiomqtt.Client(
                    "127.0.0.1",
                    self.city.mqtt_port,
                    username=CODE,
                    password=self.secret,
                    identifier=CODE,
                    protocol=aiomqtt.ProtocolVersion.V311,
                    timeout=3,
                ) as link:
                    await link.publish(f"{branch}/birth", msgspec.json.encode(birth), qos=1, retain=True)
                    while not self.stop or self.waiting:
                        if not self.stop:
                            self._measure()
                        for t, frame in list(self.waiting.items()):
                            await link.publish(f"{branch}/frame", frame, qos=1)
                            self.acknowledged.add(t)
                            del self.waiting[t]
                        await asyncio.sleep(1 / RATE_HZ)
            except aiomqtt.MqttError:
                await asyncio.sleep(0.2)

    def _measure(self) -> None:
        # The first level stands above its H for the whole run, trembling; the others stay below.
        t = time.time_ns() // 1_000_000
        self.number += 1
        values = [85.0 + (self.number % 3), *([50.0] * (len(TAGS) - 1))]
        self.waiting[t] = msgspec.json.encode({"t": t, "n": self.number, "layout": 1, "v": values})


async def kill(city: RunningCity, part: str) -> None:
    """Kill one part and wait until another process has taken its place and the API answers."""
    before = city.pid_of(part)
    assert before is not None, f"{part} does not run:\n{city.told}"
    os.kill(before, signal.SIGKILL)
    until = time.monotonic() + 40
    while city.pid_of(part) in (None, before) or not await anyio.to_thread.run_sync(city.is_ready):
        assert time.monotonic() < until, f"{part} is not back:\n{city.told}"
        await asyncio.sleep(0.1)


@pytest.mark.timeout(240)
async def test_every_part_may_be_killed_under_load_and_nothing_acknowledged_is_lost() -> None:
    with anlan_run("--empty") as city:
        secret = await settle(city)
        sender = Sender(city, secret)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sender.run)
            await asyncio.sleep(3)
            for part in PARTS:
                await kill(city, part)
                await asyncio.sleep(4)
            sender.stop = True
        connection = await asyncpg.connect(city.urls.database_url)
        try:
            until = time.monotonic() + 40
            lost = sender.acknowledged
            while lost and time.monotonic() < until:
                await asyncio.sleep(0.5)
                lost = sender.acknowledged - await stored(connection)
            assert not lost, f"{len(lost)} of {len(sender.acknowledged)} lost, {sorted(lost)[:5]}: {city.log('ingest')}"
            assert len(sender.acknowledged) > RATE_HZ * 10
            episodes = await connection.fetch("select level, late from alarm")
            assert [(row["level"], row["late"]) for row in episodes] == [(1, False)]
        finally:
            await connection.close()
        async with httpx.AsyncClient(base_url=city.base_url) as http:
            assert (await http.get("/health/ready")).json()["redis"] is True


async def stored(connection: asyncpg.Connection) -> set[int]:
    """Source times of all stored frames, in milliseconds."""
    rows = await connection.fetch("select t from frame")
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return {round((row["t"] - epoch).total_seconds() * 1000) for row in rows}


def test_ctrl_c_stops_everything_and_leaves_no_process() -> None:
    with anlan_run("--empty") as city:
        pids = [pid for part in PARTS if (pid := city.pid_of(part))]
        assert len(pids) == len(PARTS)
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
