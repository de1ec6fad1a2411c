"""The stream on a real server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from backend.db import open_database
from backend.domains.accounts.enums import Role
from backend.domains.alarms.models import Alarm
from backend.domains.regions.zibo import plant_tree
from tests.city import City, running_city
from tests.conftest import migrated_database
from tests.domains.live.listening import Ear
from tests.domains.monitoring.plant import Plant
from tests.people import LINZI, PASSWORD, make_enterprise, make_person
from tests.services import Services

pytestmark = pytest.mark.anyio
# The server is killed after 3 s; a stream that ends by itself lets it go long before.
STOPS_WITHIN_S = 2.0


@dataclass
class Scene:
    """A server with one alarm, an operator and the regulators of two districts."""

    city: City
    alarm: Alarm
    http: httpx.AsyncClient

    async def token(self, who: str) -> dict[str, str]:
        """Headers of a signed-in person."""
        answer = await self.http.post("/api/v1/session/token", json={"username": who, "password": PASSWORD})
        return {"authorization": f"Bearer {answer.json()['accessToken']}"}

    @asynccontextmanager
    async def listening(self, who: str, **headers: str) -> AsyncIterator[Ear]:
        """An open stream of that person."""
        sent = {**await self.token(who), **headers}
        async with self.http.stream("GET", "/api/v1/stream", headers=sent) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in answer.headers
            yield Ear(answer.aiter_bytes())


@pytest.fixture
async def scene(services: Services, server: str) -> AsyncIterator[Scene]:
    url = await migrated_database(server, "anlan_stream")
    async with open_database(url, everywhere=False):
        await plant_tree()
        own = await make_enterprise("370305001", "淄博澜屿化工有限公司", LINZI)
        await make_person("operator", Role.ENTERPRISE_OPERATOR, enterprise_id=own.id)
        await make_person("linzi", Role.DISTRICT_REGULATOR, adcode=LINZI)
        await make_person("huantai", Role.DISTRICT_REGULATOR, adcode="370321")
        plant = await Plant.build(own)
        alarm = await plant.alarm(plant.level, datetime.now(UTC))
    with running_city(services, url, "api") as city:
        async with httpx.AsyncClient(base_url=city.base_url, timeout=10) as http:
            yield Scene(city, alarm, http)


async def test_alarm_reaches_open_pages_and_the_server_still_stops(scene: Scene) -> None:
    assert (await scene.http.get("/api/v1/stream")).status_code == 401
    acknowledge = f"/api/v1/alarms/{scene.alarm.id}/acknowledge"
    async with (
        scene.listening("operator") as own,
        scene.listening("linzi") as regulator,
        scene.listening("huantai") as neighbour,
    ):
        ready = [await ear.hear() for ear in (own, regulator, neighbour)]
        assert {told.name for told in ready} == {"ready"}
        began = time.monotonic()
        done = await scene.http.post(acknowledge, headers=await scene.token("operator"))
        assert done.status_code == 200
        for ear in (own, regulator):
            told = await ear.hear()
            assert (told.name, told.data["event"], told.data["acknowledgedBy"]) == (
                "alarm",
                "acknowledged",
                "operator·人",
            )
        assert time.monotonic() - began < 2

        async with scene.listening("linzi", **{"last-event-id": str(ready[1].id)}) as returned:
            missed = await returned.hear()
            assert (missed.data["id"], missed.data["replayed"]) == (str(scene.alarm.id), True)
            assert (await returned.hear()).name == "ready"

        stopping = time.monotonic()
        scene.city.supervisor.stop()
        assert time.monotonic() - stopping < STOPS_WITHIN_S
        assert await own.ended()
        assert await neighbour.ended()


async def test_odd_marks_do_not_break_the_stream(scene: Scene) -> None:
    for mark in ("", "x", "-1", "1" * 40):
        async with scene.listening("linzi", **{"last-event-id": mark}) as ear:
            assert (await ear.hear()).name in {"ready", "resync"}
