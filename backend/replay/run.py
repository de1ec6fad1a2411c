"""`anlan replay`: a recorded file, sent over MQTT as a gateway would, with every line accounted for in the end."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis.asyncio import Redis

from backend.domains.enterprises.queries import enterprise_by_code
from backend.domains.monitoring.enums import PointKind
from backend.errors import Invalid, Problem
from backend.kit import clock
from backend.replay.account import GIVES_UP_AFTER_S, Account, settled
from backend.replay.entering import enter_gateway, enter_limits, enter_points, free_gateway, known_tank, read_limit
from backend.settings import Settings
from backend.simulator.gateway_client import Birth, BirthPoint, BrokerAddress, GatewayClient, WireFrame
from backend.simulator.recording import Mapped, Recording, UnusableRecording, gateway_code, read_recording

Say = Callable[[str], None]
Admit = Callable[[Settings], Awaitable[None]]

# A new gateway is told to ingest and to the broker before it speaks.
KNOWN_AFTER_S = 1.0
TOLD_EVERY_S = 5.0


class NotAccountedFor(Problem):
    """Frames were sent, and neither stored nor rejected."""

    kind = "not-accounted-for"


async def run_replay(
    settings: Settings,
    file: Path,
    enterprise_code: str,
    *,
    time_column: str,
    maps: Sequence[str],
    redis: Redis,
    admit: Admit,
    speed: float = 1.0,
    delimiter: str = ",",
    gateway: str | None = None,
    tank: str | None = None,
    limits: Sequence[str] = (),
    say: Say = print,
) -> Account:
    """Replay a file and account for it. The enterprise must exist; its gateway and points are made where missing.

    maps: `COLUMN=TAG:kind:unit[:lo:hi]`; limits: `TAG:l=20,ll=10[,on=5]`; tank: where new points stand. The database is
    open; `admit` lets the broker know new gateways.
    Raises Invalid for what cannot be replayed, NotAccountedFor when frames are lost.
    """
    if speed < 1:
        raise Invalid("a replay slower than its recording would send from the future", field="speed")
    wanted, recording = _read(file, time_column, maps, delimiter)
    limited = [read_limit(text, wanted) for text in limits]
    enterprise = await enterprise_by_code(enterprise_code)
    place = await known_tank(enterprise, tank)
    begins = clock.now() - timedelta(seconds=recording.lasts_s)
    base = gateway or gateway_code(enterprise.code, file)
    code, last = (base, None) if gateway else await free_gateway(enterprise, base, begins)
    row, secret = await enter_gateway(settings.data_dir, enterprise, code, file, redis)
    points = await enter_points(row, wanted, place, last, file, redis)
    for tag, values in limited:
        await enter_limits(points[tag], values, file, redis)
    await admit(settings)
    await asyncio.sleep(KNOWN_AFTER_S)
    birth = Birth(_layout_of(wanted), [BirthPoint(each.tag, each.kind, each.unit) for each in wanted])
    address = BrokerAddress.of(settings.mqtt_url or f"mqtt://{settings.mqtt_host}:{settings.mqtt_port}")
    client = GatewayClient(address, enterprise.adcode, enterprise.code, code, secret, birth)
    say(f"gateway {code}: {len(recording.rows)} frames of {len(wanted)} points in {recording.lasts_s / speed:.0f} s")
    began = clock.now()
    times = await _send(client, recording, birth.layout, speed, say)
    topic = f"anlan/v1/{enterprise.adcode}/{enterprise.code}/{code}/frame"
    stored, rejected = await settled(row.id, topic, times, began)
    repeated = len(times) - len(set(times))
    account = Account(code, len(times), stored, rejected, repeated, recording.bad_cells, recording.untimed)
    say(str(account))
    if not account.adds_up:
        raise NotAccountedFor(f"{account}. Does `anlan ingest` run on this broker and database?")
    return account


def _read(file: Path, time_column: str, maps: Sequence[str], delimiter: str) -> tuple[list[Mapped], Recording]:
    try:
        wanted = [Mapped.of(text) for text in maps]
        for each in wanted:
            if each.kind not in list(PointKind):
                raise UnusableRecording(f"{each.tag}: kind is one of {', '.join(PointKind)}, not {each.kind!r}")
        return wanted, read_recording(file, time_column, wanted, delimiter)
    except UnusableRecording as exc:
        raise Invalid(str(exc)) from exc


async def _send(client: GatewayClient, recording: Recording, layout: int, speed: float, say: Say) -> list[datetime]:
    """Send all frames at their moments; returns their source times once the broker has every one."""
    running = asyncio.create_task(client.run())
    times: list[datetime] = []
    told_at = time.monotonic()
    try:
        for n, (at, t, row) in enumerate(recording.shifted(time.time(), speed), 1):
            if (wait := at - time.time()) > 0:
                await asyncio.sleep(wait)
            client.send(WireFrame(t=t, n=n, layout=layout, v=row.values))
            times.append(datetime.fromtimestamp(t / 1000, UTC))
            if time.monotonic() - told_at > TOLD_EVERY_S:
                told_at = time.monotonic()
                say(f"  {100 * n // len(recording.rows):3d} %  {n} of {len(recording.rows)} frames")
        await _drained(client)
    finally:
        client.leave()
        with suppress(TimeoutError):
            await asyncio.wait_for(running, GIVES_UP_AFTER_S)
    return times


def _layout_of(wanted: Sequence[Mapped]) -> int:
    """A layout number of its own for these tags, so that a gateway with another layout keeps that one."""
    return zlib.crc32("\n".join(each.tag for each in wanted).encode()) & 0x7FFFFFFF


async def _drained(client: GatewayClient) -> None:
    """Wait until the broker has everything; raises NotAccountedFor when it takes nothing any more."""
    while client.waiting:
        before = client.sent
        with suppress(TimeoutError):
            await asyncio.wait_for(client.drained(), GIVES_UP_AFTER_S)
        if client.waiting and client.sent == before:
            raise NotAccountedFor(f"the broker took {client.sent} frames, {client.waiting} could not be sent")
