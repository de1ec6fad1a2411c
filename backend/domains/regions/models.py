"""The tree of administrative areas."""

from tortoise import fields
from tortoise.models import Model

from backend.domains.regions.enums import RegionKind


class Region(Model):
    """An area; `path` lists the codes from the root down to itself, so a branch is a prefix of it."""

    adcode = fields.CharField(max_length=6, primary_key=True)
    name = fields.CharField(max_length=50)
    name_en = fields.CharField(max_length=80)
    kind = fields.CharEnumField(RegionKind, max_length=20)
    parent_adcode = fields.CharField(max_length=6, null=True, db_index=True)
    path = fields.CharField(max_length=60)
    exchange_code = fields.CharField(max_length=6, null=True)

    class Meta:
        table = "region"
