"""Two ingest processes that divide the regions: one is killed, or hangs, and the other goes on with what was its."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiomqtt
import anyio
import asyncpg
import msgspec
import pytest

from backend.db import open_database
from backend.domains.enterprises.service import make_enterprise
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.rules import Damping, LimitValues
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points
from backend.domains.regions.zibo import plant_tree
from backend.ingest.leases import RENEW_EVERY_S, STANDS_IN_AFTER
from backend.kit import clock
from tests.city import ROOT
from tests.conftest import migrated_database
from tests.services import Services

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

LINZI, HUANTAI = "370305", "370321"
TAGS = ["LI-1", "LI-2", "LI-3"]
RATE_HZ = 20
WITHIN_S = 10


@dataclass
class Sender:
    """A gateway whose first level stands above its H. acknowledged: source times of frames that the broker has."""

    services: Services
    region: str
    secret: str
    acknowledged: set[int] = field(default_factory=set)
    stop: bool = False

    @property
    def code(self) -> str:
        """Of the gateway."""
        return f"{self.region}001-G1"

    async def run(self) -> None:
        """Send until told to stop."""
        branch = f"anlan/v1/{self.region}/{self.region}001/{self.code}"
        async with aiomqtt.Client(
            self.services.broker.host,
            self.services.broker.port,
            username=self.code,
            password=self.secret,
            identifier=self.code,
            protocol=aiomqtt.ProtocolVersion.V311,
        ) as link:
            birth = {"layout": 1, "points": [{"tag": tag} for tag in TAGS]}
            await link.publish(f"{branch}/birth", msgspec.json.encode(birth), qos=1, retain=True)
            number = 0
            while not self.stop:
                number += 1
                t = time.time_ns() // 1_000_000
                frame = {"t": t, "n": number, "layout": 1, "v": [85.0 + number % 3, 50.0, 50.0]}
                await link.publish(f"{branch}/frame", msgspec.json.encode(frame), qos=1)
                self.acknowledged.add(t)
                await asyncio.sleep(1 / RATE_HZ)


@dataclass
class Ingest:
    """An `anlan ingest` that was told to hold some regions."""

    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        """Of the process."""
        return self.process.pid

    def says(self, words: str) -> bool:
        """Whether it has written that."""
        return words in self.log.read_text(errors="replace")


@dataclass
class Shared:
    """A database, a broker, and two gateways in two regions."""

    services: Services
    url: str
    folder: Path
    con: asyncpg.Connection
    senders: dict[str, Sender]
    running: list[Ingest] = field(default_factory=list)
    started: int = 0

    async def start(self, *regions: str) -> Ingest:
        """One more process; returns when it holds a region and listens to it."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ANLAN_DATA_DIR": str(self.folder),
            "ANLAN_DATABASE_URL": self.url,
            "ANLAN_REDIS_URL": self.services.redis_url,
            "ANLAN_MQTT_URL": self.services.mqtt_url,
        }
        self.started += 1
        log = self.folder / f"ingest-{self.started}.log"
        argv = [sys.executable, "-m", "backend.cli", "ingest", "--regions", ",".join(regions)]
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(*argv, env=environment, cwd=ROOT, stdout=out, stderr=out)
        started = Ingest(process, log)
        self.running.append(started)
        await until(lambda: started.says("ingest.ready"), 30)
        return started

    async def owner_of(self, region: str) -> int:
        """The process that holds a region now."""
        owner = await self.con.fetchval("select owner from ingest_owner where region = $1", region)
        return int(owner.rpartition("/")[2]) if owner else 0

    async def held_by(self, region: str, ingest: Ingest, within_s: float = WITHIN_S) -> None:
        """Wait until it is that one."""
        async with asyncio.timeout(within_s):
            while await self.owner_of(region) != ingest.pid:  # noqa: ASYNC110 - a database has no event.
                await asyncio.sleep(0.1)

    async def stored(self, region: str) -> set[int]:
        """Source times of the stored frames of a region's gateway."""
        rows = await self.con.fetch(
            "select t from frame where gateway_id = (select id from gateway where code = $1)", f"{region}001-G1"
        )
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return {round((row["t"] - epoch) / timedelta(milliseconds=1)) for row in rows}

    async def goes_on(self, region: str, since: float) -> float:
        """Seconds from `since` (of the epoch) until a frame measured after it is stored."""
        async with asyncio.timeout(30):
            while max(await self.stored(region), default=0) <= since * 1000:  # noqa: ASYNC110 - as above.
                await asyncio.sleep(0.1)
        return time.time() - since

    async def nothing_is_lost_or_doubled(self) -> None:
        """What brokers acknowledged is stored, and every gateway had its one alarm."""
        for region, sender in self.senders.items():
            async with asyncio.timeout(40):
                while sender.acknowledged - await self.stored(region):  # noqa: ASYNC110 - as above.
                    await asyncio.sleep(0.5)
        told = "select a.id, e.kind from alarm a join alarm_event e on e.alarm_id = a.id"
        assert [row["kind"] for row in await self.con.fetch(told)] == ["raised"] * len(self.senders)
        # The broker of the run still holds what gateways of other tests left behind; those are refused, and no concern.
        ours = [f"%/{sender.code}/%" for sender in self.senders.values()]
        refused = await self.con.fetch("select reason, detail from reject where topic like any($1)", ours)
        assert [tuple(row) for row in refused] == []


