"""Work reports for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from backend.domains.permits.schemas import WorkReportDraft

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # 12:00 at the plant


def hot_work(start: datetime, hours: float = 4, **changes: Any) -> dict[str, Any]:
    """A grade 1 hot work as a phone sends it."""
    return {
        "id": str(uuid4()),
        "kind": "hot_work",
        "grade": "grade_1",
        "place": "二车间 R-201 平台",
        "area": "二车间",
        "content": "出料管线法兰焊接",
        "plannedFrom": start.isoformat(),
        "plannedTo": (start + timedelta(hours=hours)).isoformat(),
        "people": 3,
        "responsible": "王建国",
        "phone": "13800001234",
        **changes,
    }


def draft(start: datetime, hours: float = 4, **changes: Any) -> WorkReportDraft:
    """The same as the service takes it."""
    return msgspec.convert(hot_work(start, hours, **changes), WorkReportDraft)
