"""The daily safety commitment: a day of an enterprise, and every version that was filed for it."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.domains.commitments.enums import LateReason
from backend.kit.ids import new_id
from backend.kit.json import dump_json, load_json


class CommitmentDeadline(Model):
    """The hours of a region, from a day on. Rows are added, never changed."""

    id: int = fields.IntField(primary_key=True)
    adcode = fields.CharField(max_length=6)
    window_opens: time = fields.TimeField()
    due: time = fields.TimeField()
    effective_from: date = fields.DateField()
    author_name = fields.CharField(max_length=50)
    reason = fields.CharField(max_length=300)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "commitment_deadline"
        indexes = (Index(fields=("adcode", "effective_from")),)


class Commitment(Model):
    """A day of an enterprise. on_time is decided by the first filing; `version` is the newest one."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    adcode = fields.CharField(max_length=6)
    commit_on: date = fields.DateField()
    version: int = fields.IntField()
    due_at: datetime = fields.DatetimeField()
    deadline_id: int | None = fields.IntField(null=True)
    first_filed_at: datetime = fields.DatetimeField()
    on_time = fields.BooleanField()
    late_reason = fields.CharEnumField(LateReason, max_length=32, null=True)
    late_note = fields.CharField(max_length=500, default="")

    class Meta:
        table = "commitment"
        unique_together = (("enterprise_id", "commit_on"),)
        indexes = (Index(fields=("commit_on", "adcode")),)


class CommitmentVersion(Model):
    """What was filed, exactly; the id is made on the phone, so that sending twice files once."""

    id: UUID = fields.UUIDField(primary_key=True)
    commitment_id: UUID = fields.UUIDField(db_index=True)
    version: int = fields.IntField()
    content: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json)
    body_hash = fields.CharField(max_length=64)
    signer_id: UUID = fields.UUIDField()
    signer_name = fields.CharField(max_length=50)
    signature: str = fields.TextField(default="")
    signed_at: datetime = fields.DatetimeField()
    filed_at: datetime = fields.DatetimeField()
    change_reason = fields.CharField(max_length=300, default="")

    class Meta:
        table = "commitment_version"
        unique_together = (("commitment_id", "version"),)
