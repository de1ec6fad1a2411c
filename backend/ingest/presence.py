"""Whether gateways are there: said once when one goes, and once when it returns."""

from __future__ import annotations

from typing import NamedTuple

from backend.domains.monitoring.enums import GatewayEventKind
from backend.ingest.city import Gateway

# A gateway beats every 30 s at least; three minutes without a word and it is off line (standards 5.7).
SILENT_AFTER_MS = 180_000


class PresenceChange(NamedTuple):
    """A gateway went or came."""

    gateway: Gateway
    kind: GatewayEventKind
    at_ms: int
    detail: str


def heard(gateway: Gateway, at_ms: int) -> PresenceChange | None:
    """Something arrived from the gateway itself, so it is there."""
    gateway.heard_ms = max(gateway.heard_ms, at_ms)
    was, gateway.is_online, gateway.lost_ms = gateway.is_online, True, 0
    if was is False:
        return PresenceChange(gateway, GatewayEventKind.RETURNED, at_ms, "")
    return None


def told_state(gateway: Gateway, online: bool, *, retained: bool, at_ms: int) -> PresenceChange | None:
    """The gateway's state message, or its last will.

    A retained `online: true` may be from days ago: it proves nothing about a gateway that has gone silent since.
    """
    if not online:
        return _gone(gateway, at_ms, "it said so, or its connection broke")
    if retained:
        return None
    return heard(gateway, at_ms)


def silent(gateway: Gateway, now_ms: int, listening_since_ms: int) -> PresenceChange | None:
    """Lost, if it is thought to be there and nothing came for too long while we were listening."""
    since = max(gateway.heard_ms, listening_since_ms)
    if gateway.is_online and now_ms - since > SILENT_AFTER_MS:
        return _gone(gateway, now_ms, f"silent for {(now_ms - since) // 1000} s")
    return None


def _gone(gateway: Gateway, at_ms: int, why: str) -> PresenceChange | None:
    if not gateway.is_online:
        return None
    gateway.is_online, gateway.lost_ms = False, at_ms
    return PresenceChange(gateway, GatewayEventKind.LOST, at_ms, why)
