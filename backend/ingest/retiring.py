"""The one session of earlier versions, which held all regions: what waits in it is taken in, then it is thrown away.

Left alone the broker would go on filling it for ever.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime

import asyncpg
import structlog
from aiomqtt import MqttError

from backend.ingest.contract import PREFIX
from backend.ingest.identifiers import UNDIVIDED
from backend.ingest.link import client_of, open_link
from backend.ingest.sorting import Message

log = structlog.get_logger()

# What was on its way to an owner that died comes again within ten seconds.
COMES_AGAIN_WITHIN_S = 12.0
AGAIN_S = 30.0


async def retire_undivided(
    database_url: str, mqtt_url: str, clock: Callable[[], datetime], hear: Callable[[Message], None]
) -> None:
    """Take in what the undivided session holds and end it; nothing where there is none. One process at a time."""
    con = await asyncpg.connect(database_url, timeout=5, command_timeout=5)
    try:
        if not await con.fetchval("select pg_try_advisory_lock(hashtext($1))", UNDIVIDED):
            return
        while identifier := await con.fetchval("select value from secret where name = $1", UNDIVIDED):
            try:
                await _drain(mqtt_url, identifier, clock, hear)
                # A clean sign-in under its name ends a session.
                async with client_of(mqtt_url, identifier, clean_session=True):
                    pass
                await con.execute("delete from secret where name = $1", UNDIVIDED)
                log.info("ingest.undivided_session_ended")
            except MqttError as lost:
                log.warning("ingest.undivided_session_not_ended", error=str(lost))
                await asyncio.sleep(AGAIN_S)
    finally:
        con.terminate()


async def _drain(
    mqtt_url: str, identifier: str, clock: Callable[[], datetime], hear: Callable[[Message], None]
) -> None:
    """Give what waits to `hear`. A mark of our own, sent now, arrives behind all of it."""
    mark, passed = f"{PREFIX}/000000/-/{secrets.token_hex(8)}/state", asyncio.Event()

    def hear_until(message: Message) -> None:
        if message.topic == mark:
            passed.set()
            message.link.acknowledge([message])
        else:
            hear(message)

    async with open_link(mqtt_url, identifier, (), clock, hear_until) as link:
        await link.publish(mark, b'{"online": false}', 1)
        while not passed.is_set() and link.is_open:  # noqa: ASYNC110 - either may come first.
            await asyncio.sleep(0.1)
        await asyncio.sleep(COMES_AGAIN_WITHIN_S)
        if not link.is_open:
            raise MqttError("the link broke before all of it was taken in")
