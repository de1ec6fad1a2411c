"""The door of the broker: who was let in or shut out must reach it before an answer says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import structlog

from backend.domains.monitoring.queries import GatewayLoginRow, gateway_logins

log = structlog.get_logger()


@runtime_checkable
class BrokerDoor(Protocol):
    """A broker that can be told who may sign in."""

    async def admit(self, logins: Sequence[GatewayLoginRow]) -> bool:
        """Make exactly these able to sign in; False when this broker is not ours to tell."""
        ...


class NoDoor:
    """A broker elsewhere: whoever runs it takes its files from `anlan gateway acl`."""

    async def admit(self, logins: Sequence[GatewayLoginRow]) -> bool:
        """Tell nobody."""
        return False


async def tell_broker(door: BrokerDoor) -> bool:
    """Tell the broker who may sign in now. False when it was not told: it is another's, or could not be reached."""
    try:
        return await door.admit(await gateway_logins())
    except (OSError, ValueError) as exc:
        log.warning("broker.not_told", error=str(exc))
        return False
