"""A city of processes for tests: API, worker and ingest as `anlan run` starts them, on a database of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.embedded.ports import free_port
from backend.embedded.spec import ProcessSpec, answers_on, says
from backend.embedded.supervisor import Supervisor
from tests.services import Services, say

ROOT = Path(__file__).resolve().parent.parent
READY = {"ingest": "ingest.ready", "worker": "worker.ready"}


@dataclass
class City:
    """Processes that run, and how to reach them."""

    base_url: str
    database_url: str
    services: Services
    supervisor: Supervisor
    environment: dict[str, str]

    def log(self, name: str) -> str:
        """What a process wrote so far."""
        return (self.services.folder.logs / f"{name}.log").read_text(errors="replace")


@contextmanager
def running_city(
    services: Services, database_url: str, *parts: str, mqtt_url: str = "", **settings: str
) -> Iterator[City]:
    """Start `parts` ("api", "worker", "ingest") on an existing, migrated database; stop them at the end.

    settings: further ANLAN_… variables, written without the prefix and in lower case.
    """
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "ANLAN_DATA_DIR": str(services.folder.path),
        "ANLAN_DATABASE_URL": database_url,
        "ANLAN_REDIS_URL": services.redis_url,
        "ANLAN_MQTT_URL": mqtt_url or services.mqtt_url,
        "ANLAN_HTTP_PORT": str(port),
        **{f"ANLAN_{name.upper()}": value for name, value in settings.items()},
    }
    with Supervisor(services.folder.path, services.folder.logs, say) as supervisor:
        for name in parts:
            ready = answers_on("127.0.0.1", port) if name == "api" else says(READY[name])
            argv = [sys.executable, "-m", "backend.cli", name]
            supervisor.start(ProcessSpec(name=name, argv=argv, env=environment, is_ready=ready, cwd=ROOT))
        yield City(f"http://127.0.0.1:{port}", database_url, services, supervisor, environment)
