"""The web server process."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces, Loops

from backend.settings import Settings

# An open stream of events must not keep the server from stopping.
STOP_WITHIN_S = 1


def serve(settings: Settings) -> None:
    """Serve until told to stop. The server starts workers of its own, which read the settings from the environment."""
    os.environ["ANLAN_DATABASE_URL"] = settings.database_url or ""
    os.environ["ANLAN_REDIS_URL"] = settings.redis_url or ""
    os.environ["ANLAN_DATA_DIR"] = str(settings.data_dir)
    Granian(
        "backend.app:create_app",
        factory=True,
        address=settings.http_host,
        port=settings.http_port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=1,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_S,
        log_access=False,
        websockets=False,
    ).serve()
