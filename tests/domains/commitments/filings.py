"""Commitments for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from backend.domains.commitments.content import CommitmentContent
from backend.domains.commitments.models import CommitmentDeadline
from backend.domains.commitments.schemas import Filing
from backend.kit import clock
from backend.kit.clock import at_plant, plant_day

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0, on: date = TODAY) -> datetime:
    """That wall-clock time at the plant."""
    return at_plant(on, time(hour, minute), ZONE)


def content(**changes: Any) -> dict[str, Any]:
    """A quiet day as a phone sends it."""
    nothing = "hotWorkSpecial hotWork1 hotWork2 confinedSpace blindPlate workAtHeight lifting temporaryPower excavation"
    more = "roadClosure contractorJobs maintenanceJobs tankTransfers tankCleanings drainings changes"
    return {
        "unitsTotal": 6,
        "unitsRunning": 5,
        "unitsStopped": 1,
        "unitsMaintenance": 0,
        **dict.fromkeys(f"{nothing} {more}".split(), 0),
        "trialProduction": False,
        "startUpShutDown": False,
        "pilotTest": False,
        "dutyLeader": "周启明",
        "dutyPhone": "13800001190",
        "majorHiddenHazard": False,
        "hazardsSafe": True,
        "responsibleInPlace": True,
        "riskLevel": 4,
        **changes,
    }


def parsed(**changes: Any) -> CommitmentContent:
    """The same as the struct."""
    return msgspec.convert(content(**changes), CommitmentContent)


def filing(signed_at: datetime, on: date | None = None, **changes: Any) -> dict[str, Any]:
    """A signed filing as a phone sends it."""
    return {
        "id": str(uuid4()),
        "commitOn": (on or plant_day(signed_at, ZONE)).isoformat(),
        "content": content(),
        "signedAt": signed_at.isoformat(),
        "signature": "M 10 10 L 20 20",
        **changes,
    }


def taken(signed_at: datetime, on: date | None = None, **changes: Any) -> Filing:
    """The same as the service takes it."""
    return msgspec.convert(filing(signed_at, on, **changes), Filing)


def of_now(**changes: Any) -> dict[str, Any]:
    """A filing signed at this moment, for tests through the routes."""
    return filing(clock.now(), **changes)


async def hours(adcode: str, opens: time, due: time, since: date = date(2026, 1, 1)) -> CommitmentDeadline:
    """Hours in force in an area."""
    return await CommitmentDeadline.create(
        adcode=adcode,
        window_opens=opens,
        due=due,
        effective_from=since,
        author_name="市局",
        reason="测试",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


async def open_all_day(adcode: str = "370300") -> CommitmentDeadline:
    """Whatever the time is, filing is open and not due yet."""
    return await hours(adcode, time(0), time(23, 59, 59, 999_999))


async def due_since_midnight(adcode: str = "370300") -> CommitmentDeadline:
    """Whatever the time is, the deadline has passed."""
    return await hours(adcode, time(0), time(0, 0, 0, 1))
