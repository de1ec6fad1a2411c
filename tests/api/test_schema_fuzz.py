"""Every operation of the OpenAPI document, with bodies and parameters nobody would send on purpose."""

import subprocess
import sys
from pathlib import Path

import anyio
import asyncpg
import httpx
import pytest
from argon2 import PasswordHasher

from backend.db import migrate, open_database
from backend.domains.regions.zibo import plant_tree
from tests.city import running_city
from tests.conftest import fresh_database
from tests.people import PASSWORD
from tests.services import Services

pytestmark = pytest.mark.anyio


async def with_one_of_each(url: str) -> None:
    """An enterprise, its officer and the city's regulator."""
    await migrate(url)
    async with open_database(url):
        await plant_tree()
    connection = await asyncpg.connect(url)
    try:
        enterprise = await connection.fetchval(
            "insert into enterprise (id, code, name, short_name, initials, adcode, address, residents_500m, units_total,"
            " active, created_at) values (gen_random_uuid(), '370305001', '甲', '甲', '', '370305', '', 0, 1, true, now())"
            " returning id"
        )
        for name, role, adcode, owner in (
            ("officer", "safety_officer", None, enterprise),
            ("city", "city_regulator", "370300", None),
        ):
            await connection.execute(
                "insert into person (id, username, name, phone, role, adcode, enterprise_id, locale, password_hash, active,"
                " failed_count, created_at)"
                " values (gen_random_uuid(), $1, $1, '', $2, $3, $4, 'zh-CN', $5, true, 0, now())",
                name,
                role,
                adcode,
                owner,
                PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD),
            )
    finally:
        await connection.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", ["officer", "city"])
async def test_no_request_makes_the_server_fail(services: Services, server: str, who: str, tmp_path: Path) -> None:
    url = await fresh_database(server, "anlan_fuzz")
    await with_one_of_each(url)
    with running_city(services, url, "api") as city:
        answer = httpx.post(f"{city.base_url}/api/v1/session/token", json={"username": who, "password": PASSWORD})
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
            "15",
            "--seed",
            "117",
            "--exclude-path-regex",
            "^/(metrics|api/v1/(stream|session))",
            "--request-timeout",
            "20",
            "--no-color",
        ]
        done = await anyio.run_process(command, cwd=tmp_path, check=False)
        told = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == 0, told[-6000:] + city.log("api")[-3000:]
