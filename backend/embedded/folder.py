"""The data folder: made, checked, and held by one supervisor at a time."""

from __future__ import annotations

import fcntl
import os
import pwd
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.embedded.child import Account
from backend.embedded.leftovers import end_leftovers
from backend.embedded.problems import CannotRun, FolderInUse, FolderUnusable

SETTING = "ANLAN_DATA_DIR"
SOCKET_PATH_BYTES = 107  # sun_path holds 108 with the closing zero
LONGEST_SOCKET = "pg/.s.PGSQL.5432"
# They would be read as part of the URL or of a configuration line.
FORBIDDEN_CHARACTERS = frozenset("?#%&\"'\\$")


@dataclass(frozen=True)
class DataFolder:
    """Where each part lives, and the account that owns the servers' parts (None: our own)."""

    path: Path
    account: Account | None

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data directory, with its socket."""
        return self.path / "pg"

    @property
    def valkey(self) -> Path:
        """The append-only file and the socket."""
        return self.path / "valkey"

    @property
    def broker(self) -> Path:
        """Broker configuration, sessions and queued messages."""
        return self.path / "broker"

    @property
    def logs(self) -> Path:
        """One log file for each process."""
        return self.path / "logs"

    @property
    def secrets(self) -> Path:
        """Secrets of this installation, for the owner only."""
        return self.path / "secrets"

    @property
    def programs(self) -> Path:
        """Copies of the servers' programs, made only when their account cannot reach the installed ones."""
        return self.path / "programs"

    def give(self, path: Path) -> None:
        """Hand a file or folder to the servers' account."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)


@contextmanager
def claimed_folder(path: Path, say: Callable[[str], None] = print) -> Iterator[DataFolder]:
    """Make the data folder, hold its lock while in use, and end what a killed run left behind in it.

    Raises FolderInUse while another supervisor holds it, FolderUnusable when it cannot serve.
    """
    path = path.expanduser().resolve()  # as the kernel names it: leftovers are recognised by their working directory
    _check_name(path)
    folder = DataFolder(path, server_account())
    try:
        path.mkdir(parents=True, exist_ok=True)
        if folder.account is not None:
            path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o711)  # the servers' account walks through
        lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as exc:
        raise _unwritable(exc, path) from exc
    try:
        _hold(lock, path)
        end_leftovers(path, say)
        _check_owner(folder)
        _make_parts(folder)
        yield folder
    finally:
        os.close(lock)


def server_account() -> Account | None:
    """As root: `nobody`, for PostgreSQL refuses to run as root and none of the three needs it. Else None."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise CannotRun(
            "running as root needs the system user `nobody`; create it or run as an ordinary user"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _hold(lock: int, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        by = os.pread(lock, 32, 0).decode("ascii", "replace").strip()
        raise FolderInUse(
            f"the data folder {path} is in use by a running anlan{f' (process {by})' if by else ''}. "
            f"Stop that one, or choose another folder with {SETTING} (and other ports)."
        ) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _make_parts(folder: DataFolder) -> None:
    try:
        for part in (folder.valkey, folder.broker):
            part.mkdir(exist_ok=True)
            folder.give(part)
            part.chmod(0o700)
        folder.secrets.mkdir(exist_ok=True)
        folder.secrets.chmod(0o700)
        folder.logs.mkdir(exist_ok=True)
        folder.logs.chmod(0o750)
    except OSError as exc:
        raise _unwritable(exc, folder.path) from exc
    if folder.account is not None:
        _check_walkable(folder)


def _check_name(path: Path) -> None:
    size = len(os.fsencode(path / LONGEST_SOCKET))
    if size > SOCKET_PATH_BYTES:
        most = SOCKET_PATH_BYTES - len(LONGEST_SOCKET) - 1
        raise FolderUnusable(
            f"the path of the data folder is too long for a socket: {path} has {len(os.fsencode(path))} bytes, "
            f"at most {most} fit. Choose a shorter one with {SETTING}."
        )
    odd = sorted({c for c in str(path) if c in FORBIDDEN_CHARACTERS or ord(c) < ord(" ")})
    if odd:
        raise FolderUnusable(f"the data folder's path {path!s} must not contain {' '.join(map(repr, odd))} ({SETTING})")


def _check_owner(folder: DataFolder) -> None:
    """A folder made as root cannot be used by an ordinary user, nor the other way round."""
    for part in (folder.postgres, folder.valkey, folder.broker):
        try:
            owner = part.stat().st_uid
        except FileNotFoundError:
            continue
        except OSError as exc:
            raise _unwritable(exc, folder.path) from exc
        mine = folder.account.uid if folder.account else os.geteuid()
        if owner not in (mine, os.geteuid()):
            raise FolderUnusable(
                f"{part} belongs to user {_user_name(owner)}, so another user (or root) made this data folder. "
                f"Run as that user, or choose another folder with {SETTING}."
            )


def _check_walkable(folder: DataFolder) -> None:
    for parent in folder.path.parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            raise FolderUnusable(
                f"as root the servers run as an unprivileged user, who cannot pass through {parent} to {folder.path}. "
                f"Choose a folder outside it with {SETTING}, e.g. /var/lib/anlan."
            )


def _unwritable(exc: OSError, path: Path) -> FolderUnusable:
    where = exc.filename or path
    return FolderUnusable(
        f"cannot write to the data folder {path} ({where}: {exc.strerror or exc}). "
        f"Make it writable, or choose another with {SETTING}."
    )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
