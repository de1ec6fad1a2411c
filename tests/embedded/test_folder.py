"""A data folder that cannot serve is refused with words that help."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.embedded.addresses import ServiceUrls, is_running, publish_addresses, with_addresses
from backend.embedded.folder import claimed_folder
from backend.embedded.problems import CannotRun, FolderInUse, FolderUnusable
from backend.settings import Settings
from tests.services import roomy_folder


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder with a short path."""
    with roomy_folder() as path:
        yield path


def test_folder_is_made_with_its_parts_closed_to_others(room: Path) -> None:
    with claimed_folder(room / "deep" / "data") as folder:
        for part in (folder.valkey, folder.broker, folder.secrets):
            assert part.stat().st_mode & 0o777 == 0o700


def test_second_holder_is_refused_until_the_first_lets_go(room: Path) -> None:
    with (
        claimed_folder(room / "data"),
        pytest.raises(FolderInUse, match=str(os.getpid())),
        claimed_folder(room / "data"),
    ):
        pass
    with claimed_folder(room / "data"):
        pass


def test_too_long_a_path_is_refused_before_anything_is_made(room: Path) -> None:
    path = room / ("x" * 100)
    with pytest.raises(FolderUnusable, match="too long"), claimed_folder(path):
        pass
    assert not path.exists()


def test_longest_path_that_is_admitted_works(room: Path) -> None:
    path = room / ("x" * (107 - len("/pg/.s.PGSQL.5432") - len(str(room)) - 1))
    with claimed_folder(path) as folder:
        assert len(str(folder.postgres / ".s.PGSQL.5432")) == 107
    with pytest.raises(FolderUnusable, match="too long"), claimed_folder(Path(f"{path}x")):
        pass


@pytest.mark.parametrize("name", ["a?b", "a#b", "a%20b", 'a"b', "a\nb", "$HOME"])
def test_characters_that_urls_read_otherwise_are_refused(room: Path, name: str) -> None:
    with pytest.raises(FolderUnusable, match="must not contain"), claimed_folder(room / name):
        pass


def test_file_in_its_place_is_named(room: Path) -> None:
    (room / "data").write_text("not a folder")
    with pytest.raises(FolderUnusable, match="ANLAN_DATA_DIR"), claimed_folder(room / "data"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_unwritable_place_is_named(room: Path) -> None:
    room.chmod(0o555)
    with pytest.raises(FolderUnusable, match="Permission denied"), claimed_folder(room / "data"):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
def test_read_only_disk_is_named(room: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from backend.embedded.folder import claimed_folder\n"
        f"try:\n  with claimed_folder(Path('{room}/disk/data')): pass\n"
        "except Exception as exc: sys.exit(f'{type(exc).__name__}: {exc}')"
    )
    (room / "disk").mkdir()
    mounted = ["unshare", "--mount", "/bin/sh", "-c", f'mount -t tmpfs -o ro none {room}/disk && exec "$0" -c "$1"']
    done = subprocess.run([*mounted, sys.executable, code], capture_output=True, text=True, check=False)
    if "FolderUnusable" not in done.stderr and ("permi" in done.stderr.lower()):
        pytest.skip("mounting is not allowed here")
    assert "FolderUnusable: cannot write" in done.stderr
    assert "Read-only file system" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's servers run as that user")
def test_as_root_a_folder_behind_a_closed_door_is_refused(room: Path) -> None:
    (room / "closed").mkdir(mode=0o700)
    with pytest.raises(FolderUnusable, match="cannot pass through"), claimed_folder(room / "closed" / "data"):
        pass


def test_commands_beside_a_run_find_its_addresses(room: Path) -> None:
    settings = Settings(data_dir=room / "data")
    with pytest.raises(CannotRun, match="no `anlan run`"):
        with_addresses(settings)
    with claimed_folder(room / "data") as folder:
        assert is_running(folder.path)
        with pytest.raises(CannotRun, match="still starting"):
            with_addresses(settings)
        publish_addresses(folder.path, ServiceUrls("postgresql://a", "unix://b", "mqtt://c"))
        given = Settings(data_dir=room / "data", redis_url="redis://mine")
        found = with_addresses(given)
    assert (found.database_url, found.redis_url, found.mqtt_url) == ("postgresql://a", "redis://mine", "mqtt://c")
    assert not is_running(room / "data")
    everything = Settings(data_dir=room, database_url="postgresql://x", redis_url="redis://x", mqtt_url="mqtt://x")
    assert with_addresses(everything) is everything
