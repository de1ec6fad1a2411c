"""All settings, read once from the environment by the entry points and handed on as one frozen struct."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import platformdirs
from msgspec import Meta

# Push services of the browsers: Chrome, Firefox, Edge, Safari. A leading "*." admits every subdomain.
KNOWN_PUSH_HOSTS = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "*.push.apple.com",
)

# Settings that are lists, written with commas.
LISTS = frozenset({"push_hosts", "regions"})


class SettingsError(ValueError):
    """An environment variable holds something that cannot be used; the message names it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can choose. Field `x` comes from `ANLAN_X`; docs/settings.md lists them all.

    The three URLs are None when the embedded services are meant; `anlan run` fills them in for its children.
    """

    data_dir: Path
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    mqtt_host: str = "127.0.0.1"
    mqtt_port: int = 1883
    database_url: str | None = None
    redis_url: str | None = None
    mqtt_url: str | None = None
    regions: tuple[str, ...] = ()
    demo: bool = False
    demo_password: str | None = None
    push_hosts: tuple[str, ...] = KNOWN_PUSH_HOSTS
    push_subject: str = "mailto:anlan@localhost"
    secure_cookies: bool = False
    timezone: str = "Asia/Shanghai"
    log_level: str = "INFO"
    raw_days: Annotated[int, Meta(ge=30)] = 90
    rollup_years: Annotated[int, Meta(ge=1)] = 5
    archive_dir: Path | None = None
    media_dir: Path | None = None
    pwa_dir: Path = Path(__file__).resolve().parent.parent / "pwa" / "dist"

    @property
    def archive_folder(self) -> Path:
        """Where days of frames are kept that were moved out of the database."""
        return self.archive_dir or self.data_dir / "archive"

    @property
    def photo_dir(self) -> Path:
        """Where photos are kept."""
        return self.media_dir or self.data_dir / "media"

    @property
    def plant_zone(self) -> ZoneInfo:
        """The zone whose calendar days filings belong to."""
        return ZoneInfo(self.timezone)


def default_data_dir() -> Path:
    """Where data lives when nobody says: root's services cannot reach into root's home, so root gets /var/lib."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/anlan")
    return Path(platformdirs.user_data_dir("anlan"))


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `ANLAN_…` variables; raises SettingsError naming the first one that cannot be read."""
    source = os.environ if environ is None else environ
    given: dict[str, object] = {"data_dir": default_data_dir()}
    for field in msgspec.structs.fields(Settings):
        name = f"ANLAN_{field.name.upper()}"
        text = source.get(name, "").strip()
        if not text:
            continue
        raw: object = [part.strip() for part in text.split(",") if part.strip()] if field.name in LISTS else text
        try:
            given[field.name] = msgspec.convert(raw, field.type, strict=False, dec_hook=_path)
        except (msgspec.ValidationError, ValueError) as exc:
            raise SettingsError(f"{name}={text!r}: {exc}") from exc
    settings = Settings(**given)  # type: ignore[arg-type]  # every value was converted to its field's type above
    try:
        ZoneInfo(settings.timezone)
    except Exception as exc:
        raise SettingsError(f"ANLAN_TIMEZONE={settings.timezone!r}: no such time zone") from exc
    return settings


def _path(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value)).expanduser().absolute()
    raise NotImplementedError(kind)