async def until(holds: Callable[[], bool], within_s: float) -> None:
    """Wait until it does."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - a log has no event to wait for.
            await asyncio.sleep(0.1)


@asynccontextmanager
async def shared_by_two(services: Services, folder: Path) -> AsyncIterator[Shared]:
    """Two regions with a gateway each."""
    url = await migrated_database(services.database_url, "anlan_owners")
    senders = {}
    async with open_database(url, everywhere=False):
        await plant_tree()
        for region in (LINZI, HUANTAI):
            now = clock.now()
            enterprise = await make_enterprise(f"{region}001", "x", region, now, by=None)
            made = await make_gateway(enterprise.id, f"{region}001-G1", now, by=None)
            damping = Damping(deadband=2.5, on_delay_s=2, off_delay_s=5)
            limits = LimitValues(h=80.0, hh=95.0)
            points = [
                NewPoint(tag=tag, kind=PointKind.LEVEL, range_lo=0.0, range_hi=100.0, limits=limits, damping=damping)
                for tag in TAGS
            ]
            await make_points(made.gateway, points, now, by=None)
            secret = await anyio.to_thread.run_sync(
                services.broker.admit, made.gateway.code, region, f"{region}001", made.secret
            )
            senders[region] = Sender(services, region, secret)
    con = await asyncpg.connect(url)
    shared = Shared(services, url, folder, con, senders)
    try:
        yield shared
    finally:
        for ingest in shared.running:
            if ingest.process.returncode is None:
                os.kill(ingest.pid, signal.SIGCONT)
                ingest.process.terminate()
                await asyncio.wait_for(ingest.process.wait(), 15)
        await con.close()


async def test_killed_under_load_the_other_goes_on_and_gives_back_to_who_was_told_to(
    services: Services, tmp_path: Path
) -> None:
    async with shared_by_two(services, tmp_path) as shared:
        one, other = await asyncio.gather(shared.start(LINZI), shared.start(HUANTAI))
        assert [await shared.owner_of(region) for region in (LINZI, HUANTAI)] == [one.pid, other.pid]
        async with anyio.create_task_group() as tasks:
            for sender in shared.senders.values():
                tasks.start_soon(sender.run)
            await asyncio.sleep(4)
            one.process.kill()
            assert await shared.goes_on(LINZI, time.time()) < WITHIN_S
            assert await shared.owner_of(LINZI) == other.pid
            again = await shared.start(LINZI)
            await shared.held_by(LINZI, again)
            assert await shared.goes_on(LINZI, time.time()) < WITHIN_S
            assert await shared.owner_of(HUANTAI) == other.pid
            for sender in shared.senders.values():
                sender.stop = True
        await shared.nothing_is_lost_or_doubled()


async def test_one_that_hangs_is_taken_over_and_cannot_write_when_it_wakes(services: Services, tmp_path: Path) -> None:
    async with shared_by_two(services, tmp_path) as shared:
        one, other = await asyncio.gather(shared.start(LINZI), shared.start(HUANTAI))
        async with anyio.create_task_group() as tasks:
            for sender in shared.senders.values():
                tasks.start_soon(sender.run)
            await asyncio.sleep(4)
            os.kill(one.pid, signal.SIGSTOP)
            assert await shared.goes_on(LINZI, time.time()) < WITHIN_S
            assert other.says("ingest.owner_hangs")
            os.kill(one.pid, signal.SIGCONT)
            await until(lambda: one.says("ingest.database_lost"), WITHIN_S)
            # Awake again it is the one that was told to hold the region.
            await shared.held_by(LINZI, one, 20)
            assert await shared.goes_on(LINZI, time.time()) < WITHIN_S
            for sender in shared.senders.values():
                sender.stop = True
        await shared.nothing_is_lost_or_doubled()


async def test_regions_nobody_was_told_to_hold_are_held_all_the_same(services: Services, tmp_path: Path) -> None:
    async with shared_by_two(services, tmp_path) as shared:
        one = await shared.start(LINZI)
        await shared.held_by(HUANTAI, one, STANDS_IN_AFTER.total_seconds() + RENEW_EVERY_S)
        assert await shared.con.fetchval("select stands_in from ingest_owner where region = $1", HUANTAI)
        other = await shared.start(HUANTAI)
        await shared.held_by(HUANTAI, other)
