"""What becomes of a picture."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from backend.domains.media.imaging import LONGEST_SIDE_PX, NoPicture, make_picture
from tests.domains.media.pictures import picture

MARK = "2026-01-03 10:30:12+08:00\n36.81200N 118.30500E +/-4 m"


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_a_jpeg_without_metadata(kind: str) -> None:
    made = make_picture(picture(kind, gps=True), MARK)
    image = opened(made.jpeg)
    assert (image.format, image.size, (made.width, made.height)) == ("JPEG", (640, 480), (640, 480))
    assert len(image.getexif()) == 0
    assert b"telltale" not in made.jpeg


def test_what_the_file_told_is_kept_beside_it() -> None:
    facts = make_picture(picture(gps=True), MARK).facts
    assert facts.at == "2026:01:03 10:30:12"
    assert (facts.lat, facts.lon) == (pytest.approx(36.81), pytest.approx(-118.3))
    plain = make_picture(picture("PNG"), MARK).facts
    assert (plain.lat, plain.lon) == (None, None)


def test_a_picture_is_turned_upright() -> None:
    made = make_picture(picture(orientation=6), MARK)
    image = opened(made.jpeg)
    assert image.size == (480, 640)
    top, lower = image.getpixel((240, 20)), image.getpixel((240, 500))
    assert top[0] > 150 > top[2]  # red was left, and is above now
    assert lower[2] > 150 > lower[0]


def test_a_large_picture_is_made_smaller() -> None:
    made = make_picture(picture(size=(4000, 1000)), MARK)
    assert (made.width, made.height) == (LONGEST_SIDE_PX, 640)


def test_the_mark_stands_in_the_lower_left_corner_and_nowhere_else() -> None:
    plain = Image.new("RGB", (800, 600), (255, 255, 255))
    out = BytesIO()
    plain.save(out, "PNG")
    image = opened(make_picture(out.getvalue(), MARK).jpeg).convert("L")
    corner = image.crop((0, 560, 200, 600))
    assert corner.getextrema()[0] < 110
    assert image.crop((0, 0, 800, 480)).getextrema()[0] > 240


def bomb() -> bytes:
    """A PNG of a few bytes that claims 100 000 by 100 000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", picture()[:500], b"GIF89a" + bytes(50), b"<svg xmlns='http://www.w3.org/2000/svg'/>", bomb()],
    ids=["empty", "text", "cut", "gif", "svg", "bomb"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoPicture):
        make_picture(data, MARK)
