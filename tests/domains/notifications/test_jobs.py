"""The jobs on a real queue: rung once, tried again, found again."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from arq import Retry
from arq.worker import Worker
from redis.asyncio import Redis

from backend import worker
from backend.domains.alarms.models import Alarm
from backend.domains.notifications.enums import DeliveryState
from backend.domains.notifications.jobs import CRON_JOBS, FUNCTIONS, alarm_raised, push_send, sweep
from backend.domains.notifications.models import Delivery
from backend.domains.notifications.ringing import ring_alarm
from backend.domains.notifications.sending import open_push
from backend.kit import clock
from backend.kit.live import Bell
from backend.kit.queue import Queue, pack, unpack
from tests.domains.monitoring.plant import Plant
from tests.domains.notifications.fakes import FakeBell, FakeQueue, device_of
from tests.people import People
from tests.services import Services
from tests.settings import settings_for_tests
from tests.support.push_service import PushServiceDouble

pytestmark = pytest.mark.anyio


@pytest.fixture
def service() -> Iterator[PushServiceDouble]:
    with PushServiceDouble() as running:
        yield running


@pytest.fixture
async def ctx(service: PushServiceDouble) -> AsyncIterator[dict[str, Any]]:
    async with open_push() as push:
        settings = settings_for_tests(push_hosts=(service.url,))
        yield {"queue": FakeQueue(), "bell": FakeBell(), "push": push, "settings": settings}


async def an_alarm(people: People, service: PushServiceDouble, minutes_ago: float = 0) -> Alarm:
    await device_of(people.persons["officer"], service, clock.now())
    plant = await Plant.build(people.own)
    return await plant.alarm(plant.level, clock.now() - timedelta(minutes=minutes_ago))


async def test_an_alarm_rings_for_every_message_and_tells_open_pages_once(
    people: People, service: PushServiceDouble, ctx: dict[str, Any]
) -> None:
    alarm = await an_alarm(people, service)
    assert await alarm_raised(ctx, str(alarm.id)) == 1
    assert await alarm_raised(ctx, str(alarm.id)) == 1
    delivery = await Delivery.get(alarm_id=alarm.id)
    assert ctx["queue"].jobs == [("push.send", str(delivery.id))]
    assert len(ctx["bell"].rung) == 1


async def test_a_busy_push_service_makes_the_job_come_again(
    people: People, service: PushServiceDouble, ctx: dict[str, Any]
) -> None:
    alarm = await an_alarm(people, service)
    await alarm_raised(ctx, str(alarm.id))
    delivery = await Delivery.get(alarm_id=alarm.id)
    service.answer_next(503, retry_after="30")
    with pytest.raises(Retry) as again:
        await push_send(ctx, str(delivery.id))
    assert again.value.defer_score == 30_000
    await push_send(ctx, str(delivery.id))
    assert len(service.messages) == 1


async def test_the_sweep_rings_again_for_what_the_queue_lost(
    people: People, service: PushServiceDouble, ctx: dict[str, Any]
) -> None:
    alarm = await an_alarm(people, service, minutes_ago=2)
    await sweep(ctx)
    assert ctx["queue"].jobs == [("alarm.raised", str(alarm.id))]
    await ring_alarm(alarm.id, clock.now() - timedelta(minutes=1))
    ctx["queue"] = FakeQueue()
    await sweep(ctx)
    delivery = await Delivery.get(alarm_id=alarm.id)
    assert ctx["queue"].jobs == [("push.send", str(delivery.id))]
    await push_send(ctx, str(delivery.id))
    ctx["queue"] = FakeQueue()
    await sweep(ctx)
    assert ctx["queue"].jobs == []


async def test_a_worker_carries_an_alarm_to_the_phone_and_a_wiped_queue_loses_nothing(
    people: People, service: PushServiceDouble, services: Services
) -> None:
    """Real queue and worker; they run inside the test's transaction because tasks inherit its connection."""
    redis: Redis = Redis.from_url(services.redis_url.replace("db=0", "db=7"))
    await redis.flushdb()
    queue = await Queue.connect(services.redis_url.replace("db=0", "db=7"))
    alarm = await an_alarm(people, service)
    async with open_push() as push:
        settings = settings_for_tests(push_hosts=(service.url,))
        ctx = {"settings": settings, "queue": queue, "bell": Bell(redis), "redis": redis, "push": push}

        async def work() -> None:
            burst = Worker(
                functions=FUNCTIONS,
                redis_pool=queue.pool,
                ctx=dict(ctx),
                burst=True,
                poll_delay=0.02,
                max_jobs=1,
                keep_result=0,
                handle_signals=False,
                job_serializer=pack,
                job_deserializer=unpack,
            )
            await burst.main()

        assert await queue.enqueue("alarm.raised", str(alarm.id), job_id=f"alarm.raised:{alarm.id}:1")
        await redis.flushdb()
        await work()
        assert service.messages == []
        await sweep(ctx)
        await work()
    assert [message.data["alarmId"] for message in service.messages] == [str(alarm.id)]
    assert (await Delivery.get(alarm_id=alarm.id)).state is DeliveryState.ACCEPTED
    await queue.close()
    await redis.aclose()


def test_the_worker_knows_the_jobs_by_the_names_they_are_rung_with() -> None:
    assert [function.name for function in FUNCTIONS] == ["alarm.raised", "push.send"]
    assert [job.name for job in CRON_JOBS] == ["push.sweep"]
    assert {function.name for function in FUNCTIONS} <= {function.name for function in worker.FUNCTIONS}
    assert {job.name for job in CRON_JOBS} <= {job.name for job in worker.CRON_JOBS}
