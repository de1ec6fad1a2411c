"""Stops for tests, as a phone sends them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from backend.kit import clock


def stop(begins: datetime | None = None, hours: float = 8, **changes: Any) -> dict[str, Any]:
    """The body of a filing; it begins in an hour where nothing else is said."""
    start = begins or clock.now() + timedelta(hours=1)
    usual = {
        "id": str(uuid4()),
        "scope": "enterprise",
        "cause": "maintenance",
        "startsAt": start.isoformat(),
        "endsAt": (start + timedelta(hours=hours)).isoformat(),
        "reason": "年度检修，仪表柜停电",
    }
    return {**usual, **changes}
