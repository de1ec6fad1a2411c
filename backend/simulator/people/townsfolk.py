"""What the people of the demo city do all day: file commitments, announce work, acknowledge alarms, forget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import structlog

from backend.simulator.city import City, EnterprisePlan
from backend.simulator.people.api import Declined, PublicApi
from backend.simulator.routines import Morning, PlannedWork, answer_to, morning_of, signature_of, works_of
from backend.simulator.routines.works import ZONE

log = structlog.get_logger()

LOOK_AROUND_S = 15.0
# People do not act in the same second, and an address may sign in 120 times a minute only.
BETWEEN_ACTS_S = 0.4
WATCHER = "city"

Clock = Callable[[], datetime]


class Townsfolk:
    """Everyone but the visitor: what has come due and is not done yet is done, again and again.

    The visitor's enterprise announces its work, but leaves its commitment and its alarms to the visitor.
    """

    def __init__(
        self,
        city: City,
        base_url: str,
        password: str,
        *,
        http: httpx.AsyncClient | None = None,
        clock: Clock = lambda: datetime.now(UTC),
        between_acts_s: float = BETWEEN_ACTS_S,
    ) -> None:
        self._city = city
        self._api = PublicApi(base_url, password, http)
        self._clock = clock
        self._between_acts_s = between_acts_s
        self._done: set[tuple[Any, ...]] = set()
        self._plans: dict[str, EnterprisePlan] = {}

    async def live(self, stop: asyncio.Event) -> None:
        """Go about the day until told to stop. An API that is down or says no is met again the next time."""
        try:
            while not stop.is_set():
                try:
                    await self.look_around()
                except httpx.HTTPError as exc:
                    log.warning("townsfolk.api_away", error=str(exc) or type(exc).__name__)
                except Declined as exc:
                    log.warning("townsfolk.declined", error=str(exc))
                try:
                    await asyncio.wait_for(stop.wait(), LOOK_AROUND_S)
                except TimeoutError:
                    continue
        finally:
            await self._api.close()

    async def look_around(self) -> None:
        """Do everything that has come due."""
        now = self._clock()
        today = now.astimezone(ZONE).date()
        self._forget_before(today)
        for plan in self._city.enterprises:
            for day in (today, today + timedelta(days=1)):
                for work in works_of(plan, day, self._city.seed):
                    await self._announce(plan, work, day, now)
            if plan is not self._city.visitor:
                await self._commit(plan, morning_of(plan, today, self._city.seed), today, now)
        await self._answer_alarms(now)

    async def _announce(self, plan: EnterprisePlan, work: PlannedWork, day: date, now: datetime) -> None:
        officer = _username(plan, "safety_officer")
        if work.told_at <= now:
            await self._once((day, "told", work.id), lambda: self._api.post(officer, "/work-reports", wire(work)))
        if work.cancelled_at is not None and work.cancelled_at <= now < work.planned_to:
            path, why = f"/work-reports/{work.id}/cancel", {"reason": work.cancel_reason}
            await self._once((day, "cancelled", work.id), lambda: self._api.post(officer, path, why))

    async def _commit(self, plan: EnterprisePlan, morning: Morning, today: date, now: datetime) -> None:
        if morning.filed_at is None or morning.filed_at > now:
            return
        await self._once((today, "committed", plan.code), lambda: self._file(plan, morning))

    async def _file(self, plan: EnterprisePlan, morning: Morning) -> None:
        signer = _username(plan, morning.signer)
        draft = await self._api.get(signer, "/commitments/draft")
        if draft["version"] is not None or not draft["isOpen"]:
            return
        content = commitment_of(plan, morning, draft["content"])
        name = next(person.name for person in plan.people if person.username == signer)
        filing: dict[str, Any] = {
            "id": str(morning.version_id),
            "commitOn": draft["commitOn"],
            "content": content,
            "signedAt": self._clock().isoformat(),
            "signature": signature_of(name),
        }
        if draft["lateReasonRequired"]:
            # Who was to file in time and comes late found the simulator off: the network of the plant, so to say.
            filing["lateReason"] = morning.late_reason or "system_fault"
            filing["lateNote"] = morning.late_note or "系统中断，恢复后补报"
        await self._api.post(signer, "/commitments", filing)

    async def _answer_alarms(self, now: datetime) -> None:
        async for alarm in self._api.items(WATCHER, "/alarms", state="unacknowledged"):
            plan = await self._plan_of(alarm["enterpriseId"])
            if plan is None or plan is self._city.visitor:
                continue
            level = alarm["worstLevel"]
            answer = answer_to(alarm["id"], level)
            rang = datetime.fromisoformat(alarm["levelSince"] if level == 2 else alarm["raisedAt"])
            if rang + timedelta(seconds=answer.after_s) <= now:
                who = _username(plan, answer.role)
                path = f"/alarms/{alarm['id']}/acknowledge"
                seen = (now.astimezone(ZONE).date(), "answered", alarm["id"], level)
                await self._once(seen, lambda who=who, path=path: self._api.post(who, path))  # type: ignore[misc]  # bound now, called now

    async def _plan_of(self, enterprise_id: str) -> EnterprisePlan | None:
        if enterprise_id not in self._plans:
            async for row in self._api.items(WATCHER, "/enterprises"):
                if plan := self._city.enterprise(row["code"]):
                    self._plans[row["id"]] = plan
        return self._plans.get(enterprise_id)

    async def _once(self, what: tuple[Any, ...], act: Callable[[], Awaitable[Any]]) -> None:
        """Do something unless it was done; what the API declines is not tried again, what it did not answer is."""
        if what in self._done:
            return
        try:
            await act()
        except Declined as exc:
            if exc.status in (401, 429) or exc.status >= 500:
                log.warning("townsfolk.declined", what=what[1], error=str(exc))
                return
            log.info("townsfolk.refused", what=what[1], error=str(exc))
        self._done.add(what)
        await asyncio.sleep(self._between_acts_s)

    def _forget_before(self, today: date) -> None:
        self._done = {what for what in self._done if what[0] >= today}


def wire(work: PlannedWork) -> dict[str, Any]:
    """A planned work as its report is sent."""
    return {
        "id": str(work.id),
        "kind": work.kind,
        "grade": work.grade,
        "place": work.place,
        "area": work.area,
        "content": work.content,
        "plannedFrom": work.planned_from.isoformat(),
        "plannedTo": work.planned_to.isoformat(),
        "people": work.people,
        "contractor": work.contractor,
        "responsible": work.responsible,
        "phone": work.phone,
    }


def commitment_of(plan: EnterprisePlan, morning: Morning, draft: dict[str, Any]) -> dict[str, Any]:
    """The draft as it was offered, with what only people know of the day."""
    duty = next(person for person in plan.people if person.role == morning.duty)
    return {
        **draft,
        **morning.changes,
        "unitsRunning": plan.units_total - morning.units_stopped - morning.units_maintenance,
        "unitsStopped": morning.units_stopped,
        "unitsMaintenance": morning.units_maintenance,
        "dutyLeader": duty.name,
        "dutyPhone": duty.phone,
        "hazardsSafe": True,
        "note": "",
    }


def _username(plan: EnterprisePlan, role: str) -> str:
    return next(person.username for person in plan.people if person.role == role)
