"""What becomes of a picture: checked, turned upright, scrubbed of its metadata, made smaller, marked."""

from __future__ import annotations

import warnings
from contextlib import suppress
from io import BytesIO

import msgspec
from PIL import ExifTags, Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE_PX = 2560
# A phone takes 12 to 50 million pixels; a small file that claims more is made to fill our memory.
MOST_PIXELS = 60_000_000
JPEG_QUALITY = 85
# The mark is this part of the shorter side high, and readable on a small picture too.
MARK_RATIO, LEAST_MARK_PX = 1 / 32, 14


class NoPicture(ValueError):
    """These bytes are no picture that we take; the message says why."""


class Facts(msgspec.Struct, frozen=True):
    """What the file told of itself. at: as it stands there, without a zone; lon, lat: degrees, WGS 84."""

    at: str = ""
    lon: float | None = None
    lat: float | None = None


class Picture(msgspec.Struct, frozen=True):
    """A JPEG without metadata, upright, at most 2560 px long, with the mark in its corner."""

    jpeg: bytes
    width: int
    height: int
    facts: Facts


def make_picture(data: bytes, mark: str) -> Picture:
    """Check and prepare one picture. Raises NoPicture for anything but a whole JPEG, PNG or WebP of sane size.

    mark: written into the lower left corner; letters, digits and signs of ASCII.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NoPicture(f"a picture has at most {MOST_PIXELS // 1_000_000} million pixels")
                facts = facts_of(opened)
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise NoPicture(f"a picture has at most {MOST_PIXELS // 1_000_000} million pixels") from exc
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, EOFError) as exc:
        if isinstance(exc, NoPicture):
            raise
        raise NoPicture("this is no JPEG, PNG or WebP picture, or it is damaged") from exc
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    # Pixels alone go on: a fresh image carries no EXIF, no profile, no comment.
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    _write_mark(plain, mark)
    out = BytesIO()
    plain.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Picture(out.getvalue(), plain.width, plain.height, facts)


def facts_of(image: Image.Image) -> Facts:
    """Time and place in the EXIF data; what is missing or broken there is left out."""
    at, lon, lat = "", None, None
    with suppress(Exception):  # Broken EXIF of a good picture tells nothing, and is no reason to refuse it.
        exif = image.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        at = str(inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or "")
        at = "".join(sign for sign in at if sign.isprintable())[:40]
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
        lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    return Facts(at, lon, lat)


def _degrees(parts: object, side: object, negative: str, most: float) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= most:  # also refuses what is not a number
        return None
    return -value if side == negative else value


def _write_mark(image: Image.Image, mark: str) -> None:
    size = max(LEAST_MARK_PX, round(min(image.size) * MARK_RATIO))
    font = ImageFont.load_default(size)
    draw = ImageDraw.Draw(image, "RGBA")
    left, top, right, bottom = draw.multiline_textbbox((0, 0), mark, font=font)
    pad = size // 2
    height = bottom - top + 2 * pad
    draw.rectangle((0, image.height - height, right - left + 2 * pad, image.height), fill=(0, 0, 0, 160))
    draw.multiline_text((pad, image.height - height + pad - top), mark, font=font, fill=(255, 255, 255, 255))
