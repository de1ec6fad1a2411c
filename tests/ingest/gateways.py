"""A gateway on a real broker, as far as tests need one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiomqtt
import msgspec

from backend.settings import Settings
from tests.ingest.plant import ENTERPRISE, REGION
from tests.services import Broker
from tests.settings import settings_for_tests

WITHIN_S = 30


@asynccontextmanager
async def signed_in(broker: Broker, code: str, secret: str | None = None) -> AsyncIterator[aiomqtt.Client]:
    """A connection of that gateway; admits it first unless a secret is given."""
    if secret is None:
        admitted = await asyncio.to_thread(broker.admit, code, REGION, ENTERPRISE)
    client = aiomqtt.Client(
        broker.host,
        broker.port,
        username=code,
        password=secret or admitted,
        identifier=code,
        protocol=aiomqtt.ProtocolVersion.V311,
        max_inflight_messages=200,
        timeout=3,
    )
    try:
        async with client:
            yield client
    finally:
        if client._disconnected.done():
            client._disconnected.exception()  # Else the loop complains that nobody looked at it.


async def send(client: aiomqtt.Client, code: str, kind: str, payload: object, *, enterprise: str = ENTERPRISE) -> None:
    """Publish with QoS 1, retained where the contract says so; returns when the broker has it."""
    raw = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    topic = f"anlan/v1/{REGION}/{enterprise}/{code}/{kind}"
    await client.publish(topic, raw, qos=1, retain=kind in ("birth", "state"))


async def until(holds: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
    """Wait until an awaited question is answered with something true; the answer."""
    async with asyncio.timeout(within_s):
        while not (answer := await holds()):  # noqa: ASYNC110 - a database has no event to wait for.
            await asyncio.sleep(0.05)
    return answer


def ingest_settings(database_url: str, redis_url: str, broker: Broker) -> Settings:
    """Settings of an ingest on these servers."""
    return settings_for_tests(database_url=database_url, redis_url=redis_url, mqtt_url=broker.mqtt_url)
