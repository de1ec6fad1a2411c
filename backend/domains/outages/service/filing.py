"""Filing a stop beforehand, making it longer, and saying that it is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprises
from backend.domains.monitoring.queries import visible_gateways, visible_point
from backend.domains.outages.enums import OutageScope, StopEnding
from backend.domains.outages.models import OfflineFiling, OfflineProlongation
from backend.domains.outages.queries import visible_stop
from backend.domains.outages.rules import fault_of_hours, fault_of_prolongation, is_late
from backend.domains.outages.schemas import StopDraft
from backend.errors import Invalid, NotAllowed, NotVisible, Problem, SameIdOtherBody
from backend.kit import audit
from backend.kit.fingerprint import fingerprint
from backend.kit.turns import take_turn


class StopClosed(Problem):
    """The stop was closed before; who and when stay as they are."""

    kind = "stop-closed"


async def file_stop(draft: StopDraft, by: Viewer, now: datetime) -> tuple[OfflineFiling, bool]:
    """File a planned stop; returns it and whether it is new. One that had begun already is taken and marked late.

    The same id with the same content answers the stop filed the first time, so a phone may send again.
    """
    enterprise = await visible_enterprises(by).get_or_none(id=by.enterprise_id) if by.enterprise_id else None
    if enterprise is None:
        raise NotAllowed("only people of a working enterprise file a stop")
    body = fingerprint(enterprise.id, draft)
    if known := await OfflineFiling.get_or_none(id=draft.id):
        return _same(known, body), False
    if fault := fault_of_hours(draft.starts_at, draft.ends_at, now):
        raise Invalid(fault.words, field=fault.field)
    await _check_scope(draft, by)
    async with in_transaction():
        await take_turn("offline_filing", draft.id)
        # A twin of this request may have been served while we waited.
        if known := await OfflineFiling.get_or_none(id=draft.id):
            return _same(known, body), False
        stop = await OfflineFiling.create(
            **msgspec.structs.asdict(draft),
            enterprise_id=enterprise.id,
            adcode=enterprise.adcode,
            first_ends_at=draft.ends_at,
            filed_late=is_late(draft.starts_at, now),
            body_hash=body,
            filed_by_id=by.id,
            filed_by_name=by.name,
            filed_at=now,
        )
        await _record("stop.filed", stop, by, now, draft.reason, late=stop.filed_late, body=body)
    return stop, True


async def prolong_stop(stop_id: UUID, until: datetime, reason: str, by: Viewer, now: datetime) -> OfflineFiling:
    """Let a stop end later. Saying so again changes nothing; saying so after its end is taken and marked late."""
    seen = await visible_stop(by, stop_id)
    async with in_transaction():
        await take_turn("offline_filing", seen.id)
        stop = await OfflineFiling.get(id=seen.id)
        if stop.closed_at is not None:
            raise _closed(stop)
        if stop.ends_at == until:
            return stop
        if fault := fault_of_prolongation(stop.ends_at, until, stop.starts_at, now):
            raise Invalid(fault.words, field=fault.field)
        await OfflineProlongation.create(
            filing_id=stop.id,
            from_ends_at=stop.ends_at,
            to_ends_at=until,
            reason=reason.strip(),
            filed_late=is_late(stop.ends_at, now),
            by_id=by.id,
            by_name=by.name,
            at=now,
        )
        await _record("stop.prolonged", stop, by, now, reason, from_ends_at=stop.ends_at, to_ends_at=until)
        stop.ends_at = until
        await stop.save(update_fields=["ends_at"])
    return stop


async def return_stop(stop_id: UUID, note: str, by: Viewer, now: datetime) -> OfflineFiling:
    """Say that what was stopped is back, or, before it began, that it will not happen.

    The same person saying it again changes nothing, so a phone may send again.
    """
    stop = await visible_stop(by, stop_id)
    ending = StopEnding.WITHDRAWN if now < stop.starts_at else StopEnding.RETURNED
    done = await close_stop(stop, ending, now, by=by, note=note)
    stop = await OfflineFiling.get(id=stop.id)
    if not done and stop.closed_by_id != by.id:
        raise _closed(stop)
    return stop


async def close_stop(stop: OfflineFiling, ending: StopEnding, now: datetime, *, by: Viewer | None, note: str) -> bool:
    """Close a stop, once; False when it was closed before. by: None = the sweep saw data flow again."""
    async with in_transaction():
        done = await OfflineFiling.filter(id=stop.id, closed_at__isnull=True).update(
            closed_at=now,
            ending=ending,
            closed_by_id=by.id if by else None,
            closed_by_name=by.name if by else "",
            closing_note=note.strip(),
        )
        if done:
            await _record(f"stop.{ending.value}", stop, by, now, note)
    return bool(done)


async def _check_scope(draft: StopDraft, by: Viewer) -> None:
    """Raises Invalid where the scope and what it names do not fit, NotVisible where it is another's."""
    named = {OutageScope.GATEWAY: draft.gateway_id, OutageScope.POINT: draft.point_id}
    for scope, value in named.items():
        field = f"{scope.value}Id"
        if draft.scope is scope and value is None:
            raise Invalid(f"say which {scope.value} is stopped", field=field)
        if draft.scope is not scope and value is not None:
            raise Invalid(f"a stop of the {draft.scope.value} names no {scope.value}", field=field)
    if draft.point_id is not None:
        await visible_point(by, draft.point_id)
    if draft.gateway_id is not None and not await visible_gateways(by).filter(id=draft.gateway_id).exists():
        raise NotVisible("there is no such gateway at your enterprise", id=draft.gateway_id)


def _same(known: OfflineFiling, body: str) -> OfflineFiling:
    if known.body_hash != body:
        raise SameIdOtherBody("another stop was sent under this id before", id=str(known.id))
    return known


def _closed(stop: OfflineFiling) -> StopClosed:
    return StopClosed(
        "this stop was closed before", closedAt=stop.closed_at, closedByName=stop.closed_by_name, ending=stop.ending
    )


async def _record(
    verb: str, stop: OfflineFiling, by: Viewer | None, now: datetime, reason: str, **detail: object
) -> None:
    await audit.record(
        verb,
        "offline_filing",
        stop.id,
        at=now,
        person_id=by.id if by else None,
        person_name=by.name if by else "system",
        reason=reason.strip(),
        **detail,
    )
