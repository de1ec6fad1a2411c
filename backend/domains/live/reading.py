"""What a ring stands for, read once for all pages that see the same."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from uuid import UUID

from redis.asyncio import Redis

from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.listing import alarms_with_words
from backend.domains.alarms.queries import Happened, happened
from backend.domains.alarms.showing import show_alarms
from backend.domains.live.schemas import LiveAlarm
from backend.kit import clock

# Rings kept for pages that are a little slower than the others.
KEPT = 512


async def read_alarms(viewer: Viewer, events: list[Happened], redis: Redis, *, replayed: bool) -> list[LiveAlarm]:
    """The alarms of these events as they are now, in the order of the events; what is out of view is left out."""
    rows = {row["id"]: row for row in await alarms_with_words(viewer, {event.alarm_id for event in events})}
    seen = [event for event in events if event.alarm_id in rows]
    shown = await show_alarms([rows[event.alarm_id] for event in seen], redis, clock.now())
    return [
        LiveAlarm(
            **{name: getattr(alarm, name) for name in alarm.__struct_fields__},
            event=event.kind,
            event_id=event.id,
            replayed=replayed,
        )
        for alarm, event in zip(shown, seen, strict=True)
    ]


class SharedReads:
    """Reads of the same event in the same scope are one read: a hundred pages of one plant ask the database once."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._reads: OrderedDict[Hashable, asyncio.Task[LiveAlarm | None]] = OrderedDict()

    async def alarm(self, viewer: Viewer, alarm_id: UUID, event_id: int) -> LiveAlarm | None:
        """The alarm behind a ring, or None when the viewer may not see it."""
        key = (viewer.sees_all, viewer.enterprise_id, viewer.adcodes, event_id)
        if key not in self._reads:
            self._reads[key] = asyncio.create_task(self._read(viewer, alarm_id, event_id))
            while len(self._reads) > KEPT:
                self._reads.popitem(last=False)
        try:
            # The page that asked first may leave; the others still wait.
            return await asyncio.shield(self._reads[key])
        except asyncio.CancelledError:
            raise
        except Exception:
            self._reads.pop(key, None)
            raise

    async def _read(self, viewer: Viewer, alarm_id: UUID, event_id: int) -> LiveAlarm | None:
        event = await happened(alarm_id, event_id)
        if event is None:
            return None
        found = await read_alarms(viewer, [event], self._redis, replayed=False)
        return found[0] if found else None
