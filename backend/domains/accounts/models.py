"""People and their sign-ins."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from backend.domains.accounts.enums import Locale, Role
from backend.kit.ids import new_id


class Person(Model):
    """Someone who signs in. Enterprise roles carry an enterprise, regulators and experts an area."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    username = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=50)
    phone = fields.CharField(max_length=32, default="")
    role = fields.CharEnumField(Role, max_length=32)
    adcode = fields.CharField(max_length=6, null=True, db_index=True)
    enterprise_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    locale = fields.CharEnumField(Locale, max_length=8, default=Locale.ZH_CN)
    password_hash: str = fields.TextField()
    active = fields.BooleanField(default=True)
    failed_count: int = fields.IntField(default=0)
    locked_until: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "person"


class Session(Model):
    """One sign-in on one device; its refresh token rotates, and an old one turning up again ends the session."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    person_id: UUID = fields.UUIDField(db_index=True)
    token_hash = fields.CharField(max_length=64)
    previous_hash = fields.CharField(max_length=64, null=True)
    rotated_at: datetime = fields.DatetimeField()
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)
    address = fields.CharField(max_length=64, default="")
    device = fields.CharField(max_length=200, default="")

    class Meta:
        table = "session"
