"""A gateway that speaks Sparkplug B on real brokers: what it may publish, and that its births are asked for."""

from __future__ import annotations

import asyncio

import pytest
from pysparkplug._protobuf import Payload as TahuPayload

from backend.kit import clock
from tests.ingest.gateways import ingest_settings, signed_in, until
from tests.ingest.plant import Clock
from tests.ingest.sparkplug_wire import EdgeNode, metric, values
from tests.ingest.test_link import count, ingesting

pytestmark = pytest.mark.anyio


class LiveClock(Clock):
    """The real time."""

    @property
    def ms(self):
        return round(clock.now().timestamp() * 1000)


@pytest.fixture
def settings(ingest_database_url, services, broker):
    return ingest_settings(ingest_database_url, services.redis_url, broker)


async def publish(client, message):
    await client.publish(message.topic, message.payload, qos=0)


async def test_birth_data_a_gap_and_the_birth_that_was_asked_for(settings, con, plant, broker):
    await plant.gateway("G1", "A", "B", h=80)
    await plant.gateway("G2", "X")
    node = EdgeNode(LiveClock())
    heard: list[TahuPayload] = []

    async def read(client):
        async for message in client.messages:
            assert str(message.topic) == "spBv1.0/E-001/NCMD/G1"
            heard.append(TahuPayload.FromString(message.payload))

    async with signed_in(broker, "G1") as client, signed_in(broker, "G2") as other:
        # A first frame by another gateway shows that ingest listens.
        await other.publish("anlan/v1/370305/E-001/G2/birth", b'{"layout": 1, "points": [{"tag": "X"}]}', 1, True)
        granted = await client.subscribe("spBv1.0/E-001/NCMD/G1", qos=1)
        assert [each.value for each in granted] == [1]
        reader = asyncio.create_task(read(client))
        async with ingesting(settings, con):
            for foreign in ("spBv1.0/E-002/NBIRTH/G1", "spBv1.0/E-001/NBIRTH/G2", "spBv1.0/E-001/NCMD/G2"):
                await client.publish(foreign, node.nbirth(*values(("A", "B"), 9, 9)).payload, qos=0)
            await publish(client, node.nbirth(*values(("A", "B"), 1, 2)))
            await publish(client, node.ndata(metric(None, 95, alias=1)))
            await until(lambda: frames_of(con, plant, 2))
            node.lose(5)
            await publish(client, node.ndata(metric(None, 3, alias=2)))
            await until(lambda: answered(heard))
            assert [each.name for each in heard[0].metrics] == ["Node Control/Rebirth"]
            await publish(client, node.nbirth(*values(("A", "B"), 50, 2)))
            await until(lambda: frames_of(con, plant, 4))
        reader.cancel()
    assert await count(con, "reject") == 0, "what the broker forbids never came"
    assert await con.fetchval("select count(*) from frame where gateway_id = $1", plant.gateways["G2"]) == 0
    assert [row["kind"] for row in await con.fetch("select kind from alarm_event order by id")] == ["raised", "cleared"]


async def frames_of(con, plant, wanted):
    return await con.fetchval("select count(*) from frame where gateway_id = $1", plant.gateways["G1"]) == wanted


async def answered(heard):
    return bool(heard)
