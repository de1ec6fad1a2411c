"""What can be done with gateways, points and their limits."""

from backend.domains.monitoring.service.correcting import correct_point, rename_gateway
from backend.domains.monitoring.service.freezes import look_for_frozen
from backend.domains.monitoring.service.gateways import RESERVED as RESERVED_CODES
from backend.domains.monitoring.service.gateways import GatewayMade, make_gateway, renew_secret, set_gateway_active
from backend.domains.monitoring.service.limits import (
    Author,
    LimitsApproved,
    LimitsChanged,
    NewVersion,
    announce_limits,
    bring_into_force,
    set_limits,
)
from backend.domains.monitoring.service.points import NewPoint, make_point, make_points

__all__ = [
    "RESERVED_CODES",
    "Author",
    "GatewayMade",
    "LimitsApproved",
    "LimitsChanged",
    "NewPoint",
    "NewVersion",
    "announce_limits",
    "bring_into_force",
    "correct_point",
    "look_for_frozen",
    "make_gateway",
    "make_point",
    "make_points",
    "rename_gateway",
    "renew_secret",
    "set_gateway_active",
    "set_limits",
]
