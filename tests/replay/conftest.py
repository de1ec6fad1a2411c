"""A database of its own, an enterprise in it, and an ingest that drains the embedded broker into it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from backend.db import open_database
from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.service import make_enterprise, make_hazard, make_tank
from backend.domains.monitoring.models import Gateway
from backend.domains.regions.zibo import plant_tree
from backend.kit import clock
from backend.replay.account import Account
from backend.replay.entering import SECRETS_FILE
from backend.replay.run import run_replay
from backend.settings import Settings
from tests.conftest import migrated_database
from tests.services import Broker, Services
from tests.settings import settings_for_tests

WITHIN_S = 20
ENTERPRISE = "370399901"


@dataclass
class Bench:
    """Where replays run: settings, an enterprise, and a way to replay into it. told: the lines of progress."""

    settings: Settings
    enterprise: Enterprise
    broker: Broker
    redis: Redis
    told: list[str]

    async def replay(self, file: Path, *maps: str, **options: object) -> Account:
        """Replay a file, fast."""
        given = {"time_column": "datetime", "maps": maps, "speed": 100_000.0, "delimiter": ";", **options}
        return await run_replay(
            self.settings, file, ENTERPRISE, redis=self.redis, admit=self.admit, say=self.told.append, **given
        )  # type: ignore[arg-type]  # options of a test

    async def admit(self, settings: Settings) -> None:
        """Let the gateways of the replays in, beside those of other tests."""
        secrets = msgspec.json.decode((settings.data_dir / SECRETS_FILE).read_bytes())
        for gateway in await Gateway.all():
            if gateway.code in secrets:
                self.broker.admit(gateway.code, self.enterprise.adcode, ENTERPRISE, secrets[gateway.code])


@asynccontextmanager
async def ingest(settings: Settings) -> AsyncIterator[None]:
    """`anlan ingest` as a process, ready; ended with the block."""
    told = {
        "ANLAN_DATA_DIR": str(settings.data_dir),
        "ANLAN_DATABASE_URL": settings.database_url or "",
        "ANLAN_REDIS_URL": settings.redis_url or "",
        "ANLAN_MQTT_URL": settings.mqtt_url or "",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "backend.cli", "ingest",
        env={**os.environ, **told}, stderr=asyncio.subprocess.STDOUT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(WITHIN_S):
            while b"ingest.ready" not in (line := await process.stdout.readline()):
                assert line, "ingest ended before it was ready"
        reading = asyncio.create_task(process.stdout.read())
        yield
        reading.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), WITHIN_S)


@pytest.fixture(scope="module")
async def bench(services: Services, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """A database with one enterprise, and ingest."""
    url = await migrated_database(services.database_url, "anlan_replay_test")
    settings = settings_for_tests(
        data_dir=tmp_path_factory.mktemp("replay"),
        database_url=url,
        redis_url=services.redis_url,
        mqtt_url=services.mqtt_url,
    )
    async with open_database(url, everywhere=False):
        await plant_tree()
        enterprise = await make_enterprise(ENTERPRISE, "淄博澜屿化工有限公司", "370305", clock.now(), by=None)
        hazard = await make_hazard(enterprise, f"{ENTERPRISE}001", "芳烃罐区", 2, clock.now(), by=None)
        await make_tank(hazard, "TK-101", "TK-101 甲苯储罐", "甲苯", clock.now(), by=None)
        async with ingest(settings), Redis.from_url(services.redis_url) as redis:
            yield Bench(settings, enterprise, services.broker, redis, [])
