"""The audit chain: every change a person makes leaves a row whose hash includes the row before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from tortoise.transactions import in_transaction

from backend.kit.models import AuditRow

# Any number will do; it makes writers take turns, because a chain has one end.
CHAIN_LOCK = 595002
FIRST_HASH = "0" * 64


async def record(
    verb: str,
    object_kind: str,
    object_id: object,
    *,
    at: datetime,
    person_id: UUID | None,
    person_name: str,
    reason: str = "",
    **detail: Any,
) -> AuditRow:
    """Append one row in the caller's transaction (or one of its own)."""
    async with in_transaction() as tx:
        await tx.execute_query("select pg_advisory_xact_lock($1)", [CHAIN_LOCK])
        last = await AuditRow.all().order_by("-id").first()
        row = AuditRow(
            at=at,
            person_id=person_id,
            person_name=person_name,
            verb=verb,
            object_kind=object_kind,
            object_id=str(object_id),
            reason=reason,
            detail=msgspec.to_builtins(detail),
            previous_hash=last.hash if last else FIRST_HASH,
        )
        row.hash = _digest(row)
        await row.save()
        return row


class Entry(msgspec.Struct, kw_only=True):
    """A row to append: everything but who and when, which many rows share."""

    verb: str
    object_kind: str
    object_id: object
    reason: str = ""
    detail: dict[str, Any] = {}


async def record_all(entries: Sequence[Entry], *, at: datetime, person_id: UUID | None, person_name: str) -> None:
    """Append many rows in their order, as `record` would one by one, with two statements."""
    if not entries:
        return
    async with in_transaction() as tx:
        await tx.execute_query("select pg_advisory_xact_lock($1)", [CHAIN_LOCK])
        last = await AuditRow.all().order_by("-id").first()
        previous = last.hash if last else FIRST_HASH
        rows: list[AuditRow] = []
        for entry in entries:
            row = AuditRow(
                at=at,
                person_id=person_id,
                person_name=person_name,
                verb=entry.verb,
                object_kind=entry.object_kind,
                object_id=str(entry.object_id),
                reason=entry.reason,
                detail=msgspec.to_builtins(entry.detail),
                previous_hash=previous,
            )
            row.hash = previous = _digest(row)
            rows.append(row)
        await AuditRow.bulk_create(rows, batch_size=500)


async def rows_about(
    object_kind: str, object_id: object, verbs: Sequence[str], limit: int, before: int | None = None
) -> list[AuditRow]:
    """Up to `limit + 1` rows with these verbs about one object, newest first; before: only rows older than that id."""
    query = AuditRow.filter(object_kind=object_kind, object_id=str(object_id), verb__in=list(verbs))
    if before is not None:
        query = query.filter(id__lt=before)
    return await query.order_by("-id").limit(limit + 1)


async def first_broken() -> int | None:
    """The id of the first row that does not fit the one before it, or None when the chain holds."""
    previous, after = FIRST_HASH, 0
    while rows := await AuditRow.filter(id__gt=after).order_by("id").limit(1000):
        for row in rows:
            if row.previous_hash != previous or row.hash != _digest(row):
                return row.id
            previous, after = row.hash, row.id
    return None


def _digest(row: AuditRow) -> str:
    told = (
        row.at.isoformat(timespec="microseconds"),
        str(row.person_id or ""),
        row.person_name,
        row.verb,
        row.object_kind,
        row.object_id,
        row.reason,
        row.detail,
        row.previous_hash,
    )
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
