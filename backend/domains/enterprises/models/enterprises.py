"""Enterprises and whom to call there."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from backend.kit.ids import new_id


class Enterprise(Model):
    """A hazardous-chemicals enterprise; `code` is its code in the registration system and its level in MQTT topics.

    long_code: the 11 digits that some provinces use beside the 9 of the registration system (standards 7.4).
    city_managed: it reports to the city itself and not to its district. From `legal_representative` on: what the
    enterprise maintains itself; `info_version` counts these changes.
    """

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    code = fields.CharField(max_length=20, unique=True)
    long_code = fields.CharField(max_length=11, null=True, unique=True)
    name = fields.CharField(max_length=120)
    short_name = fields.CharField(max_length=40)
    initials = fields.CharField(max_length=60, default="")
    uscc = fields.CharField(max_length=18, null=True, unique=True)
    adcode = fields.CharField(max_length=6, db_index=True)
    city_managed = fields.BooleanField(default=False, db_default=False)
    address = fields.CharField(max_length=200, default="")
    lon: float | None = fields.FloatField(null=True)
    lat: float | None = fields.FloatField(null=True)
    park = fields.CharField(max_length=80, null=True)
    residents_500m: int = fields.IntField(default=0)
    units_total: int = fields.IntField(default=0)
    legal_representative = fields.CharField(max_length=50, default="", db_default="")
    licence_no = fields.CharField(max_length=60, default="", db_default="")
    duty_phone = fields.CharField(max_length=32, default="", db_default="")
    staff_count: int | None = fields.IntField(null=True)
    products = fields.CharField(max_length=300, default="", db_default="")
    about = fields.CharField(max_length=1000, default="", db_default="")
    info_version: int = fields.IntField(default=1, db_default=1)
    active = fields.BooleanField(default=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "enterprise"


class Contact(Model):
    """Whom to call at an enterprise about what; `duty` in its own words, such as 设备 or 消防."""

    id: UUID = fields.UUIDField(primary_key=True, default=new_id)
    enterprise_id: UUID = fields.UUIDField()
    duty = fields.CharField(max_length=40)
    name = fields.CharField(max_length=50)
    phone = fields.CharField(max_length=32)

    class Meta:
        table = "enterprise_contact"
        unique_together = (("enterprise_id", "duty", "name"),)
