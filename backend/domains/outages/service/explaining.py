"""Saying why data are missing, and setting how long people have for that."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.outages.enums import GapClosing, OutageCause
from backend.domains.outages.models import DataGap, GapRule
from backend.domains.outages.queries import visible_gap
from backend.domains.outages.rules import LEAST_HOURS, MOST_HOURS
from backend.errors import Invalid, Problem
from backend.kit import audit
from backend.kit.turns import take_turn


class GapClosed(Problem):
    """The gap is closed; what closed it stays."""

    kind = "gap-closed"


async def explain_gap(gap_id: UUID, cause: OutageCause, note: str, by: Viewer, now: datetime) -> DataGap:
    """Say why data are missing. A gap that is over is closed by it; one that still runs closes when data flow again.

    The same explanation once more changes nothing; another one replaces it while the gap is open, and both are on
    the audit chain.
    """
    seen = await visible_gap(by, gap_id)
    async with in_transaction():
        await take_turn("data_gap", seen.id)
        gap = await DataGap.get(id=seen.id)
        if (gap.cause, gap.note, gap.explained_by_id) == (cause, note.strip(), by.id) and gap.explained_at:
            return gap
        if gap.closed_at is not None:
            raise GapClosed("this gap is closed", closedAt=gap.closed_at, closedHow=gap.closed_how)
        before = gap.cause.value if gap.cause else None
        gap.cause, gap.note = cause, note.strip()
        gap.explained_at, gap.explained_by_id, gap.explained_by_name = now, by.id, by.name
        if gap.ended_at is not None:
            gap.closed_at, gap.closed_how = now, GapClosing.REASON
        await gap.save()
        await audit.record(
            "gap.explained",
            "data_gap",
            gap.id,
            at=now,
            person_id=by.id,
            person_name=by.name,
            reason=note.strip(),
            cause=cause,
            cause_before=before,
            closed=gap.closed_at is not None,
        )
    return gap


async def set_gap_rule(explain_within_h: int, reason: str, by: Viewer, now: datetime) -> GapRule:
    """Set within how many hours gaps are to be explained that open from now on; earlier ones keep their deadline."""
    if not LEAST_HOURS <= explain_within_h <= MOST_HOURS:
        raise Invalid(f"a deadline lies between {LEAST_HOURS} and {MOST_HOURS} h", field="explainWithinH")
    async with in_transaction():
        row = await GapRule.create(
            explain_within_h=explain_within_h,
            author_id=by.id,
            author_name=by.name,
            reason=reason.strip(),
            effective_from=now,
        )
        await audit.record(
            "gap_rule.set",
            "gap_rule",
            row.id,
            at=now,
            person_id=by.id,
            person_name=by.name,
            reason=reason.strip(),
            explain_within_h=explain_within_h,
        )
    return row
