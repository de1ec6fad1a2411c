"""Where the servers of a data folder are, for commands that run beside `anlan run`."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import msgspec

from backend.embedded.files import write_private
from backend.embedded.problems import CannotRun
from backend.settings import Settings


class ServiceUrls(msgspec.Struct, frozen=True):
    """Where the servers are; code behind this line knows nothing else of them."""

    database_url: str
    redis_url: str
    mqtt_url: str


def publish_addresses(data_dir: Path, urls: ServiceUrls) -> None:
    """Leave the addresses in the data folder, readable for its owner only."""
    write_private(_file(data_dir), msgspec.json.encode(urls).decode())


def forget_addresses(data_dir: Path) -> None:
    """Take back what an earlier run left, until the servers are ready again."""
    _file(data_dir).unlink(missing_ok=True)


def with_addresses(settings: Settings) -> Settings:
    """Settings with no URL missing: given ones stay, the others are those of the `anlan run` on the data folder.

    Raises CannotRun when some are missing and nothing runs there.
    """
    if settings.database_url and settings.redis_url and settings.mqtt_url:
        return settings
    if not is_running(settings.data_dir):
        raise CannotRun(
            f"no `anlan run` holds the data folder {settings.data_dir}. Start it first, name its folder with "
            "ANLAN_DATA_DIR, or name other servers with ANLAN_DATABASE_URL, ANLAN_REDIS_URL and ANLAN_MQTT_URL."
        )
    try:
        urls = msgspec.json.decode(_file(settings.data_dir).read_bytes(), type=ServiceUrls)
    except PermissionError:
        raise CannotRun(
            f"the `anlan run` on {settings.data_dir} belongs to another user; run this command as that user"
        ) from None
    except (FileNotFoundError, msgspec.DecodeError):
        raise CannotRun(f"the `anlan run` on {settings.data_dir} is still starting; try again in a moment") from None
    return msgspec.structs.replace(
        settings,
        database_url=settings.database_url or urls.database_url,
        redis_url=settings.redis_url or urls.redis_url,
        mqtt_url=settings.mqtt_url or urls.mqtt_url,
    )


def is_running(data_dir: Path) -> bool:
    """Whether a live supervisor holds the folder."""
    try:
        lock = os.open(data_dir / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _file(data_dir: Path) -> Path:
    return data_dir / "secrets" / "addresses.json"
