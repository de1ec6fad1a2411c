"""The access ledger: steps of each hazard, and whom to call about them."""

from datetime import date, datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from backend.domains.access.enums import AccessStep
from backend.kit.ids import new_id


class AccessEntry(Model):
    """One step of one line of the ledger; hazard_id None = an enterprise without major hazards.

    done_on: the day it was done. due_on: the day it is to be done. blocker: what holds it up; empty = nothing.
    version counts the changes, each of which is on the audit chain.
    """

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    adcode = fields.CharField(max_length=6, db_index=True)
    hazard_id: UUID | None = fields.UUIDField(null=True)
    step = fields.CharEnumField(AccessStep, max_length=20)
    due_on: date | None = fields.DateField(null=True)
    done_on: date | None = fields.DateField(null=True)
    done_by = fields.CharField(max_length=50, default="")
    blocker = fields.CharField(max_length=200, default="")
    note = fields.CharField(max_length=300, default="")
    version: int = fields.IntField(default=1)
    updated_at: datetime = fields.DatetimeField()
    updated_by_id: UUID | None = fields.UUIDField(null=True)
    updated_by_name = fields.CharField(max_length=50)

    class Meta:
        table = "access_entry"


class AccessPhoto(Model):
    """A photo that shows a step of one line: the gateway in its cabinet, the lamp that burns, the tag that was read.

    Rows are added, never changed; the picture itself, when, where and by whom it was taken, is the media domain's.
    """

    id: int = fields.BigIntField(primary_key=True)
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    adcode = fields.CharField(max_length=6)
    hazard_id: UUID | None = fields.UUIDField(null=True)
    step = fields.CharEnumField(AccessStep, max_length=20)
    photo_id: UUID = fields.UUIDField()
    added_at: datetime = fields.DatetimeField()
    added_by_id: UUID = fields.UUIDField()
    added_by_name = fields.CharField(max_length=50)

    class Meta:
        table = "access_photo"


class AccessContact(Model):
    """Whom to call: the contact person of a district's working group, or of an enterprise (notice S23).

    Name, telephone and duty may be corrected, with a reason on the audit chain; left_reason: why they are it no more.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    adcode = fields.CharField(max_length=6, db_index=True)
    enterprise_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    name = fields.CharField(max_length=50)
    phone = fields.CharField(max_length=32)
    duty = fields.CharField(max_length=60, default="")
    body_hash = fields.CharField(max_length=64)
    entered_at: datetime = fields.DatetimeField()
    entered_by_name = fields.CharField(max_length=50)
    left_at: datetime | None = fields.DatetimeField(null=True)
    left_by_name = fields.CharField(max_length=50, default="")
    left_reason = fields.CharField(max_length=300, default="", db_default="")

    class Meta:
        table = "access_contact"
