"""Every operation of the OpenAPI document, with bodies and parameters nobody would send on purpose."""

import sys
from pathlib import Path

import anyio
import httpx
import pytest

from backend.db import open_database
from backend.domains.accounts.enums import Role
from backend.domains.regions.zibo import CITY, plant_tree
from tests.city import running_city
from tests.conftest import migrated_database
from tests.people import LINZI, PASSWORD, make_enterprise, make_person
from tests.services import Services

pytestmark = pytest.mark.anyio


async def with_one_of_each(url: str) -> None:
    """An enterprise, its officer and the city's regulator."""
    async with open_database(url, everywhere=False):
        await plant_tree()
        enterprise = await make_enterprise("370305001", "淄博澜屿化工有限公司", LINZI)
        await make_person("officer", Role.SAFETY_OFFICER, enterprise_id=enterprise.id)
        await make_person("city", Role.CITY_REGULATOR, adcode=CITY)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", ["officer", "city"])
async def test_no_request_makes_the_server_fail(services: Services, server: str, who: str, tmp_path: Path) -> None:
    url = await migrated_database(server, "anlan_fuzz")
    await with_one_of_each(url)
    with running_city(services, url, "api") as city:
        async with httpx.AsyncClient(base_url=city.base_url) as http:
            answer = await http.post("/api/v1/session/token", json={"username": who, "password": PASSWORD})
        token = answer.json()["accessToken"]
        command = [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{city.base_url}/api/openapi.json",
            "--header",
            f"Authorization: Bearer {token}",
            "--checks",
            "not_a_server_error",
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "6",
            "--seed",
            "117",
            "--exclude-path-regex",
            "^/(metrics|api/v1/(stream|session))",
            # What is slow to make up, such as a whole proposal with its lines, says nothing of the server.
            "--suppress-health-check",
            "all",
            "--request-timeout",
            "20",
            "--no-color",
        ]
        done = await anyio.run_process(command, cwd=tmp_path, check=False)
        told = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == 0, told[-6000:] + city.log("api")[-3000:]
