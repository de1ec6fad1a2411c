"""A gateway at the tank: sends what a test tells it to have measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiomqtt
import msgspec

from tests.e2e.world import ENTERPRISE, GATEWAY, TAGS
from tests.people import LINZI

KINDS = {"L": ("level", "%"), "T": ("temperature", "℃"), "P": ("pressure", "kPa")}
BRANCH = f"anlan/v1/{LINZI}/{ENTERPRISE}/{GATEWAY}"


class TankSide:
    """One connection; frames by position in the order of TAGS."""

    def __init__(self, link: aiomqtt.Client) -> None:
        self._link, self._number = link, 0

    async def send(
        self, level: float, *, temperature: float = 25.0, pressure: float = 0.8, other: float = 40.0
    ) -> None:
        """Publish one frame of this moment and wait for the broker's acknowledgement."""
        self._number += 1
        frame = {
            "t": time.time_ns() // 1_000_000,
            "n": self._number,
            "layout": 1,
            "v": [level, temperature, pressure, other],
        }
        await self._link.publish(f"{BRANCH}/frame", msgspec.json.encode(frame), qos=1)

    async def rise(self, start: float, end: float, seconds: float, step_s: float = 0.5) -> None:
        """Let the level go from start to end."""
        steps = max(int(seconds / step_s), 1)
        for step in range(steps + 1):
            await self.send(start + (end - start) * step / steps)
            await asyncio.sleep(step_s)

    async def hold(self, level: float, seconds: float, step_s: float = 0.5) -> None:
        """Keep sending one level."""
        await self.rise(level, level, seconds, step_s)


@asynccontextmanager
async def tank_side(host: str, port: int, secret: str) -> AsyncIterator[TankSide]:
    """Sign in as the gateway and tell the order of the points."""
    points = [{"tag": tag, "kind": KINDS[tag[0]][0], "unit": KINDS[tag[0]][1]} for tag in TAGS]
    async with aiomqtt.Client(
        host, port, username=GATEWAY, password=secret, identifier=GATEWAY, protocol=aiomqtt.ProtocolVersion.V311
    ) as link:
        await link.publish(f"{BRANCH}/birth", msgspec.json.encode({"layout": 1, "points": points}), qos=1, retain=True)
        yield TankSide(link)
