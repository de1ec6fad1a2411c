"""Photos on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar.datastructures import UploadFile
from msgspec import Meta, Struct

MOST_BYTES = 12_000_000


class PhotoUpload(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A photo of something at an enterprise; `id` is made on the phone. Place (WGS 84) and time are the phone's."""

    id: Annotated[UUID, Meta(examples=["0193b1a2-7c00-7000-8000-000000000002"])]
    enterprise_id: UUID
    taken_at: Annotated[datetime, Meta(tz=True, examples=["2026-11-24T10:30:12+08:00"])]
    file: UploadFile
    lon: Annotated[float, Meta(ge=-180, le=180)] | None = None
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] | None = None


class PhotoOut(Struct, rename="camel"):
    """A photo as it is kept: the picture is at `url`. exif…: what the file itself said, before it was scrubbed."""

    id: UUID
    enterprise_id: UUID
    url: Annotated[str, Meta(examples=["/api/v1/photos/0193b1a2-7c00-7000-8000-000000000002/image"])]
    sha256: str
    bytes: int
    width: int
    height: int
    taken_at: datetime
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    exif_at: str
    exif_lon: float | None
    exif_lat: float | None
    uploaded_by_name: str
    received_at: datetime
