"""The sweep that keeps the ledger true: from what ingest stored to records of gaps, and to their closing.

It looks at rows alone, so a lost Redis, a worker that was down and a second worker change nothing: what was found by
an event or a sequence gap before is not found again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from backend.domains.accounts.queries import officers_of
from backend.domains.outages.enums import GapClosing, GapKind
from backend.domains.outages.models import DataGap
from backend.domains.outages.queries import rule_in_force
from backend.domains.outages.rules import closing_of
from backend.domains.outages.sweep_sql import (
    ATTACH_NUMBERS,
    COVER_BY_STOPS,
    ENDED,
    FILLED_BY_FRAMES,
    FILLED_BY_NUMBERS,
    NEW_NUMBER_GAPS,
    NEW_SILENCES,
    TO_CLOSE,
)
from backend.kit import audit
from backend.kit.ids import new_id
from backend.kit.turns import take_turn

# What one run opens at most; the next one goes on.
AT_ONCE = 500
# Gateways keep a week for sending later (standards 5.7); after that nobody waits for a backfill any more.
BACKFILL_WITHIN = timedelta(days=8)
LOOK_BACK = timedelta(days=90)
# A gateway sends at least every 30 s: three missing frames in a row are a hole.
LONGEST_HOLE = timedelta(seconds=90)
# People pull the plug a little before the hour they filed.
EARLY = timedelta(minutes=15)


class Swept(msgspec.Struct, frozen=True):
    """What a run changed."""

    opened: int = 0
    ended: int = 0
    closed: int = 0


async def sweep_gaps(now: datetime) -> Swept:
    """Open, end, fill, cover and close gaps as the stored events and frames tell."""
    async with in_transaction():
        await take_turn("sweep_gaps")
        opened = await _open(await _ask(NEW_SILENCES, now - LOOK_BACK, AT_ONCE), GapKind.SILENT, now)
        await _ask(ATTACH_NUMBERS, now - LOOK_BACK)
        opened += await _open(await _ask(NEW_NUMBER_GAPS, now - LOOK_BACK, AT_ONCE), GapKind.MISSING_NUMBERS, now)
        ended = len(await _ask(ENDED, now))
        await _ask(FILLED_BY_NUMBERS)
        await _ask(FILLED_BY_FRAMES, now - BACKFILL_WITHIN, LONGEST_HOLE, now)
        hours, _ = await rule_in_force(now)
        await _ask(COVER_BY_STOPS, EARLY, timedelta(hours=hours))
        closed = await _close(now)
    return Swept(opened, ended, closed)


async def _open(rows: list[dict[str, Any]], kind: GapKind, now: datetime) -> int:
    if not rows:
        return 0
    officers = await officers_of(row["enterprise_id"] for row in rows)
    hours, rule_id = await rule_in_force(now)
    gaps = []
    for row in rows:
        owner = officers.get(row["enterprise_id"])
        gaps.append(
            DataGap(
                id=new_id(),
                kind=kind,
                opened_at=now,
                due_at=now + timedelta(hours=hours),
                rule_id=rule_id,
                owner_id=owner.id if owner else None,
                owner_name=owner.name if owner else "",
                **row,
            )
        )
    await DataGap.bulk_create(gaps, ignore_conflicts=True)
    return len(gaps)


async def _close(now: datetime) -> int:
    closed = 0
    for row in await _ask(TO_CLOSE):
        how = closing_of(
            has_ended=row["ended_at"] is not None,
            is_filled=row["filled_at"] is not None,
            explained=row["explained_at"] is not None,
            filed_in_advance=row["filed_late"] is False,
            within_filing=row["filed_until"] is not None and row["ended_at"] <= row["filed_until"] + EARLY,
        )
        if how is None:
            continue
        closed += await DataGap.filter(id=row["id"], closed_at__isnull=True).update(closed_at=now, closed_how=how)
        await _record_closing(row, how, now)
    return closed


async def _record_closing(row: dict[str, Any], how: GapClosing, now: datetime) -> None:
    await audit.record(
        "gap.closed",
        "data_gap",
        row["id"],
        at=now,
        person_id=None,
        person_name="system",
        reason=row["note"],
        how=how,
        ended_at=row["ended_at"],
    )


async def _ask(sql: str, *arguments: Any) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(sql, list(arguments))
