"""Push subscriptions and the ledger of what was sent to whom."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.domains.notifications.enums import Channel, DeliveryState
from backend.kit.ids import new_id


class PushSubscription(Model):
    """A phone that may be rung; removed when its push service says it is gone (the ledger remembers)."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    person_id: UUID = fields.UUIDField(db_index=True)
    session_id: UUID | None = fields.UUIDField(null=True)
    endpoint = fields.CharField(max_length=1000, unique=True)
    p256dh = fields.CharField(max_length=120)
    auth = fields.CharField(max_length=60)
    device = fields.CharField(max_length=200, default="")
    created_at: datetime = fields.DatetimeField()
    last_accepted_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "push_subscription"


class Delivery(Model):
    """One message to one person over one channel, and how far it came."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    person_id: UUID = fields.UUIDField()
    alarm_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    risk_level: int | None = fields.SmallIntField(null=True)
    channel = fields.CharEnumField(Channel, max_length=16)
    subscription_id: UUID | None = fields.UUIDField(null=True)
    state = fields.CharEnumField(DeliveryState, max_length=12)
    attempts: int = fields.SmallIntField(default=0)
    queued_at: datetime = fields.DatetimeField()
    accepted_at: datetime | None = fields.DatetimeField(null=True)
    shown_at: datetime | None = fields.DatetimeField(null=True)
    detail = fields.CharField(max_length=300, default="")

    class Meta:
        table = "delivery"
        unique_together = (("alarm_id", "risk_level", "subscription_id"),)
        indexes = (Index(fields=("person_id", "queued_at")), Index(fields=("state", "queued_at")))
