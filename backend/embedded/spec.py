"""What the supervisor must know of a process to start it, see it ready and stop it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.embedded.child import Account
from backend.embedded.logs import tail
from backend.embedded.ports import listens

READY_LOG_LINES = 200


@dataclass(frozen=True)
class Launch:
    """One run of a process: its id and where in its log this run begins (bytes)."""

    pid: int
    log: Path
    log_from: int


def at_once(_launch: Launch) -> bool:
    """Ready as soon as it runs."""
    return True


def says(words: str) -> Callable[[Launch], bool]:
    """Ready when this run has written `words` to its log."""
    return lambda launch: words in tail(launch.log, READY_LOG_LINES, since=launch.log_from)


def answers_on(host: str, port: int) -> Callable[[Launch], bool]:
    """Ready when a TCP connection is accepted."""
    return lambda _launch: listens(host, port)


def _nothing() -> None:
    return None


def _no_repair(_last_words: str) -> str | None:
    return None


@dataclass(frozen=True)
class ProcessSpec:
    """A process to keep running.

    is_ready: asked every few milliseconds while starting; must answer within half a second.
    prepare: run before each start, e.g. to remove what a killed run left behind.
    repair: given the last words of a start that failed, puts something aside and says what, or returns None;
    a repaired start is tried once more.
    kill_signal: sent when stop_signal brought no end in time; SIGKILL follows where that does not help either.
    """

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    account: Account | None = None
    cwd: Path | None = None
    start_timeout_s: float = 30.0
    is_ready: Callable[[Launch], bool] = at_once
    prepare: Callable[[], None] = _nothing
    repair: Callable[[str], str | None] = _no_repair


SERVER_ENV: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
