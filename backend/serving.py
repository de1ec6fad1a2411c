"""The web server process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces, Loops
from litestar import Litestar

from backend.app import create_app
from backend.domains.monitoring.queries import GatewayLoginRow
from backend.embedded.broker import admit_gateways
from backend.embedded.logins import GatewayLogin
from backend.logs import configure_logs
from backend.settings import Settings, load_settings

# An open stream of events must not keep the server from stopping.
STOP_WITHIN_S = 1


class EmbeddedDoor:
    """The embedded broker of this data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    async def admit(self, logins: Sequence[GatewayLoginRow]) -> bool:
        """Give the broker its new list, if it is the one that runs here."""
        if not (self._data_dir / "broker" / "users.conf").exists():
            return False
        known = [GatewayLogin(r.code, r.adcode, r.enterprise, r.bcrypt_hash, r.pbkdf2_hash) for r in logins]
        await asyncio.to_thread(admit_gateways, self._data_dir, known)
        return True


def make_app() -> Litestar:
    """The API as a server's worker makes it: settings from the environment, the embedded broker within reach."""
    settings = load_settings()
    configure_logs(settings.log_level)
    return create_app(settings, EmbeddedDoor(settings.data_dir))


def serve(settings: Settings) -> None:
    """Serve until told to stop. The server starts workers of its own, which read the settings from the environment."""
    os.environ["ANLAN_DATABASE_URL"] = settings.database_url or ""
    os.environ["ANLAN_REDIS_URL"] = settings.redis_url or ""
    os.environ["ANLAN_DATA_DIR"] = str(settings.data_dir)
    Granian(
        "backend.serving:make_app",
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
