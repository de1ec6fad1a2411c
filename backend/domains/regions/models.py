"""The tree of administrative areas."""

from tortoise import fields
from tortoise.models import Model

from backend.domains.regions.enums import RegionKind


class Region(Model):
    """An area; `path` lists the codes from the root down to itself, so a branch is a prefix of it."""

    adcode: str = fields.CharField(max_length=6, primary_key=True)
    name: str = fields.CharField(max_length=50)
    name_en: str = fields.CharField(max_length=80)
    kind: RegionKind = fields.CharEnumField(RegionKind, max_length=20)
    parent_adcode: str | None = fields.CharField(max_length=6, null=True, db_index=True)
    path: str = fields.CharField(max_length=60)
    exchange_code: str | None = fields.CharField(max_length=6, null=True)

    class Meta:
        table = "region"
