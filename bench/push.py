"""How long a breach takes from the gateway to the push service's door, and how many messages a storm gets out a second.

Ingest and worker are the real ones in processes of their own; the push service is the tests' double, which opens every
message. The baseline posts a sealed message with bare httpx to the same double in the same run.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from uuid import UUID

import aiomqtt
import httpx
import msgspec

from backend.db import migrate, open_database
from backend.domains.accounts.enums import Role
from backend.domains.accounts.service import add_person
from backend.domains.alarms.enums import Side
from backend.domains.alarms.models import Alarm
from backend.domains.enterprises.service import make_enterprise
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.models import LimitSet, Point
from backend.domains.monitoring.rules import Damping, LimitValues
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points
from backend.domains.notifications.models import PushSubscription
from backend.domains.notifications.rules import manner_of
from backend.domains.notifications.sealing import PushPayload, Sealed, seal
from backend.domains.notifications.vapid import vapid_keys
from backend.domains.regions.zibo import plant_tree
from backend.kit import clock
from backend.kit.ids import new_id
from backend.kit.queue import Queue
from bench.figures import figure, latencies
from tests.city import running_city
from tests.services import Broker, Services, roomy_folder, running_services
from tests.support.push_service import PushServiceDouble

PASSWORD = "a quiet harbour"
SINGLE, STORM_ALARMS, STORM_DEVICES, AT_ONCE = 200, 60, 10, 20
LINZI, ENTERPRISE, GATEWAY = "370305", "370305001", "370305001-G1"


def main() -> None:
    """Print `push.latency_ms` (breach published → request arrives), `push.ring_ms` (its last part) and the storm."""
    with roomy_folder() as path, running_services(path / "data") as services, PushServiceDouble() as service:
        asyncio.run(_measure(services, service))


async def _measure(services: Services, service: PushServiceDouble) -> None:
    await migrate(services.database_url)
    async with open_database(services.database_url, everywhere=False):
        points, secret = await _settle(service)
        services.broker.admit(GATEWAY, LINZI, ENTERPRISE, secret)
        queue = await Queue.connect(services.redis_url)
        with running_city(services, services.database_url, "worker", "ingest", push_hosts=service.url):
            # The first messages open the connections.
            breached, rung, storm = points[: SINGLE + 1], points[SINGLE + 1 : 2 * SINGLE + 2], points[2 * SINGLE + 2 :]
            breaches = (await _breach(services.broker, secret, service, breached))[1:]
            rings = [await _ring(queue, service, [point]) for point in rung][1:]
            bare = [s * 1000 for s in await _bare(service, SINGLE)]
            latencies("push.latency_ms", [s * 1000 for s in breaches], bare)
            latencies("push.ring_ms", [s * 1000 for s in rings], bare)
            await _storm(queue, service, storm)
        await queue.close()


async def _settle(service: PushServiceDouble) -> tuple[list[Point], str]:
    """One device to ring, a point for every alarm, because a point has one that is open, and the gateway's secret."""
    now = clock.now()
    await plant_tree()
    enterprise = await make_enterprise(ENTERPRISE, "淄博澜屿化工有限公司", LINZI, now, by=None)
    officer = await add_person(
        "bench", "bench", Role.SAFETY_OFFICER, PASSWORD, now, by=None, enterprise_id=enterprise.id
    )
    await _add_devices(service, officer.id, 1)
    made = await make_gateway(enterprise.id, GATEWAY, now, by=None)
    wanted = 2 * (1 + SINGLE) + STORM_ALARMS
    limits, at_once = LimitValues(h=85.0, hh=90.0), Damping(deadband=1.0, on_delay_s=0, off_delay_s=0)
    plan = [
        NewPoint(tag=f"LI-{n}", kind=PointKind.LEVEL, range_lo=0.0, range_hi=100.0, limits=limits, damping=at_once)
        for n in range(wanted)
    ]
    return await make_points(made.gateway, plan, now, by=None), made.secret


async def _add_devices(service: PushServiceDouble, person_id: UUID, count: int) -> None:
    for _ in range(count):
        made = service.subscribe()
        await PushSubscription.create(
            person_id=person_id, endpoint=made["endpoint"], created_at=clock.now(), **made["keys"]
        )


