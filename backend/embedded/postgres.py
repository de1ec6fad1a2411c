"""The embedded PostgreSQL: initialised whole or not at all, reached by a socket inside its own folder."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from backend.embedded.child import Child
from backend.embedded.folder import SETTING, DataFolder
from backend.embedded.leftovers import is_server, kill_all, servers_in
from backend.embedded.logs import size_of, tail
from backend.embedded.problems import FolderUnusable, StartFailed
from backend.embedded.programs import Programs, postgres_major
from backend.embedded.spec import SERVER_ENV, Launch, ProcessSpec

INITDB_TIMEOUT_S = 120.0
# After a crash the log is replayed first; at a city's load that is seconds, on a slow disk more.
START_TIMEOUT_S = 180.0
READY_LINE = 7  # of postmaster.pid, counted from 0; line 0 is the postmaster's process id

PARAMETERS: Mapping[str, str] = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "shared_preload_libraries": "pg_stat_statements",
    "max_connections": "100",
    "max_wal_size": "2GB",  # frames arrive without end: fewer full-page images
    "jit": "off",  # short queries only; compiling them costs more than it brings
}


def database_url(folder: DataFolder) -> str:
    """How our processes reach it: the socket's folder as `host`, trusted because only its owner can enter."""
    return f"postgresql://postgres@/postgres?host={folder.postgres}"


def postgres_spec(folder: DataFolder, programs: Programs, parameters: Mapping[str, str] | None = None) -> ProcessSpec:
    """The server on an initialised folder; `parameters` come on top of ours."""
    data = folder.postgres
    argv: list[str | Path] = [programs.postgres_bin / "postgres", "-D", data, "-h", "", "-k", data]
    for name, value in {**PARAMETERS, **(parameters or {})}.items():
        argv += ["-c", f"{name}={value}"]
    return ProcessSpec(
        name="postgres",
        argv=argv,
        env=SERVER_ENV,
        stop_signal=signal.SIGINT,  # fast shutdown: clients are cut off, everything is written
        kill_signal=signal.SIGQUIT,  # immediate shutdown: takes its own processes along, recovers at the next start
        account=folder.account,
        cwd=data,
        start_timeout_s=START_TIMEOUT_S,
        is_ready=lambda launch: _is_ready(data, launch),
        prepare=lambda: _clear_the_way(data),
    )


def initialise(folder: DataFolder, programs: Programs) -> bool:
    """Make the data directory when there is none; False when there was one.

    It is made beside its final place and renamed when complete, so an interrupted start leaves nothing half-written.
    Raises FolderUnusable for a damaged directory or one of another major version.
    """
    data = folder.postgres
    if data.exists() and any(data.iterdir()):
        _check_usable(data, programs)
        return False
    new = folder.path / "pg.new"
    log = folder.logs / "initdb.log"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    folder.give(new)
    start = size_of(log)
    argv: list[str | Path] = [programs.postgres_bin / "initdb", "-D", new, "-U", "postgres", "-A", "trust"]
    child = Child(
        [*argv, "-E", "UTF8", "--locale=C.UTF-8"], log=log, env=SERVER_ENV, account=folder.account, cwd=folder.path
    )
    try:
        child.wait_s(INITDB_TIMEOUT_S)
    finally:
        if child.ended() is None:
            child.end_group()
    if child.ended() != 0:
        why = "could not be made" if child.ended() is not None else f"was not made within {INITDB_TIMEOUT_S:.0f} s"
        raise StartFailed(f"the database folder {new} {why}; initdb says:\n{tail(log, since=start)}")
    if data.exists():
        data.rmdir()  # empty, as seen above
    new.rename(data)
    _sync(folder.path)
    return True


def _check_usable(data: Path, programs: Programs) -> None:
    version_file, control = data / "PG_VERSION", data / "global" / "pg_control"
    if not version_file.is_file() or not control.is_file():
        missing = "PG_VERSION" if not version_file.is_file() else "global/pg_control"
        raise FolderUnusable(
            f"{data} is not a complete database: it holds files but no {missing}. If it holds nothing you need, move "
            f"it away and start again; otherwise put a backup in its place, or choose another folder with {SETTING}."
        )
    version = version_file.read_text().strip()
    if version != postgres_major():
        raise FolderUnusable(
            f"{data} was written by PostgreSQL {version}; this installation brings {postgres_major()}, which "
            "cannot open it. Carry the data over once: with the earlier installation running, dump it with "
            f"`pg_dump -Fc -h {data} -U postgres -f anlan.dump postgres`; move {data} away and start this one; then "
            f"restore with `pg_restore -h {data} -U postgres -d postgres --clean --if-exists anlan.dump`. "
            f"Both programs are in {programs.postgres_bin}."
        )


def _is_ready(data: Path, launch: Launch) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return False
    return len(lines) > READY_LINE and lines[0].strip() == str(launch.pid) and lines[READY_LINE].strip() == "ready"


def _clear_the_way(data: Path) -> None:
    """End what a killed postmaster left behind, and drop lock files that name somebody else's process.

    Its orphans hold the shared memory, and a new postmaster refuses to start beside them. With the postmaster gone
    they can do no work that counts, so they are killed; the start recovers from the log as after any crash.
    A lock file whose process id meanwhile belongs to another program (usual in containers) would stop the start too;
    one that names no live process PostgreSQL removes itself.
    """
    if not kill_all(lambda: servers_in(data, "postgres")):
        raise StartFailed(f"database processes of an earlier run on {data} cannot be ended")
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        lock = data / name
        with suppress(FileNotFoundError, ValueError, IndexError):
            pid = int(lock.read_text().splitlines()[0])
            if Path("/proc", str(pid)).exists() and not is_server(pid, "postgres"):
                lock.unlink()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
