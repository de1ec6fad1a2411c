"""Alarm episodes and what happened in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model

from backend.domains.alarms.enums import AlarmEventKind, Side
from backend.kit.ids import new_id
from backend.kit.json import dump_json, load_json


class Alarm(Model):
    """One episode of one point beyond its limits, from raised to cleared. At most one is open for a point.

    level: 1 = H, L or gas level 1; 2 = HH, LL or gas level 2; null once cleared.
    risk_level: colour now, 0 blue … 3 red; rises_at: when it climbs if nothing changes.
    late: known only from frames that arrived too late to ring anyone.
    """

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    point_id: int = fields.IntField()
    gateway_id: int = fields.IntField()
    enterprise_id: UUID = fields.UUIDField()
    adcode = fields.CharField(max_length=6)
    hazard_id: UUID | None = fields.UUIDField(null=True)
    side = fields.CharEnumField(Side, max_length=4)
    start_level: int = fields.SmallIntField()
    worst_level: int = fields.SmallIntField()
    level: int | None = fields.SmallIntField(null=True)
    level_since: datetime = fields.DatetimeField()
    risk_level: int = fields.SmallIntField()
    rises_at: datetime | None = fields.DatetimeField(null=True)
    raised_at: datetime = fields.DatetimeField()
    start_value: float = fields.FloatField()
    worst_value: float = fields.FloatField()
    limit_value: float = fields.FloatField()
    limit_set_id: int = fields.IntField()
    late = fields.BooleanField(default=False)
    acknowledged_at: datetime | None = fields.DatetimeField(null=True)
    acknowledged_by_id: UUID | None = fields.UUIDField(null=True)
    cleared_at: datetime | None = fields.DatetimeField(null=True)
    notified_level: int | None = fields.SmallIntField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "alarm"
        indexes = (
            Index(fields=("enterprise_id", "raised_at", "id")),
            Index(fields=("adcode", "raised_at", "id")),
            Index(fields=("raised_at", "id")),
            Index(fields=("point_id", "raised_at")),
            PartialIndex(fields=("rises_at",), condition={"late": False}),
        )


class AlarmEvent(Model):
    """A line of an alarm's life. Added, never changed; `id` is what a live stream resumes from."""

    id: int = fields.BigIntField(primary_key=True)
    alarm_id: UUID = fields.UUIDField(db_index=True)
    at: datetime = fields.DatetimeField()
    kind = fields.CharEnumField(AlarmEventKind, max_length=16)
    level: int | None = fields.SmallIntField(null=True)
    risk_level: int | None = fields.SmallIntField(null=True)
    value: float | None = fields.FloatField(null=True)
    person_id: UUID | None = fields.UUIDField(null=True)
    person_name = fields.CharField(max_length=50, null=True)
    detail: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json, default=dict)

    class Meta:
        table = "alarm_event"
