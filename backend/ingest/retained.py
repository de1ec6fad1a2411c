"""What gateways left at the broker for whoever comes: their births and their states, read once more beside the session.

Subscribing anew would bring it too, but a broker that is asked so by a session in use may hold back for many seconds
what was on its way to it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from backend.ingest.city import ms_of
from backend.ingest.contract import retained_filters_of
from backend.ingest.link import client_of
from backend.ingest.sorting import Message

# All of it comes in one go, so a pause is its end.
QUIET_S = 1.0
MOST_S = 30.0


async def read_retained(
    mqtt_url: str, shares: Iterable[str], clock: Callable[[], datetime], hear: Callable[[Message], None]
) -> None:
    """Give what is retained for these shares to `hear`; it needs no acknowledgement. Raises MqttError."""
    filters = [(each, 1) for share in shares for each in retained_filters_of(share)]
    if not filters:
        return
    client = client_of(mqtt_url, f"ingest-retained-{secrets.token_hex(8)}", clean_session=True)
    with suppress(TimeoutError):
        async with asyncio.timeout(MOST_S), client:
            await client.subscribe(filters)
            coming = client.messages
            while True:
                async with asyncio.timeout(QUIET_S):
                    message = await anext(coming)
                if message.retain:
                    payload = message.payload if isinstance(message.payload, bytes) else b""
                    hear(Message(str(message.topic), payload, True, ms_of(clock())))
