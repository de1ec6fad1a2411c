"""`anlan run`: the whole city in one command."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from backend.embedded.addresses import ServiceUrls
from backend.embedded.broker import admit_gateways
from backend.embedded.folder import claimed_folder
from backend.embedded.logins import GatewayLogin
from backend.embedded.ports import reachable, require_free
from backend.embedded.services import start_services
from backend.embedded.spec import ProcessSpec, answers_on, says
from backend.embedded.supervisor import Supervisor
from backend.settings import Settings

ENTRY = (sys.executable, "-m", "backend.cli")


async def known_logins(settings: Settings) -> list[GatewayLogin]:
    """The gateways of the database that may sign in, as brokers want to know them."""
    from backend.db import open_database
    from backend.domains.monitoring.queries import gateway_logins

    async with open_database(settings.database_url or "", pool_size=2, everywhere=False):
        rows = await gateway_logins()
    return [GatewayLogin(r.code, r.adcode, r.enterprise, r.bcrypt_hash, r.pbkdf2_hash) for r in rows]


async def admit_known_gateways(settings: Settings) -> None:
    """Let the embedded broker know the gateways of the database: after a start, and after adding one."""
    admit_gateways(settings.data_dir, await known_logins(settings))


def run_city(settings: Settings, *, simulate: bool, empty: bool, say: Callable[[str], None] = print) -> None:
    """Start everything that is not given by address, bring the database up to date, and stay until told to stop.

    A first run makes the demo city unless `empty`; `simulate` brings it to life.
    """
    began = time.monotonic()
    with (
        claimed_folder(settings.data_dir, say) as folder,
        Supervisor(folder.path, folder.logs, say) as supervisor,
    ):
        supervisor.take_signals()
        require_free(settings.http_host, settings.http_port, "ANLAN_HTTP_PORT")
        urls = start_services(
            supervisor,
            folder,
            mqtt_host=settings.mqtt_host,
            mqtt_port=settings.mqtt_port,
            given_database_url=settings.database_url,
            given_redis_url=settings.redis_url,
            given_mqtt_url=settings.mqtt_url,
        )
        embedded_broker = settings.mqtt_url is None
        settings = msgspec.structs.replace(
            settings,
            data_dir=folder.path,
            database_url=urls.database_url,
            redis_url=urls.redis_url,
            mqtt_url=urls.mqtt_url,
            demo=settings.demo or not empty,
        )
        signs = asyncio.run(_prepare(settings, empty=empty, embedded_broker=embedded_broker, say=say))
        supervisor.start(*_own_processes(settings, urls))
        if simulate and not empty:
            supervisor.start(_process("simulate", settings, urls, ready=None))
        _tell(settings, signs, time.monotonic() - began, say)
        supervisor.run()


async def _prepare(
    settings: Settings, *, empty: bool, embedded_broker: bool, say: Callable[[str], None]
) -> list[tuple[str, str, str]]:
    from backend.db import migrate, open_database
    from backend.domains.regions.zibo import plant_tree
    from backend.seed.run import demo_sign_ins, run_seed

    await migrate(settings.database_url or "")
    async with open_database(settings.database_url or ""):
        await plant_tree()
        if not empty:
            await run_seed(settings, say)
    if embedded_broker:
        await admit_known_gateways(settings)
    return [] if empty else demo_sign_ins(settings)


def _own_processes(settings: Settings, urls: ServiceUrls) -> list[ProcessSpec]:
    host = reachable(settings.http_host)
    return [
        _process("ingest", settings, urls, ready="ingest.ready"),
        _process("worker", settings, urls, ready="worker.ready"),
        replace(_process("api", settings, urls, ready=None), is_ready=answers_on(host, settings.http_port)),
    ]


def _process(name: str, settings: Settings, urls: ServiceUrls, *, ready: str | None) -> ProcessSpec:
    spec = ProcessSpec(name=name, argv=[*ENTRY, name], env=environment(settings, urls), cwd=Path("/"))
    return spec if ready is None else replace(spec, is_ready=says(ready))


def environment(settings: Settings, urls: ServiceUrls) -> dict[str, str]:
    """The environment of our own processes: the caller's, with the settings of this run made explicit."""
    told = {
        "ANLAN_DATA_DIR": str(settings.data_dir),
        "ANLAN_DATABASE_URL": urls.database_url,
        "ANLAN_REDIS_URL": urls.redis_url,
        "ANLAN_MQTT_URL": urls.mqtt_url,
        "ANLAN_DEMO": "true" if settings.demo else "false",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]),
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **told}


def _tell(settings: Settings, signs: list[tuple[str, str, str]], seconds: float, say: Callable[[str], None]) -> None:
    say(f"\nAnlan is ready after {seconds:.1f} s:  http://{reachable(settings.http_host)}:{settings.http_port}\n")
    for username, password, words in signs:
        say(f"  {username:<12} {password:<24} {words}")
    say(f"\nlogs and data: {settings.data_dir}   stop: Ctrl-C\n")
