"""Pictures for tests, made by Pillow."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID, uuid4

from httpx import Response
from PIL import ExifTags, Image

from tests.people import People

TAKEN_AT = datetime(2026, 1, 3, 2, 30, 12, tzinfo=UTC)


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, orientation: int = 1, gps: bool = False
) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, (200, 0, 0))
    image.paste((0, 0, 200), (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "a telltale maker"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:01:03 10:30:12"
    if gps:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N",
                ExifTags.GPS.GPSLatitude: (36.0, 48.0, 36.0),
                ExifTags.GPS.GPSLongitudeRef: "W",
                ExifTags.GPS.GPSLongitude: (118.0, 18.0, 0.0),
            }
        )
    out = BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


async def send_photo(
    people: People,
    who: str,
    enterprise_id: UUID,
    data: bytes | None = None,
    *,
    id: UUID | None = None,
    **fields: str,
) -> Response:
    """Upload as that person; a fresh id and a good picture unless given."""
    form = {"id": str(id or uuid4()), "enterpriseId": str(enterprise_id), "takenAt": TAKEN_AT.isoformat(), **fields}
    return await people.client.post(
        "/api/v1/photos",
        data=form,
        files={"file": ("tank.jpg", picture() if data is None else data, "image/jpeg")},
        headers=await people.sign_in(who),
    )
