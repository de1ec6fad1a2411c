"""After the commit: last values, open pages, the queue. A Redis that is away delays them and stops nothing."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

import numpy as np
import structlog
from redis.asyncio import Redis

from backend.domains.alarms.ringing import alarm_ring, channels_of
from backend.domains.monitoring.last_values import GatewayValues, write_last_values
from backend.ingest.city import City, Gateway
from backend.ingest.episodes import EpisodeRows, Ring
from backend.ingest.presence import PresenceChange
from backend.ingest.store import Stored
from backend.kit.live import Bell, LiveEvent
from backend.kit.queue import Queue

log = structlog.get_logger()

# Commits waiting to be told while Redis is slow.
BACKLOG = 1000
# Jobs enqueued side by side; a storm must not wait for one answer after the other.
AT_ONCE = 20


class Announcer:
    """Tells what was stored, at its own pace: a slow or lost Redis never holds the stream up."""

    def __init__(self, redis: Redis, bell: Bell, queue: Queue) -> None:
        self.redis, self.bell, self.queue = redis, bell, queue
        self._told: deque[tuple[City, Stored]] = deque(maxlen=BACKLOG)
        self._something = asyncio.Event()

    def tell(self, city: City, stored: Stored) -> None:
        """Take note of a commit; what does not fit into the backlog is found again by sweeps."""
        self._told.append((city, stored))
        self._something.set()

    async def run(self) -> None:
        """Tell what comes, for ever."""
        while True:
            await self._something.wait()
            self._something.clear()
            await self.drain()

    async def drain(self) -> None:
        """Tell everything noted so far. Whatever fails is found again by a sweep, so nothing is raised."""
        try:
            while self._told:
                commits = [self._told.popleft() for _ in range(len(self._told))]
                for _, stored in commits:
                    await self._ring(stored.episodes)
                newest = {gateway.id: (city, gateway) for city, stored in commits for gateway in stored.gateways}
                if newest:
                    values = {id_: last_values_of(city, gateway) for id_, (city, gateway) in newest.items()}
                    await write_last_values(self.redis, values)
                for _, stored in commits:
                    await self._show(stored.episodes, stored.event_ids)
                    await self._tell_presence(stored.presence)
        except Exception:
            log.exception("ingest.not_announced")

    async def _ring(self, rows: EpisodeRows) -> None:
        """One job for each episode and level: the ladder decides whom it wakes; what is grave is scored at once."""
        wanted = list(dict.fromkeys(rows.rings))
        for first in range(0, len(wanted), AT_ONCE):
            await asyncio.gather(*map(self._ring_one, wanted[first : first + AT_ONCE]))

    async def _ring_one(self, ring: Ring) -> None:
        alarm_id = str(ring.alarm_id)
        await self.queue.enqueue("alarm.raised", alarm_id, job_id=f"alarm.raised:{alarm_id}:{ring.level}")
        if ring.level == 2:
            await self.queue.enqueue("risk.alarmed", alarm_id, job_id=f"risk.alarmed:{alarm_id}")

    async def _show(self, rows: EpisodeRows, event_ids: list[int]) -> None:
        for event, point, event_id in zip(rows.events, rows.lines, event_ids, strict=True):
            await self.bell.ring(alarm_ring(event.alarm_id, event_id), channels_of(point.enterprise_id, point.adcode))

    async def _tell_presence(self, changes: Iterable[PresenceChange]) -> None:
        for change in changes:
            gateway = change.gateway
            data = {"id": gateway.id, "code": gateway.code, "online": bool(gateway.is_online), "kind": change.kind}
            await self.bell.ring(LiveEvent("gateway", data), channels_of(gateway.enterprise_id, gateway.region))
            log.info(f"gateway.{change.kind}", gateway=gateway.code, detail=change.detail)


def last_values_of(city: City, gateway: Gateway) -> GatewayValues:
    """The last live values of a gateway's points."""
    slots = gateway.slot_array
    value = city.values.value[slots]
    v: list[float | None] = value.tolist()
    if np.isnan(value).any():
        v = [None if each != each else each for each in v]
    return GatewayValues(gateway.point_ids, city.values.t[slots].tolist(), v, city.values.quality[slots].tolist())
