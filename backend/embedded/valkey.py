"""The embedded Redis-protocol server. It is a bell, not a memory: losing its data loses nothing that counts."""

from __future__ import annotations

import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

from backend.embedded.folder import DataFolder
from backend.embedded.programs import Programs
from backend.embedded.spec import SERVER_ENV, ProcessSpec

ANSWER_TIMEOUT_S = 0.3
# How it words an append-only file it cannot read; a cut-off end it repairs itself.
DAMAGED = (
    "Bad file format reading the append only file",
    "AOF manifest file",
    "error reading the append only file",
)


def redis_url(folder: DataFolder) -> str:
    """How our processes reach it."""
    return f"unix://{_socket(folder)}?db=0"


def valkey_spec(folder: DataFolder, programs: Programs) -> ProcessSpec:
    """The server on a socket that only its owner can use, writing an append-only file."""
    path = _socket(folder)
    argv: list[str | Path] = [programs.valkey, "--port", "0", "--unixsocket", path, "--unixsocketperm", "700"]
    argv += ["--dir", folder.valkey, "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
    return ProcessSpec(
        name="valkey",
        argv=argv,
        env=SERVER_ENV,
        stop_signal=signal.SIGTERM,
        account=folder.account,
        cwd=folder.valkey,
        is_ready=lambda _launch: _answers(path),
        prepare=lambda: path.unlink(missing_ok=True),  # a killed server leaves its socket
        repair=lambda words: _set_aside_damaged(folder, words),
    )


def _socket(folder: DataFolder) -> Path:
    return folder.valkey / "valkey.sock"


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(ANSWER_TIMEOUT_S)
            link.connect(str(path))
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _set_aside_damaged(folder: DataFolder, words: str) -> str | None:
    if not any(sign in words for sign in DAMAGED):
        return None
    damaged = folder.valkey / "appendonlydir"
    if not damaged.is_dir():
        return None
    aside = damaged.with_name(f"damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    damaged.rename(aside)
    return f"its file was damaged and is now in {aside}; it starts empty, which loses no record"