async def _breach(broker: Broker, secret: str, service: PushServiceDouble, points: Sequence[Point]) -> list[float]:
    """Seconds from publishing a value above HH to the arrival of the push request, for one point after the other."""
    spent = []
    async with aiomqtt.Client(
        broker.host, broker.port, username=GATEWAY, password=secret, identifier=GATEWAY
    ) as gateway:
        for n, point in enumerate(points):
            before = len(service.messages)
            # Ingest gathers and the worker looks at its queue at intervals; a random pause meets them anywhere.
            await asyncio.sleep(random.uniform(0.0, 0.15))
            start = time.monotonic()
            frame = {"t": time.time_ns() // 1_000_000, "n": n, "p": {point.tag: 91.0}}
            await gateway.publish(f"anlan/v1/{LINZI}/{ENTERPRISE}/{GATEWAY}/frame", msgspec.json.encode(frame), qos=1)
            arrived = await asyncio.to_thread(service.wait_for, before + 1, 60.0)
            spent.append(arrived[before].at - start)
    return spent


async def _raise(point: Point) -> Alarm:
    now = clock.now()
    limits = await LimitSet.get(point_id=point.id, version=1)
    return await Alarm.create(
        id=new_id(), point_id=point.id, gateway_id=point.gateway_id, enterprise_id=point.enterprise_id, adcode=LINZI,
        side=Side.HIGH, start_level=2, worst_level=2, level=2, level_since=now, risk_level=2, raised_at=now,
        start_value=91.0, worst_value=91.0, limit_value=90.0, limit_set_id=limits.id, created_at=now,
    )  # fmt: skip


async def _ring(queue: Queue, service: PushServiceDouble, points: Sequence[Point]) -> float:
    """Seconds from the first ring to the arrival of the last message of these points' alarms."""
    alarms = [await _raise(point) for point in points]
    devices = await PushSubscription.all().count()
    before = len(service.messages)
    # The worker looks at its queue at intervals; a random pause meets it anywhere in between.
    await asyncio.sleep(random.uniform(0.0, 0.15))
    start = time.monotonic()
    for alarm in alarms:
        await queue.enqueue("alarm.raised", str(alarm.id), job_id=f"alarm.raised:{alarm.id}:2")
    arrived = await asyncio.to_thread(service.wait_for, before + len(alarms) * devices, 60.0)
    return arrived[-1].at - start


async def _bare(service: PushServiceDouble, count: int) -> list[float]:
    """Seconds of posting a sealed message with nothing around it."""
    device = service.subscribe()
    spent = []
    async with httpx.AsyncClient() as http:
        for _ in range(count):
            sealed = await _sealed(device)
            start = time.monotonic()
            await http.post(device["endpoint"], content=sealed.content, headers=sealed.headers)
            spent.append(service.messages[-1].at - start)
    return spent


async def _sealed(device: dict[str, dict[str, str]]) -> Sealed:
    payload = PushPayload("▲ 橙 较大 · TK-101 液位高高报", "91.0 %，限值 90.0 %", "alarm", "/alarms/1", "1")
    manner = manner_of(2, new_id())
    keys, endpoint = device["keys"], str(device["endpoint"])
    return seal(
        payload, endpoint, keys["p256dh"], keys["auth"], keys=await vapid_keys(), subject="a@b.example", manner=manner
    )


async def _storm(queue: Queue, service: PushServiceDouble, points: Sequence[Point]) -> None:
    first = await PushSubscription.first()
    assert first is not None, "the enterprise was settled with a device"
    await _add_devices(service, first.person_id, STORM_DEVICES - 1)
    messages = len(points) * STORM_DEVICES
    seconds = await _ring(queue, service, points)
    device = service.subscribe()
    turns = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient() as http:

        async def post() -> None:
            async with turns:
                sealed = await _sealed(device)
                await http.post(device["endpoint"], content=sealed.content, headers=sealed.headers)

        start = time.monotonic()
        await asyncio.gather(*(post() for _ in range(messages)))
        bare = messages / (time.monotonic() - start)
    figure("push.storm_messages", messages / seconds, "messages/s", bare, messages=messages)


if __name__ == "__main__":
    main()
