"""Processes of an earlier run that is no longer there: found by what only they can have, then ended.

A killed supervisor's children are told to end by the kernel; what is still on its way, or did not listen, is waited
for and ended here, so that a new start meets free ports and folders. Linux only: elsewhere nothing is found.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from backend.embedded.problems import FolderInUse

# Set for every child of a supervisor, with the data folder as value; a person's shell never has it.
MARK = "ANLAN_SUPERVISED_IN"
SERVERS = ("postgres", "valkey-server", "nats-server", "initdb")  # some of them overwrite their own environment
PATIENCE_S = 5.0  # what a supervised process gets to stop as well
KILLED_S = 3.0
POLL_S = 0.05


def processes_of(folder: Path) -> list[int]:
    """Ids of live processes that belong to a run on this data folder."""
    mark = f"{MARK}={folder}".encode()
    return [pid for pid in _all_pids() if pid != os.getpid() and (_serves(pid, folder) or mark in _environ(pid))]


def servers_in(folder: Path, program: str) -> list[int]:
    """Ids of live processes called `program` whose working directory is `folder` itself."""
    return [pid for pid in _all_pids() if _name(pid) == program and _cwd(pid) == folder]


def is_server(pid: int, program: str) -> bool:
    """Whether the process lives and is called `program` (at most 15 letters are compared)."""
    return _name(pid) == program[:15]


def end_leftovers(folder: Path, say: Callable[[str], None]) -> None:
    """End what an earlier run on this folder left running; FolderInUse when something cannot be ended."""
    left = processes_of(folder)
    if not left:
        return
    count = len(left)
    for pid in left:  # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for its clients
        _signal([pid], signal.SIGINT if _name(pid) in SERVERS else signal.SIGTERM)
    if not gone(lambda: processes_of(folder), PATIENCE_S):
        _signal(processes_of(folder), signal.SIGKILL)
        if not gone(lambda: processes_of(folder), KILLED_S):
            pids = ", ".join(str(pid) for pid in processes_of(folder))
            raise FolderInUse(
                f"processes of an earlier run on {folder} cannot be ended: {pids}. End them and try again."
            )
    say(f"ended {count} process{'es' if count > 1 else ''} left by a run that was killed")


def kill_all(find: Callable[[], list[int]]) -> bool:
    """Kill what `find` finds, at once, and wait; whether nothing is left."""
    _signal(find(), signal.SIGKILL)
    return gone(find, KILLED_S)


def gone(find: Callable[[], list[int]], within_s: float) -> bool:
    """Wait until `find` finds nothing any more; False when that takes longer than `within_s`."""
    until = time.monotonic() + within_s
    while find():
        if time.monotonic() >= until:
            return False
        time.sleep(POLL_S)
    return True


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _serves(pid: int, folder: Path) -> bool:
    if _name(pid) not in SERVERS:
        return False
    cwd = _cwd(pid)
    return cwd is not None and cwd.is_relative_to(folder)


def _all_pids() -> Iterator[int]:
    with suppress(OSError):
        for name in os.listdir("/proc"):
            if name.isdigit():
                yield int(name)


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _cwd(pid: int) -> Path | None:
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd"))  # fails for a zombie, which holds nothing any more
    except OSError:
        return None


def _environ(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
