"""Ingest on real brokers: what is acknowledged is stored, what is stored once stays once."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import aiomqtt
import msgspec
import pytest

from backend.domains.monitoring.last_values import read_last_values
from backend.ingest import retiring
from backend.ingest.announcing import Announcer
from backend.ingest.identifiers import UNDIVIDED, identifiers_of
from backend.ingest.link import broker_address, client_of, open_link
from backend.ingest.links import Links
from backend.ingest.run import run_ingest
from backend.ingest.sorting import Message
from backend.ingest.store import Store
from backend.ingest.stream import Stream
from backend.kit import clock
from backend.kit.live import Bell, area_channel
from backend.kit.queue import Queue
from tests.ingest.gateways import ingest_settings, send, signed_in, until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def gateway(broker, plant):
    """A gateway with one point on each broker, connected."""
    await plant.gateway("G1", "A", h=80, hh=90)
    async with signed_in(broker, "G1") as client:
        await send(client, "G1", "birth", {"layout": 1, "points": [{"tag": "A"}]})
        yield client


@pytest.fixture
def settings(ingest_database_url, services, broker):
    return ingest_settings(ingest_database_url, services.redis_url, broker)


@asynccontextmanager
async def ingesting(settings, con):
    stop = asyncio.Event()
    task = asyncio.create_task(run_ingest(settings, stop))
    try:
        await until(lambda: count(con, "layout"))  # The retained birth came, so the session stands.
        yield task
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await task


def frame(value, n=None, t=None):
    return {"t": t or time.time_ns() // 1_000_000, "n": n, "layout": 1, "v": [value]}


async def count(con, table="frame"):
    return await con.fetchval(f"select count(*) from {table}")


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("mqtt://u:p%40x@h:1884", ("h", 1884, "u", "p@x", False)),
        ("mqtts://h", ("h", 8883, None, None, True)),
        ("mqtt://[::1]", ("::1", 1883, None, None, False)),
    ],
)
def test_addresses_of_brokers(url, parts):
    assert broker_address(url) == parts


@pytest.mark.parametrize("url", ["http://h", "h:1883", "mqtt://"])
def test_other_addresses_are_refused(url):
    with pytest.raises(ValueError, match="mqtt://user"):
        broker_address(url)


async def test_from_gateway_to_alarm(gateway, settings, con, plant, redis, services):
    pages = redis.pubsub()
    await pages.subscribe(area_channel("*"))
    async with ingesting(settings, con):
        await send(gateway, "G1", "frame", frame(95, 1))
        alarm_id, event_id = await until(
            lambda: con.fetchrow("select a.id, e.id from alarm a join alarm_event e on e.alarm_id = a.id")
        )
        values = await until(lambda: read_last_values(redis, [plant.gateways["G1"]]))
        heard = await until(lambda: _ring_of(pages, str(alarm_id)))
    assert values[plant.points["A"]].value == 95
    assert heard == {"name": "alarm", "data": {"id": str(alarm_id)}, "id": event_id}
    assert await redis.exists(f"arq:job:alarm.raised:{alarm_id}:2")


async def _ring_of(pages, alarm_id):
    message = await pages.get_message(ignore_subscribe_messages=True)
    return msgspec.json.decode(message["data"]) if message and alarm_id in message["data"].decode() else None


async def test_bad_input_on_the_wire_stops_nothing(gateway, settings, con):
    async with ingesting(settings, con):
        await send(gateway, "G1", "frame", b'{"t": 17')
        await send(gateway, "G1", "frame", b'{"t": %d, "layout": 1, "v": [NaN]}' % (time.time_ns() // 1_000_000 - 50))
        await send(gateway, "G1", "frame", frame(1, t=4_000_000_000_000))
        await send(gateway, "G1", "frame", frame(50))
        await until(lambda: _counts(con, frames=2, rejects=3))
    reasons = [row["reason"] for row in await con.fetch("select reason from reject order by id")]
    assert sorted(reasons) == ["future_time", "malformed", "not_finite"]


async def test_a_foreign_branch_stores_nothing(gateway, settings, con, plant, broker):
    """The broker drops it; were it to let it through, ingest would refuse it."""
    async with ingesting(settings, con):
        await send(gateway, "G1", "frame", frame(1), enterprise="E-002")
        await send(gateway, "G2", "frame", frame(1))
        await send(gateway, "G1", "frame", frame(2))
        await until(lambda: count(con))
    assert await count(con) == 1


async def test_a_wrong_secret_is_refused(gateway, broker):
    with pytest.raises(aiomqtt.MqttError):
        async with signed_in(broker, "G1", "a wrong secret"):
            pytest.fail("signed in with a wrong secret")


async def test_a_payload_of_10_mb_costs_the_sender_its_connection_and_nobody_else(
    gateway, settings, con, plant, broker
):
    await plant.gateway("G2", "X")
    async with ingesting(settings, con):
        with pytest.raises(aiomqtt.MqttError):
            await _send_too_much(broker)
        await send(gateway, "G1", "frame", frame(2))
        await until(lambda: count(con))


async def _send_too_much(broker):
    async with signed_in(broker, "G2") as client:
        await send(client, "G2", "frame", b" " * 10_000_000)
        # Mosquitto closes the connection without a word; the next publish finds it closed.
        await asyncio.sleep(0.5)
        await send(client, "G2", "state", {"online": True})
        await asyncio.sleep(0.5)
        await send(client, "G2", "state", {"online": True})


async def test_messages_wait_for_an_ingest_that_is_away(gateway, settings, con):
    async with ingesting(settings, con):
        pass
    for n in range(50):
        await send(gateway, "G1", "frame", frame(1, n, t=time.time_ns() // 1_000_000 - 5000 + n))
    assert await count(con) == 0
    async with ingesting(settings, con):
        await until(lambda: _counts(con, frames=50))


class Killed(Exception):
    """The process is gone."""


class Watched(Links):
    """Links that remember which frames came."""

    def __init__(self, settings, con, seen):
        super().__init__(settings.mqtt_url, partial(identifiers_of, con), clock.now)
        self.seen = seen

    def take(self, most, most_bytes):
        batch = super().take(most, most_bytes)
        self.seen += [msgspec.json.decode(each.payload)["n"] for each in batch if not each.retained]
        return batch


class KilledBeforeAck(Watched):
    """Links whose process is killed after the commit, before any acknowledgement."""

    def acknowledge(self, messages):
        raise Killed


async def test_killed_between_store_and_ack_loses_nothing_and_doubles_nothing(
    gateway, settings, con, redis, ingest_database_url, broker
):
    announcer = Announcer(redis, Bell(redis), await Queue.connect(settings.redis_url))
    came: list[int] = []

    async def drain(kind, enough):
        stop = asyncio.Event()
        store = await Store.open(ingest_database_url, redis, clock.now)
        links = kind(settings, store.con, came)
        try:
            running = asyncio.create_task(Stream(links, store, announcer, asyncio.Event(), stop).run())
            while not (enough() or running.done()):  # noqa: ASYNC110 - messages set no event.
                await asyncio.sleep(0.05)
            stop.set()
            await running
        finally:
            await links.close()
            await store.close()

    # The session must exist before anything is published for it.
    subscribed = time.monotonic()
    await drain(Watched, lambda: time.monotonic() > subscribed + 0.5)
    for n in range(40):
        await send(gateway, "G1", "frame", frame(95, n, t=time.time_ns() // 1_000_000 - 5000 + n))
    with pytest.raises(Killed):
        await drain(KilledBeforeAck, lambda: False)
    life = await con.fetch("select * from alarm_event")
    came.clear()
    # The embedded broker brings back what was not acknowledged after 10 s, Mosquitto at once.
    await drain(Watched, lambda: set(came) == set(range(40)))
    assert await con.fetchval("select count(*) from frame") == 40
    assert await con.fetchval("select count(*) from alarm") == 1
    told = await con.fetch("select * from alarm_event")
    assert [event["kind"] for event in told] == ["raised"]
    # However much of the stream the killed batch held, what it told was not told again.
    assert told[: len(life)] == life
    came.clear()
    await asyncio.sleep(0 if broker.kind == "mosquitto" else 10)
    again = time.monotonic()
    await drain(Watched, lambda: time.monotonic() > again + 1)
    assert came == [], "what was acknowledged stays away"


async def test_a_birth_sent_before_its_gateway_was_known_is_asked_for_again(gateway, settings, con, plant, broker):
    async with ingesting(settings, con), signed_in(broker, "G9") as early:
        await send(early, "G9", "birth", {"layout": 1, "points": [{"tag": "X"}]})
        await until(lambda: _counts(con, frames=0, rejects=1))
        await plant.gateway("G9", "X")
        await until(lambda: _counts_layouts(con, 2))
        await send(early, "G9", "frame", frame(7))
        await until(lambda: _counts(con, frames=1, rejects=1))
        await send(early, "G9", "birth", b"")  # Takes the retained birth back, for the tests behind this one.


async def _counts_layouts(con, wanted):
    return await count(con, "layout") == wanted


async def test_what_waits_in_the_one_session_of_earlier_versions_is_taken_in_and_the_session_ended(
    gateway, settings, con, monkeypatch
):
    monkeypatch.setattr(retiring, "COMES_AGAIN_WITHIN_S", 1.0)
    old = f"ingest-{uuid4().hex}"
    async with client_of(settings.mqtt_url, old, clean_session=False) as earlier:
        await earlier.subscribe("anlan/v1/+/+/+/+", qos=1)
    await con.execute("insert into secret (name, value, created_at) values ($1, $2, now())", UNDIVIDED, old)
    for n in range(20):
        await send(gateway, "G1", "frame", frame(1, n, t=time.time_ns() // 1_000_000 - 5000 + n))
    async with ingesting(settings, con):
        await until(lambda: _counts(con, frames=20))
        await until(lambda: _is_ended(con))
    came: list[Message] = []
    async with open_link(settings.mqtt_url, old, (), clock.now, came.append):
        await send(gateway, "G1", "frame", frame(1, 21))
        await asyncio.sleep(1)
    assert came == []


async def _is_ended(con):
    return await con.fetchval("select count(*) from secret where name = $1", UNDIVIDED) == 0


async def test_a_lost_redis_stops_nothing(gateway, settings, con):
    away = msgspec.structs.replace(settings, redis_url="redis://127.0.0.1:9/0")
    async with ingesting(away, con):
        for n in range(10):
            await send(gateway, "G1", "frame", frame(95 if n % 2 else 50, n))
            await asyncio.sleep(0.02)
        await until(lambda: _counts(con, frames=10), within_s=5)


async def test_a_database_that_comes_back(gateway, settings, con, ingest_database_url):
    async with ingesting(settings, con) as task:
        for n in range(30):
            await send(gateway, "G1", "frame", frame(1, n, t=time.time_ns() // 1_000_000 - 3000 + n))
            if n % 10 == 5:
                await con.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
        await until(lambda: _counts(con, frames=30))
        assert not task.done()


async def _counts(con, *, frames, rejects=0):
    return await count(con) == frames and await count(con, "reject") == rejects
