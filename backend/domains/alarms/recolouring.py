"""Colours that climb with time: found in rows, so that a sweep that was missed is made up by the next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from tortoise.transactions import in_transaction

from backend.domains.alarms.enums import AlarmEventKind, RiskLevel
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.alarms.ringing import alarm_ring, channels_of
from backend.domains.alarms.rules import GAS_KINDS, Colour, colour_of, is_leak
from backend.domains.enterprises.queries import hazards_by_id
from backend.domains.monitoring.queries import kinds_of_points
from backend.kit.live import Bell
from backend.kit.queue import Queue

# Alarms moved in one transaction; what is left over waits for the next sweep, some seconds later.
AT_ONCE = 500


class Recoloured(msgspec.Struct, frozen=True):
    """An alarm that climbed, and the line that says so."""

    alarm: Alarm
    event_id: int


async def recolour(now: datetime, bell: Bell, queue: Queue) -> list[Recoloured]:
    """Move every open alarm whose colour is due to climb, and ring again for each at its new colour.

    Two sweeps at once share the work: each row is moved by whoever locks it first.
    """
    climbed = [*await _climb_with_time(now), *await _climb_as_leak(now)]
    for each in climbed:
        alarm = each.alarm
        await bell.ring(alarm_ring(alarm.id, each.event_id), channels_of(alarm.enterprise_id, alarm.adcode))
        await queue.enqueue("alarm.raised", str(alarm.id), job_id=f"alarm.raised:{alarm.id}:colour-{alarm.risk_level}")
    return climbed


async def _climb_with_time(now: datetime) -> list[Recoloured]:
    async with in_transaction():
        due = (
            await Alarm.filter(rises_at__lte=now, late=False, cleared_at=None)
            .order_by("rises_at")
            .limit(AT_ONCE)
            .select_for_update(skip_locked=True)
        )
        if not due:
            return []
        kinds = await kinds_of_points(row.point_id for row in due)
        hazards = await hazards_by_id(row.hazard_id for row in due)
        climbed: list[Recoloured] = []
        for row in due:
            assert row.level is not None, "an open alarm has a level"
            grade = hazards[row.hazard_id].grade if row.hazard_id else None
            colour = colour_of(
                kinds[row.point_id], row.level, grade, raised_at=row.raised_at, level_since=row.level_since, now=now
            )
            climbed += await _move(row, colour, now)
        return climbed


async def _climb_as_leak(now: datetime) -> list[Recoloured]:
    """Two detectors of one hazard at level 2 within minutes are a leak, and red at once."""
    async with in_transaction():
        grave = await Alarm.filter(cleared_at=None, level=2, late=False, hazard_id__isnull=False).select_for_update(
            skip_locked=True
        )
        if len(grave) < 2 or all(row.risk_level == RiskLevel.RED for row in grave):
            return []
        kinds = await kinds_of_points(row.point_id for row in grave)
        by_hazard: dict[UUID, list[Alarm]] = defaultdict(list)
        for row in grave:
            if row.hazard_id and kinds[row.point_id] in GAS_KINDS:
                by_hazard[row.hazard_id].append(row)
        climbed: list[Recoloured] = []
        for rows in by_hazard.values():
            if is_leak([row.level_since for row in rows]):
                for row in rows:
                    climbed += await _move(row, Colour(RiskLevel.RED, None), now)
        return climbed


async def _move(row: Alarm, colour: Colour, now: datetime) -> Sequence[Recoloured]:
    risen = colour.risk_level > row.risk_level
    row.risk_level, row.rises_at = max(colour.risk_level, row.risk_level), colour.rises_at
    await row.save(update_fields=["risk_level", "rises_at"])
    if not risen:
        return []
    event = await AlarmEvent.create(
        alarm_id=row.id, at=now, kind=AlarmEventKind.RECOLOURED, level=row.level, risk_level=row.risk_level
    )
    return [Recoloured(row, event.id)]
