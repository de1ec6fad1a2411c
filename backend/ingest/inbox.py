"""Batches that came over HTTP: rows in the database, taken into the stream like messages, closed with their frames."""

from __future__ import annotations

import asyncio

import asyncpg

from backend.domains.uploads.inbox import CHANNEL, open_uploads
from backend.ingest.city import ms_of
from backend.ingest.contract import PREFIX
from backend.ingest.sorting import Message
from backend.ingest.store import Store

# The largest are 1 MB each.
AT_ONCE = 8
LOOK_EVERY_S = 2.0


class Inbox:
    """Looks for batches when told of one, and now and then in case nobody told."""

    def __init__(self, con: asyncpg.Connection, arrived: asyncio.Event) -> None:
        self._con, self._arrived = con, arrived
        self._is_told, self._looked_at = True, 0.0
        self._taken: set[int] = set()

    async def listen(self) -> None:
        """Be told of new ones by the database."""
        await self._con.add_listener(CHANNEL, self._told)

    def _told(self, *_: object) -> None:
        self._is_told = True
        self._arrived.set()

    async def take(self, store: Store) -> list[Message]:
        """Batches of gateways of our regions that nobody has taken yet."""
        now = asyncio.get_running_loop().time()
        if not self._is_told and now - self._looked_at < LOOK_EVERY_S:
            return []
        self._looked_at = now
        regions = list(store.leases.held)
        found = await open_uploads(self._con, regions, AT_ONCE + len(self._taken))
        fresh = [each for each in found if each.id not in self._taken][:AT_ONCE]
        # Those that wait for a birth are still open; the others are closed by now.
        self._taken = {each.id for each in found} & (self._taken | {each.id for each in fresh})
        self._is_told = len(fresh) == AT_ONCE
        return [
            Message(
                f"{PREFIX}/{each.region}/{each.enterprise}/{each.gateway}/frame",
                each.payload,
                False,
                ms_of(each.received_at),
                upload=each.id,
            )
            for each in fresh
        ]
