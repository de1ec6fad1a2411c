"""A supervisor in a process of its own, as a test sees it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Self

import asyncpg
import pytest

from backend.embedded.broker import accepts, backend_login
from backend.embedded.leftovers import processes_of
from backend.embedded.logins import BACKEND_USER
from tests.services import HOST

ROOT = Path(__file__).parents[2]
WITHIN_S = 20.0


class Run:
    """A supervisor in a process of its own."""

    def __init__(self, data: Path, port: int, *extra: str, still_held: bool = False, uid: int | None = None) -> None:
        """`uid`: run as that user. `still_held`: somebody else holds the folder, so its processes stay."""
        self.data, self.port, self.still_held = data, port, still_held
        self.redis_url = f"unix://{data}/valkey/valkey.sock?db=0"
        argv = [sys.executable, "-m", "tests.embedded.run_services", str(data), str(port), *extra]
        self.process = subprocess.Popen(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8", "RUN_AS": "" if uid is None else str(uid)},
        )
        self.lines: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._output().close()
        assert self.still_held or gone_soon(self.data)

    def until(self, words: str) -> str:
        """The first line from here on that contains `words`."""
        for line in self._output():
            self.lines.append(line)
            if words in line:
                return line
        pytest.fail(f"{words!r} was never said, but:\n{''.join(self.lines)}")

    def _output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def pid(self, service: str) -> int:
        """The main process of a service."""
        if service == "postgres":
            return int((self.data / "pg" / "postmaster.pid").read_text().splitlines()[0])
        program = {"valkey": "valkey-server", "broker": "nats-server"}[service]
        return next(p for p in processes_of(self.data) if Path(f"/proc/{p}/comm").read_text().strip() == program)

    def accepts(self) -> bool:
        """Whether the back end gets in at the broker."""
        return accepts(HOST, self.port, BACKEND_USER, backend_login(self.data).password)

    async def database(self) -> asyncpg.Connection:
        """A connection."""
        return await asyncpg.connect(f"postgresql://postgres@/postgres?host={self.data}/pg")


def gone_soon(data: Path) -> bool:
    """Whether no process of that folder is left within a few seconds."""
    until = time.monotonic() + WITHIN_S
    while processes_of(data):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
