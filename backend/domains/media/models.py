"""Photos: what the picture shows of itself, and what the phone said when it was taken."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Photo(Model):
    """A photo as it is kept. The id is made on the phone; rows are added, never changed.

    sha256: of the kept file, which is its place on disk. original_sha256: of what was sent. taken_at, lon, lat,
    accuracy_m: what the phone said; exif_…: what the file said before it was scrubbed. Places are WGS 84.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    enterprise_id: UUID = fields.UUIDField()
    adcode = fields.CharField(max_length=6)
    sha256 = fields.CharField(max_length=64)
    original_sha256 = fields.CharField(max_length=64)
    bytes: int = fields.IntField()
    width: int = fields.IntField()
    height: int = fields.IntField()
    taken_at: datetime = fields.DatetimeField()
    lon: float | None = fields.FloatField(null=True)
    lat: float | None = fields.FloatField(null=True)
    accuracy_m: float | None = fields.FloatField(null=True)
    exif_at = fields.CharField(max_length=40, default="")
    exif_lon: float | None = fields.FloatField(null=True)
    exif_lat: float | None = fields.FloatField(null=True)
    uploaded_by_id: UUID = fields.UUIDField()
    uploaded_by_name = fields.CharField(max_length=50)
    received_at: datetime = fields.DatetimeField()
    body_hash = fields.CharField(max_length=64)

    class Meta:
        table = "photo"
        indexes = (Index(fields=("enterprise_id", "received_at")),)
