"""A gateway that measures: frame after frame of its plant, planned troubles and incidents among them."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable

import numpy as np
import structlog

from backend.simulator.city import EnterprisePlan, GatewayPlan
from backend.simulator.dynamics import Frames, GatewayModel
from backend.simulator.dynamics.noise import key, uniform
from backend.simulator.gateway_client import Birth, BirthPoint, BrokerAddress, GatewayClient, WireFrame
from backend.simulator.incidents import Course

log = structlog.get_logger()

Tell = Callable[[str], None]

AHEAD_S = 60.0
INCIDENT_STEP_S = 2.0


class RunningIncident:
    """An incident under way. Its clock stands still while it is held."""

    def __init__(self, course: Course, started_at: float, tell: Tell, *, hold: bool) -> None:
        self.course, self.hold = course, hold
        self.over = asyncio.Event()
        self._started_at, self._tell = started_at, tell
        self._stood_s = 0.0
        self._told = 0

    def at_s(self, now: float) -> float:
        """How far the incident has come."""
        at_s = now - self._started_at - self._stood_s
        if self.hold and at_s > self.course.holds_at_s:
            self._stood_s += at_s - self.course.holds_at_s
            return self.course.holds_at_s
        return at_s

    def tell_stages(self, now: float) -> None:
        """Tell the stages that have come since."""
        at_s = self.at_s(now)
        stages = sorted(self.course.stages)
        while self._told < len(stages) and stages[self._told].at_s <= at_s:
            self._tell(f"{stages[self._told].at_s:6.0f} s  {stages[self._told].words}")
            self._told += 1
        if at_s >= self.course.lasts_s:
            self.over.set()


class LiveGateway:
    """One gateway of the demo city, running."""

    def __init__(
        self,
        plan: GatewayPlan,
        enterprise: EnterprisePlan,
        secret: str,
        address: BrokerAddress,
        *,
        seed: int,
        interval_s: float,
    ) -> None:
        self.plan, self.enterprise = plan, enterprise
        self.model = GatewayModel(plan, enterprise, seed)
        birth = Birth(plan.layout, [BirthPoint(p.tag, p.kind, p.unit) for p in plan.points])
        self.client = GatewayClient(address, enterprise.adcode, enterprise.code, plan.code, secret, birth)
        self.incidents: list[RunningIncident] = []
        self._interval_s = interval_s
        # Gateways of a city do not measure in step.
        self._offset_s = round(float(uniform(key(seed, plan.code, "offset"), 0)) * interval_s, 3)
        self._ahead: Frames | None = None
        self._ahead_from = 0.0
        self._n = 0
        self._awake = asyncio.Event()

    def usual(self, at: float) -> list[float]:
        """The values at an instant without any incident; the middle of the range where an instrument is ill."""
        values: list[float] = self.model.frames(np.array([at])).values[0].tolist()
        return [
            (point.range_lo + point.range_hi) / 2 if math.isnan(value) else value
            for point, value in zip(self.plan.points, values, strict=True)
        ]

    def begin(self, course: Course, tell: Tell, *, hold: bool) -> RunningIncident:
        """Let an incident happen, beside those that are under way; where two bend one point, the newest wins."""
        running = RunningIncident(course, time.time(), tell, hold=hold)
        self.incidents.append(running)
        self._awake.set()
        return running

    async def run(self, stop: asyncio.Event) -> None:
        """Measure and send until told to stop, then say goodbye."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.client.run())
            try:
                while not stop.is_set():
                    await self._measure_once(stop)
            finally:
                self.client.leave()

    async def _measure_once(self, stop: asyncio.Event) -> None:
        now = time.time()
        step = INCIDENT_STEP_S if self.incidents else self._interval_s
        at = (math.floor((now - self._offset_s) / step) + 1) * step + self._offset_s
        await _sleep_until(at, stop, self._awake)
        if stop.is_set() or time.time() < at:
            return
        self._mind_the_line(at)
        self.client.send(self._frame(at))
        for incident in self.incidents:
            incident.tell_stages(at)
        self.incidents = [incident for incident in self.incidents if not incident.over.is_set()]

    def _frame(self, at: float) -> WireFrame:
        values, quality = self._planned(at)
        usual = list(values)
        for incident in self.incidents:
            at_s = incident.at_s(at)
            for bend in incident.course.bends:
                point = self.plan.points[bend.point]
                value = round(bend.value(at_s, usual[bend.point]), point.decimals + 1)
                values[bend.point] = min(max(value, point.range_lo), point.range_hi)
                quality[bend.point] = 0
        self._n += 1
        return WireFrame(
            t=round(at * 1000),
            n=self._n,
            layout=self.plan.layout,
            v=[None if math.isnan(value) else value for value in values],
            q=quality if any(quality) else None,
        )

    def _planned(self, at: float) -> tuple[list[float], list[int]]:
        """Values and qualities of an instant without incidents; those of the coming minute are made in one go."""
        if self.incidents:
            frames, row = self.model.frames(np.array([at])), 0
        else:
            place = (at - self._ahead_from) / self._interval_s
            row = round(place)
            if self._ahead is None or not 0 <= row < len(self._ahead.values) or abs(place - row) > 1e-3:
                self._ahead_from, row = at, 0
                self._ahead = self.model.frames(at + np.arange(0, AHEAD_S, self._interval_s))
            frames = self._ahead
        values: list[float] = frames.values[row].tolist()
        quality: list[int] = frames.quality[row].tolist()
        return values, quality

    def _mind_the_line(self, at: float) -> None:
        """The line is down during planned outages and while an incident cuts it."""
        down = bool(self.model.troubles.outages(at, at + 1))
        for incident in self.incidents:
            cut = incident.course.cut
            down = down or (cut is not None and cut[0] <= incident.at_s(at) < cut[1])
        if down:
            self.client.cut()
        else:
            self.client.mend()


async def _sleep_until(at: float, stop: asyncio.Event, awake: asyncio.Event) -> None:
    """Sleep until an instant, until told to stop, or until woken for an incident."""
    awake.clear()
    waits = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(awake.wait())]
    try:
        await asyncio.wait(waits, timeout=max(0.0, at - time.time()), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
