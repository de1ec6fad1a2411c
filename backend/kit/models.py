"""Tables that belong to no domain: secrets made at first start, and the audit chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.kit.json import dump_json, load_json


class Secret(Model):
    """A key made once and kept: token signing, VAPID, the broker's client identifier."""

    name = fields.CharField(max_length=40, primary_key=True)
    value: str = fields.TextField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "secret"


class AuditRow(Model):
    """A change that people made: author, reason, time. Each row's hash includes the one before."""

    id: int = fields.BigIntField(primary_key=True)
    at: datetime = fields.DatetimeField()
    person_id: UUID | None = fields.UUIDField(null=True)
    person_name = fields.CharField(max_length=50)
    verb = fields.CharField(max_length=40)
    object_kind = fields.CharField(max_length=32)
    object_id = fields.CharField(max_length=64)
    reason = fields.CharField(max_length=500, default="")
    detail: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json, default=dict)
    previous_hash = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "audit"
        indexes = (Index(fields=("object_kind", "object_id")),)
