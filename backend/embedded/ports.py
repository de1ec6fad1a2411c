"""TCP ports: free or taken, and by whom."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import closing, suppress
from pathlib import Path

from backend.embedded.problems import CannotRun, PortTaken

LISTEN = "0A"  # state column of /proc/net/tcp


def free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on at this moment."""
    with closing(_socket_for(host)) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def require_free(host: str, port: int, setting: str) -> None:
    """Raise PortTaken, naming the port, its holder and the setting that moves it, when we could not listen there."""
    try:
        with closing(_socket_for(host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # closed connections may linger
            probe.bind((host, port))
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            raise PortTaken(_taken(host, port, setting)) from exc
        if exc.errno == errno.EACCES:
            raise CannotRun(
                f"port {port} may be opened by root only; choose one above 1023, e.g. {setting}={port + 10000}"
            ) from exc
        raise CannotRun(f"cannot listen on {host}:{port} ({setting}): {exc.strerror or exc}") from exc


def listens(host: str, port: int, timeout_s: float = 0.2) -> bool:
    """Whether somebody accepts connections there."""
    try:
        with closing(socket.create_connection((reachable(host), port), timeout=timeout_s)):
            return True
    except OSError:
        return False


def reachable(host: str) -> str:
    """The address under which a listener bound to `host` is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  # a comparison, not a bind


def holder(port: int) -> str | None:
    """`process 812 (mosquitto)` for the listener on a port; None when it cannot be seen (other user, no /proc)."""
    inodes = _listening_inodes(port)
    if not inodes:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            for entry in (process / "fd").iterdir():
                with suppress(OSError):
                    if os.readlink(entry) in inodes:
                        name = (process / "comm").read_text().strip()
                        return f"process {process.name} ({name})"
    return None


def _taken(host: str, port: int, setting: str) -> str:
    by = holder(port)
    who = f"is held by {by}" if by else "is already in use"
    find = "" if by else f"; `ss -ltnp 'sport = :{port}'` as root shows by whom"
    return f"port {port} on {host or 'this machine'} {who}{find}. Stop it, or choose another port with {setting}."


def _listening_inodes(port: int) -> set[str]:
    inodes: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == LISTEN and int(columns[1].rsplit(":", 1)[1], 16) == port:
                    inodes.add(f"socket:[{columns[9]}]")
    return inodes


def _socket_for(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
