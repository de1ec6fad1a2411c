"""A stream: what was missed, what happens, who hears it, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from litestar.channels import ChannelsPlugin
from redis.asyncio import Redis

from backend.domains.accounts.models import Person, Session
from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.enums import AlarmEventKind
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.alarms.queries import newest_event_id
from backend.domains.alarms.ringing import alarm_ring, channels_of
from backend.domains.live.closing import Closing
from backend.domains.live.streaming import Streams
from backend.kit.ids import new_id
from backend.kit.live import Bell, LiveEvent, SteadyPubSub
from tests.domains.live.listening import Ear
from tests.domains.monitoring.plant import Plant
from tests.people import LINZI, People
from tests.services import Services

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC).replace(microsecond=0)
OLD = NOW - timedelta(minutes=10)


@pytest.fixture
async def redis(services: Services) -> AsyncIterator[Redis]:
    async with Redis.from_url(services.redis_url) as link:
        yield link


@pytest.fixture
async def streams(people: People, redis: Redis) -> AsyncIterator[Streams]:
    channels = ChannelsPlugin(SteadyPubSub(redis=redis), arbitrary_channels_allowed=True, subscriber_max_backlog=200)
    async with channels:
        made = Streams(channels, redis, Closing())
        made.ping_after = timedelta(seconds=0.3)
        yield made


async def signed_in(people: People, who: str) -> Viewer:
    """The viewer with a session that lives."""
    viewer = await people.viewer(who)
    session = await Session.create(
        person_id=viewer.id,
        token_hash=who,
        rotated_at=NOW,
        created_at=NOW,
        expires_at=datetime.now(UTC) + timedelta(days=1),
    )
    return msgspec.structs.replace(viewer, session_id=session.id)


@asynccontextmanager
async def listening(streams: Streams, viewer: Viewer, last: int | None = None) -> AsyncIterator[Ear]:
    stream = streams.stream(viewer, last)
    try:
        yield Ear(stream)
    finally:
        await stream.aclose()


async def moved(alarm: Alarm, kind: AlarmEventKind = AlarmEventKind.WORSENED, at: datetime = OLD) -> AlarmEvent:
    return await AlarmEvent.create(alarm_id=alarm.id, at=at, kind=kind, level=2, risk_level=2, value=91.0)


async def ring(redis: Redis, alarm: Alarm, event: AlarmEvent) -> None:
    await Bell(redis).ring(alarm_ring(alarm.id, event.id), channels_of(alarm.enterprise_id, alarm.adcode))


async def test_alarm_is_told_as_it_is_now(people: People, streams: Streams, redis: Redis) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, OLD)
    async with listening(streams, await signed_in(people, "operator")) as ear:
        ready = await ear.hear()
        assert (ready.name, ready.id) == ("ready", await newest_event_id())
        event = await moved(alarm)
        await ring(redis, alarm, event)
        told = await ear.hear()
    assert (told.name, told.id) == ("alarm", event.id)
    assert (told.data["id"], told.data["event"], told.data["eventId"]) == (str(alarm.id), "worsened", event.id)
    assert (told.data["replayed"], told.data["title"], told.data["enterpriseName"]) == (
        False,
        "TK-101 液位高报",
        people.own.short_name,
    )


@pytest.mark.parametrize(
    ("who", "hears"),
    [("officer", True), ("stranger", False), ("linzi", True), ("huantai", False), ("city", True), ("admin", True)],
)
async def test_who_hears_it(people: People, streams: Streams, redis: Redis, who: str, hears: bool) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, OLD)
    async with listening(streams, await signed_in(people, who)) as ear:
        await ear.hear()
        await ring(redis, alarm, await moved(alarm))
        assert (await ear.hear()).name == ("alarm" if hears else "")


async def test_ring_on_the_wrong_channel_tells_nothing(people: People, streams: Streams, redis: Redis) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, OLD)
    viewer = await signed_in(people, "stranger")
    async with listening(streams, viewer) as ear:
        await ear.hear()
        await Bell(redis).ring(alarm_ring(alarm.id, (await moved(alarm)).id), viewer.channels())
        await Bell(redis).ring(alarm_ring(new_id(), 2**40), viewer.channels())
        assert (await ear.hear()).name == ""


async def test_risk_and_gateway_pass_without_an_id(people: People, streams: Streams, redis: Redis) -> None:
    async with listening(streams, await signed_in(people, "linzi")) as ear:
        await ear.hear()
        for name in ("risk", "gateway"):
            await Bell(redis).ring(LiveEvent(name, {"x": 1}), channels_of(people.own.id, LINZI))
            told = await ear.hear()
            assert (told.name, told.data, told.id) == (name, {"x": 1}, None)


async def test_missed_alarms_come_first_each_once_as_they_are_now(people: People, streams: Streams) -> None:
    plant, other = await Plant.build(people.own), await Plant.build(people.neighbour)
    known = await plant.alarm(plant.gas, OLD)
    last = await newest_event_id()
    first = await plant.alarm(plant.level, OLD)
    second = await plant.alarm(plant.gas2, OLD)
    await moved(first)
    foreign = await other.alarm(other.level, OLD)
    async with listening(streams, await signed_in(people, "linzi"), last) as ear:
        one, two, ready = [await ear.hear() for _ in range(3)]
    assert [(told.data["id"], told.data["event"], told.data["replayed"]) for told in (one, two)] == [
        (str(second.id), "raised", True),
        (str(first.id), "worsened", True),
    ]
    assert (ready.name, ready.id) == ("ready", await newest_event_id())
    assert str(known.id) != str(foreign.id)


async def test_lines_committed_out_of_order_are_not_lost(people: People, streams: Streams) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, datetime.now(UTC))
    last = await newest_event_id() + 3
    await AlarmEvent.create(
        id=last, alarm_id=(await plant.alarm(plant.gas, OLD)).id, at=OLD, kind=AlarmEventKind.RAISED
    )
    async with listening(streams, await signed_in(people, "linzi"), last) as ear:
        told, ready = await ear.hear(), await ear.hear()
    assert (told.data["id"], ready.name) == (str(alarm.id), "ready")


@pytest.mark.parametrize("behind", [-1, 5001, 10**15])
async def test_what_cannot_be_told_one_by_one_asks_for_the_lists(people: People, streams: Streams, behind: int) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, OLD)
    await AlarmEvent.create(id=10**16, alarm_id=alarm.id, at=OLD, kind=AlarmEventKind.WORSENED)
    async with listening(streams, await signed_in(people, "linzi"), 10**16 - behind) as ear:
        assert [(await ear.hear()).name for _ in range(2)] == ["resync", "ready"]


async def test_page_that_falls_behind_is_told_to_load_the_lists(people: People, streams: Streams, redis: Redis) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, OLD)
    async with listening(streams, await signed_in(people, "linzi")) as ear:
        await ear.hear()
        event = await moved(alarm)
        for _ in range(150):
            await ring(redis, alarm, event)
        await asyncio.sleep(0.2)
        told = await ear.hear()
        assert (told.name, told.id) == ("resync", event.id)
        assert (await ear.hear()).name == ""
        await ring(redis, alarm, event)
        assert (await ear.hear()).name == "alarm"


async def test_silence_is_filled_with_comments(people: People, streams: Streams) -> None:
    async with listening(streams, await signed_in(people, "operator")) as ear:
        assert [(await ear.hear()).name for _ in range(3)] == ["ready", "", ""]


async def test_stream_ends_with_its_session(people: People, streams: Streams) -> None:
    viewer = await signed_in(people, "operator")
    async with listening(streams, viewer) as ear:
        await ear.hear()
        await Session.filter(id=viewer.session_id).update(ended_at=NOW)
        assert await ear.ended()


async def test_stream_ends_when_its_area_changes(people: People, streams: Streams) -> None:
    viewer = await signed_in(people, "linzi")
    async with listening(streams, viewer) as ear:
        await ear.hear()
        await Person.filter(id=viewer.id).update(adcode="370321")
        assert await ear.ended()


async def test_stream_ends_when_the_server_does(people: People, streams: Streams) -> None:
    async with listening(streams, await signed_in(people, "operator")) as ear:
        await ear.hear()
        asyncio.get_running_loop().call_later(0.05, streams.closing.close)
        assert await ear.ended(within_s=0.25)


async def test_pages_of_one_plant_share_a_read(people: People, streams: Streams, redis: Redis) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, OLD)
    event = await moved(alarm)
    operator, officer, linzi = [await signed_in(people, who) for who in ("operator", "officer", "linzi")]
    first = await streams.reads.alarm(operator, alarm.id, event.id)
    assert first is not None
    assert await streams.reads.alarm(officer, alarm.id, event.id) is first
    assert await streams.reads.alarm(linzi, alarm.id, event.id) is not first


async def test_page_that_leaves_is_no_longer_listened_for(people: People, streams: Streams, redis: Redis) -> None:
    viewer = await signed_in(people, "operator")
    async with listening(streams, viewer) as ear:
        await ear.hear()
        assert streams.channels._channels[viewer.channels()[0]]
    assert not streams.channels._channels[viewer.channels()[0]]
