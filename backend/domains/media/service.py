"""Taking a photo in: checked, scrubbed, marked, kept by its content."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tortoise.transactions import in_transaction

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprise
from backend.domains.media.imaging import NoPicture, make_picture
from backend.domains.media.models import Photo
from backend.domains.media.schemas import PhotoUpload
from backend.domains.media.storing import keep
from backend.errors import Invalid, Problem, SameIdOtherBody
from backend.kit import audit
from backend.kit.fingerprint import fingerprint
from backend.kit.turns import take_turn

# A phone's clock may run ahead of ours this far.
CLOCKS_DIFFER = timedelta(minutes=5)
# Pictures take memory and a core each while they are prepared.
AT_ONCE = asyncio.Semaphore(2)


class NotAPicture(Problem):
    """What was sent is no JPEG, PNG or WebP picture, is damaged, or has too many pixels."""

    status, kind = 422, "not-a-picture"


async def take_photo(
    upload: PhotoUpload, data: bytes, by: Viewer, now: datetime, root: Path, zone: ZoneInfo
) -> tuple[Photo, bool]:
    """Keep a photo; returns it and whether it is new. Sending the same again answers the same."""
    enterprise = await visible_enterprise(by, upload.enterprise_id)
    original = hashlib.sha256(data).hexdigest()
    body = fingerprint(
        by.id, upload.id, enterprise.id, upload.taken_at, upload.lon, upload.lat, upload.accuracy_m, original
    )
    if known := await Photo.get_or_none(id=upload.id):
        return _same(known, body), False
    if upload.taken_at > now + CLOCKS_DIFFER:
        raise Invalid("a photo cannot be taken in the future; check the phone's clock", field="takenAt")
    if (upload.lon is None) != (upload.lat is None):
        raise Invalid("a place has a longitude and a latitude", field="lat")
    try:
        async with AT_ONCE:
            picture = await asyncio.to_thread(make_picture, data, mark_of(upload, zone))
    except NoPicture as exc:
        raise NotAPicture(str(exc), field="file") from exc
    sha256 = hashlib.sha256(picture.jpeg).hexdigest()
    # The file first: a row without its file would be a hole in a record, a file without a row is only clutter.
    await asyncio.to_thread(keep, root, sha256, picture.jpeg)
    async with in_transaction():
        await take_turn("photo", upload.id)
        if known := await Photo.get_or_none(id=upload.id):
            return _same(known, body), False
        photo = await Photo.create(
            id=upload.id,
            enterprise_id=enterprise.id,
            adcode=enterprise.adcode,
            sha256=sha256,
            original_sha256=original,
            bytes=len(picture.jpeg),
            width=picture.width,
            height=picture.height,
            taken_at=upload.taken_at,
            lon=upload.lon,
            lat=upload.lat,
            accuracy_m=upload.accuracy_m,
            exif_at=picture.facts.at,
            exif_lon=picture.facts.lon,
            exif_lat=picture.facts.lat,
            uploaded_by_id=by.id,
            uploaded_by_name=by.name,
            received_at=now,
            body_hash=body,
        )
        await audit.record(
            "photo.taken",
            "photo",
            photo.id,
            at=now,
            person_id=by.id,
            person_name=by.name,
            sha256=sha256,
            original_sha256=original,
        )
    return photo, True


def mark_of(upload: PhotoUpload, zone: ZoneInfo) -> str:
    """What is written into the picture: time at the plant with its offset, and the place with its accuracy."""
    taken = upload.taken_at.astimezone(zone).isoformat(" ", "seconds")
    if upload.lon is None or upload.lat is None:
        return f"{taken}\nno position"
    place = (
        f"{abs(upload.lat):.5f}{'N' if upload.lat >= 0 else 'S'} {abs(upload.lon):.5f}{'E' if upload.lon >= 0 else 'W'}"
    )
    return f"{taken}\n{place}" + ("" if upload.accuracy_m is None else f" +/-{upload.accuracy_m:.0f} m")


def _same(known: Photo, body: str) -> Photo:
    if known.body_hash != body:
        raise SameIdOtherBody("another photo was sent under this id before", id=str(known.id))
    return known
