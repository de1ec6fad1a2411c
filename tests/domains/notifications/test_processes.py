"""From a tap in the API to the phone, with the API and the worker as processes of their own."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from backend.db import open_database
from backend.domains.accounts.enums import Role
from backend.domains.regions.zibo import plant_tree
from tests.city import running_city
from tests.conftest import migrated_database
from tests.people import LINZI, PASSWORD, make_enterprise, make_person
from tests.services import Services
from tests.support.push_service import PushServiceDouble

pytestmark = pytest.mark.anyio


@pytest.fixture
def service() -> Iterator[PushServiceDouble]:
    with PushServiceDouble() as running:
        yield running


@pytest.mark.timeout(120)
async def test_a_trial_rings_the_phone_and_the_ledger_says_so(
    services: Services, server: str, service: PushServiceDouble
) -> None:
    url = await migrated_database(server, "anlan_push")
    async with open_database(url, everywhere=False):
        await plant_tree()
        enterprise = await make_enterprise("370305001", "淄博澜屿化工有限公司", LINZI)
        await make_person("officer", Role.SAFETY_OFFICER, enterprise_id=enterprise.id)
    with running_city(services, url, "api", "worker", push_hosts=service.url) as city:
        async with httpx.AsyncClient(base_url=f"{city.base_url}/api/v1", timeout=20) as http:
            signed = await http.post("/session/token", json={"username": "officer", "password": PASSWORD})
            http.headers["authorization"] = f"Bearer {signed.json()['accessToken']}"
            assert (await http.post("/push/subscriptions", json=service.subscribe())).status_code == 201
            assert (await http.post("/push/test")).json()["queued"] == 1
            (message,) = await asyncio.to_thread(service.wait_for, 1, 15)
            shown = await http.post("/push/shown", json={"deliveryId": message.data["id"]})
            (row,) = (await http.get("/push/deliveries")).json()["items"]
    assert (message.data["title"], shown.status_code, row["state"]) == ("安澜 · 测试", 204, "shown")
