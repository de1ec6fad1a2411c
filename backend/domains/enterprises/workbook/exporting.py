"""Export: what a viewer may see, as a workbook that can be imported again."""

from __future__ import annotations

import asyncio
from datetime import datetime

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.enterprises.workbook.stored import load_stored
from backend.domains.enterprises.workbook.writing import make_workbook


async def export_workbook(now: datetime, *, by: Viewer | None) -> bytes:
    """All enterprises in view with what stands in them; None as `by` is the console, which sees all."""
    query = Enterprise.all() if by is None else visible_enterprises(by)
    stored = await load_stored(await query.order_by("code"), now)
    return await asyncio.to_thread(make_workbook, stored.values())
