"""`anlan run` as a person starts it, in a process of its own, and its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from backend.embedded.addresses import ServiceUrls
from backend.embedded.ports import free_port
from tests.city import ROOT
from tests.services import roomy_folder

# What each part is called in the list of processes.
PARTS = {
    "ingest": "backend.cli ingest",
    "worker": "backend.cli worker",
    "api": "backend.cli api",
    "broker": "nats-server",
    "redis": "valkey-server",
    "postgres": "bin/postgres -D",
}


@dataclass
class RunningCity:
    """A city under `anlan run`."""

    process: subprocess.Popen[bytes]
    folder: Path
    http_port: int
    mqtt_port: int

    @property
    def base_url(self) -> str:
        """Where the pages and the API are."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def urls(self) -> ServiceUrls:
        """Where its servers are."""
        return msgspec.json.decode((self.folder / "secrets" / "addresses.json").read_bytes(), type=ServiceUrls)

    @property
    def told(self) -> str:
        """What it wrote to the console so far."""
        return (self.folder.parent / "console.txt").read_text(errors="replace")

    def log(self, name: str) -> str:
        """The end of what a part wrote."""
        return (self.folder / "logs" / f"{name}.log").read_text(errors="replace")[-4000:]

    def pid_of(self, part: str) -> int | None:
        """The process that is that part now; None while it is away."""
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ValueError, IndexError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if parent == self.process.pid and PARTS[part] in command:
                    return int(entry.name)
        return None

    def is_ready(self) -> bool:
        """Whether the API answers and its database does."""
        try:
            return httpx.get(f"{self.base_url}/health/ready", timeout=1).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for the API, or fail with what the console says."""
        until = time.monotonic() + seconds
        while not self.is_ready():
            assert self.process.poll() is None, f"anlan run ended:\n{self.told}"
            assert time.monotonic() < until, f"not ready after {seconds} s:\n{self.told}"
            time.sleep(0.1)


@contextmanager
def anlan_run(*options: str, seconds: float = 60, **settings: str) -> Iterator[RunningCity]:
    """Start `anlan run` with these options in a folder of its own; Ctrl-C at the end must stop it within 5 s."""
    with roomy_folder() as base:
        folder, http_port, mqtt_port = base / "city", free_port(), free_port()
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ANLAN_DATA_DIR": str(folder),
            "ANLAN_HTTP_PORT": str(http_port),
            "ANLAN_MQTT_PORT": str(mqtt_port),
            **{f"ANLAN_{name.upper()}": value for name, value in settings.items()},
        }
        with (base / "console.txt").open("wb") as console:
            process = subprocess.Popen(
                [sys.executable, "-m", "backend.cli", "run", *options],
                env=environment,
                cwd=ROOT,
                stdout=console,
                stderr=subprocess.STDOUT,
            )
        city = RunningCity(process, folder, http_port, mqtt_port)
        try:
            city.wait_until_ready(seconds)
            yield city
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.wait(timeout=15)
            assert time.monotonic() - began < 6, f"took {time.monotonic() - began:.1f} s to stop:\n{city.told}"
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
