"""Enterprises and what stands in them."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.domains.enterprises.enums import GasClass
from backend.kit.ids import new_id


class Enterprise(Model):
    """A hazardous-chemicals enterprise; `code` is its code in the registration system and its level in MQTT topics."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    code = fields.CharField(max_length=20, unique=True)
    name = fields.CharField(max_length=120)
    short_name = fields.CharField(max_length=40)
    initials = fields.CharField(max_length=60, default="")
    uscc = fields.CharField(max_length=18, null=True, unique=True)
    adcode = fields.CharField(max_length=6, db_index=True)
    address = fields.CharField(max_length=200, default="")
    lon: float | None = fields.FloatField(null=True)
    lat: float | None = fields.FloatField(null=True)
    park = fields.CharField(max_length=80, null=True)
    residents_500m: int = fields.IntField(default=0)
    units_total: int = fields.IntField(default=0)
    active = fields.BooleanField(default=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "enterprise"


class MajorHazard(Model):
    """A major hazard installation; grade 1 is the gravest (GB 18218)."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    code = fields.CharField(max_length=20, unique=True)
    name = fields.CharField(max_length=80)
    grade: int = fields.SmallIntField()
    r_value: float | None = fields.FloatField(null=True)

    class Meta:
        table = "major_hazard"


class Tank(Model):
    """A storage tank of a major hazard."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField(db_index=True)
    hazard_id: UUID = fields.UUIDField(db_index=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)
    medium = fields.CharField(max_length=40)
    volume_m3: float | None = fields.FloatField(null=True)

    class Meta:
        table = "tank"
        unique_together = (("enterprise_id", "code"),)


class GasDetector(Model):
    """A fixed gas detector; x, y in metres in the plant's own grid."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    hazard_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)
    gas = fields.CharEnumField(GasClass, max_length=8)
    medium = fields.CharField(max_length=40, default="")
    area = fields.CharField(max_length=60, default="")
    x_m: float | None = fields.FloatField(null=True)
    y_m: float | None = fields.FloatField(null=True)

    class Meta:
        table = "gas_detector"
        indexes = (Index(fields=("enterprise_id", "area")),)
        unique_together = (("enterprise_id", "code"),)
