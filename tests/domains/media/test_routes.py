"""Photos over HTTP."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from backend.domains.media.models import Photo
from backend.kit.models import AuditRow
from tests.domains.media.pictures import picture, send_photo
from tests.people import People

pytestmark = pytest.mark.anyio


async def test_nobody_sends_or_sees_photos(people: People) -> None:
    made = (await send_photo(people, "expert", people.own.id)).json()
    for path in (f"/api/v1/photos/{made['id']}", made["url"]):
        assert (await people.client.get(path)).status_code == 401
    assert (await people.client.post("/api/v1/photos")).status_code == 401


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("stranger", 404),
        ("huantai", 404),
        ("far", 404),
        ("officer", 200),
        ("linzi", 200),
        ("city", 200),
        ("admin", 200),
    ],
)
async def test_whoever_sees_the_enterprise_sees_its_photos(people: People, who: str, status: int) -> None:
    made = (await send_photo(people, "expert", people.own.id)).json()
    assert (await people.get(who, f"/photos/{made['id']}")).status_code == status
    assert (await people.get(who, f"/photos/{made['id']}/image")).status_code == status


async def test_a_photo_is_kept_marked_and_may_be_cached_for_ever(people: People) -> None:
    answer = await send_photo(
        people, "expert", people.own.id, picture(gps=True), lon="118.305", lat="36.812", accuracyM="4"
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["width"], made["height"], made["lon"], made["lat"], made["accuracyM"]) == (
        640,
        480,
        118.305,
        36.812,
        4,
    )
    assert (made["exifAt"], made["exifLat"]) == ("2026:01:03 10:30:12", pytest.approx(36.81))
    shown = await people.get("linzi", f"/photos/{made['id']}/image")
    assert shown.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert shown.headers["content-type"] == "image/jpeg"
    image = Image.open(BytesIO(shown.content))
    assert (image.format, len(shown.content), len(image.getexif())) == ("JPEG", made["bytes"], 0)
    headers = {**await people.sign_in("linzi"), "if-none-match": f'"{made["sha256"]}"'}
    assert (await people.client.get(made["url"], headers=headers)).status_code == 304
    row = await AuditRow.get(verb="photo.taken", object_id=made["id"])
    assert row.detail["sha256"] == made["sha256"]


async def test_the_same_photo_sent_twice_is_kept_once(people: People) -> None:
    photo_id = uuid4()
    first = await send_photo(people, "expert", people.own.id, id=photo_id)
    again = await send_photo(people, "expert", people.own.id, id=photo_id)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    other = await send_photo(people, "expert", people.own.id, picture("PNG"), id=photo_id)
    assert (other.status_code, other.json()["type"]) == (409, "urn:anlan:same-id-other-body")
    assert await Photo.all().count() == 1


async def test_a_photo_of_a_foreign_enterprise_is_not_taken(people: People) -> None:
    assert (await send_photo(people, "expert", people.neighbour.id)).status_code == 404
    assert (await send_photo(people, "officer", people.neighbour.id)).status_code == 404


@pytest.mark.parametrize("data", [b"not a picture", b"", picture()[:300]], ids=["text", "empty", "cut"])
async def test_what_is_no_picture_is_refused_in_words(people: People, data: bytes) -> None:
    answer = await send_photo(people, "expert", people.own.id, data)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:not-a-picture"), answer.text
    assert not await Photo.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"takenAt": "2199-01-01T00:00:00Z"},
        {"takenAt": "yesterday"},
        {"takenAt": "2026-01-03T10:00:00"},
        {"lon": "118"},
        {"lat": "91", "lon": "0"},
        {"lat": "nan", "lon": "0"},
        {"colour": "red"},
        {"id": "7"},
    ],
)
async def test_odd_facts_are_refused_in_words(people: People, fields: dict[str, str]) -> None:
    form = {k: v for k, v in fields.items() if k != "id"}
    if "id" in fields:
        answer = await people.client.post(
            "/api/v1/photos",
            data={"id": "7", "enterpriseId": str(people.own.id), "takenAt": "2026-01-03T10:00:00Z"},
            files={"file": ("a.jpg", picture(), "image/jpeg")},
            headers=await people.sign_in("expert"),
        )
    else:
        answer = await send_photo(people, "expert", people.own.id, **form)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["detail"]


async def test_a_file_beyond_the_bounds_is_refused(people: People) -> None:
    answer = await send_photo(people, "expert", people.own.id, bytes(12_500_000))
    assert answer.status_code == 413


async def test_without_a_file_it_is_refused(people: People) -> None:
    answer = await people.client.post(
        "/api/v1/photos",
        data={"id": str(uuid4()), "enterpriseId": str(people.own.id), "takenAt": "2026-01-03T10:00:00Z"},
        headers=await people.sign_in("expert"),
    )
    assert answer.status_code in (400, 422), answer.text
