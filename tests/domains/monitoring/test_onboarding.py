"""The script and the configuration that are handed out, run as they are against the brokers."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiomqtt
import pytest

from backend.domains.monitoring.onboarding import (
    BrokerPlace,
    Onboarding,
    address,
    branch_of,
    broker_place,
    client_config,
    qr_svg,
    trial_script,
)
from tests.services import Broker
from tests.settings import settings_for_tests

pytestmark = pytest.mark.anyio
CODE, REGION, ENTERPRISE = "gw-trial-1", "370305", "370310001"
# `mosquitto_pub` for machines that have none: the options of the script, sent by the client library we use ourselves.
STAND_IN = f"""#!{sys.executable}
import argparse
import paho.mqtt.publish as publish
parser = argparse.ArgumentParser()
for name in ("host", "port", "protocol-version", "id", "username", "pw", "qos", "topic", "message"):
    parser.add_argument("--" + name, required=True)
given = parser.parse_args()
assert given.protocol_version == "mqttv311"
publish.single(
    given.topic, given.message, qos=int(given.qos), hostname=given.host, port=int(given.port), client_id=given.id,
    auth={{"username": given.username, "password": given.pw}},
)
"""


def told(broker: Broker, secret: str | None, tags: tuple[str, ...] = ("LT-101", "it's")) -> Onboarding:
    branch = branch_of(REGION, ENTERPRISE, CODE)
    return Onboarding(place=BrokerPlace(broker.host, broker.port), code=CODE, branch=branch, tags=tags, secret=secret)


def with_publisher(folder: Path) -> dict[str, str]:
    """An environment in which `mosquitto_pub` is found."""
    if shutil.which("mosquitto_pub") is None:
        program = folder / "mosquitto_pub"
        program.write_text(STAND_IN)
        program.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


async def run(script: str, folder: Path, **more: str) -> tuple[int, str]:
    """The exit code and the last words of a script."""
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", script, env={**with_publisher(folder), **more}, stdout=-1, stderr=-2
    )
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, out.decode()


@pytest.fixture
async def heard(broker: Broker) -> asyncio.Queue[tuple[str, bytes]]:
    """Whatever arrives below our topics, as the back end hears it."""
    queue: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    ready = asyncio.Event()

    async def listen() -> None:
        async with aiomqtt.Client(
            broker.host, broker.port, username=broker.username, password=broker.password,
            identifier="test-onboarding", protocol=aiomqtt.ProtocolVersion.V311,
        ) as client:  # fmt: skip
            await client.subscribe("anlan/v1/#", qos=1)
            ready.set()
            async for message in client.messages:
                queue.put_nowait((str(message.topic), bytes(message.payload)))  # type: ignore[arg-type]

    task = asyncio.create_task(listen())
    await asyncio.wait_for(ready.wait(), 10)
    yield queue
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def next_from(queue: asyncio.Queue[tuple[str, bytes]], branch: str) -> tuple[str, bytes]:
    async with asyncio.timeout(10):
        while True:
            topic, payload = await queue.get()
            if topic.startswith(branch):
                return topic, payload


async def test_the_script_proves_the_way_and_invents_no_value(
    broker: Broker, heard: asyncio.Queue[tuple[str, bytes]], tmp_path: Path
) -> None:
    secret = broker.admit(CODE, REGION, ENTERPRISE)
    code, words = await run(trial_script(told(broker, secret)), tmp_path)
    assert (code, CODE in words) == (0, True), words
    topic, payload = await next_from(heard, branch_of(REGION, ENTERPRISE, CODE))
    frame = json.loads(payload)
    assert topic.endswith("/frame")
    assert frame["p"] == {"LT-101": None, "it's": None}
    assert set(frame) == {"t", "p"}, "no number: those of the gateway itself go on undisturbed"
    assert abs(frame["t"] / 1000 - time.time()) < 10


async def test_without_its_secret_the_script_asks_for_it_and_then_runs(
    broker: Broker, heard: asyncio.Queue[tuple[str, bytes]], tmp_path: Path
) -> None:
    secret = broker.admit(CODE, REGION, ENTERPRISE)
    script = trial_script(told(broker, None, tags=()))
    assert secret not in script
    code, words = await run(script, tmp_path)
    assert code != 0
    assert "ANLAN_SECRET" in words
    assert (await run(script, tmp_path, ANLAN_SECRET=secret))[0] == 0
    topic, payload = await next_from(heard, branch_of(REGION, ENTERPRISE, CODE))
    assert (topic.rpartition("/")[2], json.loads(payload)) == ("state", {"online": True})


async def test_the_configuration_is_all_that_an_ordinary_client_needs(
    broker: Broker, heard: asyncio.Queue[tuple[str, bytes]]
) -> None:
    secret = broker.admit(CODE, REGION, ENTERPRISE)
    lines = [line for line in client_config(told(broker, secret)).splitlines() if not line.startswith("#")]
    options = {name: value for name, _, value in (line.removeprefix("--").partition(" ") for line in lines)}
    assert options["will-retain"] == ""
    will = aiomqtt.Will(options["will-topic"], options["will-payload"], qos=int(options["will-qos"]), retain=True)
    async with aiomqtt.Client(
        options["host"], int(options["port"]), username=options["username"], password=options["pw"],
        identifier=options["id"], protocol=aiomqtt.ProtocolVersion.V311, will=will,
    ) as client:  # fmt: skip
        branch = options["will-topic"].rpartition("/")[0]
        # The branch beside it is another's: whatever is sent there reaches nobody.
        await client.publish(branch_of(REGION, ENTERPRISE, "gw-other") + "/frame", b"{}", qos=0)
        await client.publish(f"{branch}/state", b'{"online":true}', qos=1)
    assert await next_from(heard, "anlan/v1/") == (f"{branch}/state", b'{"online":true}')


def test_the_address_holds_all_and_the_qr_code_is_a_picture() -> None:
    known = Onboarding(
        place=BrokerPlace("fe80::1", 1883), code=CODE, branch="anlan/v1/a/b/c", tags=(), secret="s/e:c@r"
    )
    parts = urlsplit(address(known))
    assert (parts.username, unquote(parts.password or ""), parts.hostname, parts.port, parts.path) == (
        CODE, "s/e:c@r", "fe80::1", 1883, "/anlan/v1/a/b/c",
    )  # fmt: skip
    assert qr_svg(known).startswith("<svg")
    assert "s/e" not in qr_svg(known)


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({}, BrokerPlace("city.example", 1883)),
        ({"mqtt_host": "0.0.0.0", "mqtt_port": 1825}, BrokerPlace("city.example", 1825)),
        ({"mqtt_url": "mqtt://backend:pw@127.0.0.1:1899"}, BrokerPlace("city.example", 1899)),
        ({"mqtt_url": "mqtt://backend:pw@mqtt.example"}, BrokerPlace("mqtt.example", 1883)),
    ],
)
def test_a_broker_that_stands_where_we_do_is_named_as_the_caller_reached_us(
    settings: dict[str, object], place: BrokerPlace
) -> None:
    assert broker_place(settings_for_tests(**settings), "city.example") == place
