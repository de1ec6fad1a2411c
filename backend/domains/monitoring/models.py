"""Gateways, points and the versions of their limits. Frames are a raw partitioned table: see migrations/0002."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from backend.domains.monitoring.enums import GatewayEventKind, PointKind
from backend.kit.json import dump_json, load_json


class Gateway(Model):
    """A gateway; `code` is its MQTT user name and its level in topics."""

    id: int = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=40, unique=True)
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    name = fields.CharField(max_length=80, default="")
    secret_bcrypt = fields.CharField(max_length=80)
    secret_pbkdf2 = fields.CharField(max_length=200)
    active = fields.BooleanField(default=True)
    online = fields.BooleanField(default=False)
    layout: int | None = fields.IntField(null=True)
    last_frame_at: datetime | None = fields.DatetimeField(null=True)
    lost_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField()
    updated_at: datetime = fields.DatetimeField()

    class Meta:
        table = "gateway"


class GatewayEvent(Model):
    """Lost, returned, born: one row each time, none in between."""

    id: int = fields.BigIntField(primary_key=True)
    gateway_id: int = fields.IntField()
    kind = fields.CharEnumField(GatewayEventKind, max_length=12)
    at: datetime = fields.DatetimeField()
    detail = fields.CharField(max_length=200, default="")

    class Meta:
        table = "gateway_event"
        indexes = (Index(fields=("gateway_id", "at")),)


class Layout(Model):
    """The order of values in the frames of a gateway, as its birth told; `point_ids` runs along `tags`."""

    id: int = fields.IntField(primary_key=True)
    gateway_id: int = fields.IntField()
    number: int = fields.IntField()
    tags = ArrayField(element_type="text")
    point_ids = ArrayField(element_type="int")
    received_at: datetime = fields.DatetimeField()

    class Meta:
        table = "layout"
        indexes = (Index(fields=("gateway_id", "number", "id")),)


class Point(Model):
    """One measured quantity of one instrument."""

    id: int = fields.IntField(primary_key=True)
    gateway_id: int = fields.IntField()
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    tank_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    detector_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    tag = fields.CharField(max_length=40)
    name = fields.CharField(max_length=80, default="")
    kind = fields.CharEnumField(PointKind, max_length=16)
    unit = fields.CharField(max_length=16)
    decimals: int = fields.SmallIntField(default=1)
    range_lo: float | None = fields.FloatField(null=True)
    range_hi: float | None = fields.FloatField(null=True)
    active = fields.BooleanField(default=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "point"
        unique_together = (("gateway_id", "tag"),)


class LimitSet(Model):
    """One version of a point's limits: who set it, why, and from when. Rows are added, never changed.

    proposal_id: the proposal that was verified on site and approved; None for limits set without one.
    """

    id: int = fields.IntField(primary_key=True)
    point_id: int = fields.IntField()
    version: int = fields.IntField()
    limit_ll: float | None = fields.FloatField(null=True)
    limit_l: float | None = fields.FloatField(null=True)
    limit_h: float | None = fields.FloatField(null=True)
    limit_hh: float | None = fields.FloatField(null=True)
    deadband: float = fields.FloatField()
    on_delay_s: float = fields.FloatField()
    off_delay_s: float = fields.FloatField()
    author_id: UUID | None = fields.UUIDField(null=True)
    author_name = fields.CharField(max_length=50)
    reason = fields.CharField(max_length=300)
    basis = fields.CharField(max_length=300, default="")
    proposal_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    effective_from: datetime = fields.DatetimeField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "limit_set"
        unique_together = (("point_id", "version"),)


class Reject(Model):
    """What a gateway sent and we could not take, with the reason. Bounded for each gateway and hour."""

    id: int = fields.BigIntField(primary_key=True)
    gateway_id: int | None = fields.IntField(null=True)
    topic = fields.CharField(max_length=300)
    reason = fields.CharField(max_length=32)
    detail = fields.CharField(max_length=500, default="")
    payload: bytes = fields.BinaryField()
    received_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "reject"
        indexes = (Index(fields=("gateway_id", "received_at")),)


class FrameGap(Model):
    """Sequence numbers that never came; closed when the backfill has brought all `missing` ones."""

    id: int = fields.BigIntField(primary_key=True)
    gateway_id: int = fields.IntField()
    from_n: int = fields.BigIntField()
    to_n: int = fields.BigIntField()
    missing: int = fields.BigIntField()
    opened_at: datetime = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "frame_gap"
        indexes = (Index(fields=("gateway_id", "from_n")),)


class JudgingDelay(Model):
    """Where the judging of a point stands inside its delays, so that a restart forgets nothing.

    since_…: source time from which that limit's on-delay runs, or its off-delay while the alarm stands.
    A point without a running delay has no row.
    """

    point_id: int = fields.IntField(primary_key=True, generated=False)
    since_ll: datetime | None = fields.DatetimeField(null=True)
    since_l: datetime | None = fields.DatetimeField(null=True)
    since_h: datetime | None = fields.DatetimeField(null=True)
    since_hh: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "judging_delay"


class EdgeEvent(Model):
    """What a gateway saw happen, such as an earth clamp that came off; `event_id` is the gateway's own."""

    id: int = fields.BigIntField(primary_key=True)
    gateway_id: int = fields.IntField()
    event_id = fields.CharField(max_length=64)
    at: datetime = fields.DatetimeField()
    kind = fields.CharField(max_length=60)
    bay = fields.CharField(max_length=40, null=True)
    arm = fields.CharField(max_length=40, null=True)
    is_on = fields.BooleanField(null=True)
    detail: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json, default=dict)
    received_at: datetime = fields.DatetimeField()

    class Meta:
        table = "edge_event"
        unique_together = (("gateway_id", "event_id"),)
        indexes = (Index(fields=("gateway_id", "at")),)


class IngestOwner(Model):
    """Who holds the stream of a region, for people to see. The lock of its database session is what counts.

    token grows with each owner. stands_in: it holds the region because nobody was there who was told to.
    """

    region = fields.CharField(max_length=16, primary_key=True)
    owner = fields.CharField(max_length=120)
    backend_pid: int = fields.IntField()
    token: int = fields.BigIntField()
    stands_in = fields.BooleanField()
    since: datetime = fields.DatetimeField()
    renewed_at: datetime = fields.DatetimeField()
    wanted_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "ingest_owner"


class SparkplugNode(Model):
    """The Sparkplug session of a gateway: what was born, so that data by alias can be read after a restart.

    devices: device ("" = the node itself) → [[metric, data type, alias], …].
    """

    gateway_id: int = fields.IntField(primary_key=True, generated=False)
    bd_seq: int | None = fields.BigIntField(null=True)
    is_alive = fields.BooleanField()
    devices: dict[str, Any] = fields.JSONField(encoder=dump_json, decoder=load_json)
    changed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "sparkplug_node"


class PointFreeze(Model):
    """A point that stood still beyond physics, as the sweep found it. ended_at: when it was seen moving again."""

    id: int = fields.BigIntField(primary_key=True)
    point_id: int = fields.IntField()
    since: datetime = fields.DatetimeField()
    found_at: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "point_freeze"
        indexes = (Index(fields=("point_id", "found_at")),)
