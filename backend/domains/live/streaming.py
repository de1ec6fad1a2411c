"""One stream: ready, what was missed, then what happens, with a comment when nothing does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import timedelta
from uuid import UUID

import anyio
import msgspec
import structlog
from litestar.channels import ChannelsPlugin, Subscriber
from redis.asyncio import Redis

from backend.domains.accounts.queries import viewer_of
from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.queries import missed_events, newest_event_id
from backend.domains.alarms.ringing import ALARM
from backend.domains.live.closing import Closing
from backend.domains.live.reading import SharedReads, read_alarms
from backend.domains.live.schemas import Ready, Resync
from backend.domains.live.wire import PING, encode_event, encode_retry
from backend.kit import clock
from backend.kit.live import LiveEvent

log = structlog.get_logger()

# Proxies cut what is silent for longer; it is also how often a stream asks whether its session still lives.
PING_AFTER = timedelta(seconds=15)
COME_BACK_AFTER_S = 3.0
# More than this is quicker told by the lists.
MOST_MISSED = 200
# A page that is this far behind in a storm is told to load the lists; at 200 the channel would drop rings unsaid.
MOST_WAITING = 100

_decoder = msgspec.json.Decoder(LiveEvent)


class Streams:
    """What all streams of this process share."""

    def __init__(self, channels: ChannelsPlugin, redis: Redis, closing: Closing) -> None:
        self.channels, self.redis, self.closing = channels, redis, closing
        self.reads = SharedReads(redis)
        self.ping_after = PING_AFTER

    async def stream(self, viewer: Viewer, last_event_id: int | None) -> AsyncGenerator[bytes, None]:
        """The events a viewer may see, until the session or the process ends.

        last_event_id: the newest event this page has; the alarms that moved since are told first.
        """
        subscriber = await self.channels.subscribe(viewer.channels())
        try:
            yield encode_retry(COME_BACK_AFTER_S)
            newest = await newest_event_id()
            # Listening has begun above, so between the missed and the live nothing falls through.
            async for chunk in self._missed(viewer, last_event_id, newest):
                yield chunk
            yield encode_event("ready", Ready(clock.now()), newest)
            async for chunk in self._live(viewer, subscriber):
                yield chunk
        finally:
            # A page that leaves cancels this very moment; the shared link to Redis must not be cut with it.
            with anyio.CancelScope(shield=True):
                await self.channels.unsubscribe(subscriber, viewer.channels())

    async def _missed(self, viewer: Viewer, last: int | None, newest: int) -> AsyncIterator[bytes]:
        if last is None:
            return
        events = await missed_events(viewer, last, newest, clock.now(), MOST_MISSED)
        if events is None:
            yield encode_event("resync", Resync(clock.now()))
            return
        for alarm in await read_alarms(viewer, events, self.redis, replayed=True):
            yield encode_event(ALARM, alarm, alarm.event_id)

    async def _live(self, viewer: Viewer, subscriber: Subscriber) -> AsyncIterator[bytes]:
        rings = subscriber.iter_events()
        closing = asyncio.ensure_future(self.closing.wait())
        ring = asyncio.ensure_future(anext(rings, None))
        try:
            while True:
                wait_s = self.ping_after.total_seconds()
                await asyncio.wait({closing, ring}, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
                if closing.done():
                    return
                if not ring.done():
                    if not await self._still_signed_in(viewer):
                        return
                    yield PING
                    continue
                raw = ring.result()
                if raw is None:
                    return
                if subscriber.qsize > MOST_WAITING:
                    for _ in range(subscriber.qsize):
                        await anext(rings, None)
                    yield encode_event("resync", Resync(clock.now()), await newest_event_id())
                elif chunk := await self._told(viewer, raw):
                    yield chunk
                ring = asyncio.ensure_future(anext(rings, None))
        finally:
            closing.cancel()
            ring.cancel()

    async def _told(self, viewer: Viewer, raw: bytes) -> bytes | None:
        event = _decoder.decode(raw)
        if event.name != ALARM:
            return encode_event(event.name, event.data, event.id)
        alarm = await self.reads.alarm(viewer, UUID(event.data["id"]), event.id)
        return encode_event(ALARM, alarm, event.id) if alarm else None

    async def _still_signed_in(self, viewer: Viewer) -> bool:
        """Whether the session lives and sees what it saw when the stream began; else the page comes back."""
        if viewer.session_id is None:
            return False
        now = await viewer_of(viewer.id, viewer.session_id, clock.now())
        return now is not None and now.channels() == viewer.channels()
