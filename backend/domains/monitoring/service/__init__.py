"""What can be done with gateways, points and their limits."""

from backend.domains.monitoring.service.freezes import look_for_frozen
from backend.domains.monitoring.service.gateways import GatewayMade, make_gateway, renew_secret, set_gateway_active
from backend.domains.monitoring.service.limits import LimitsChanged, set_limits
from backend.domains.monitoring.service.points import NewPoint, make_point, make_points

__all__ = [
    "GatewayMade",
    "LimitsChanged",
    "NewPoint",
    "look_for_frozen",
    "make_gateway",
    "make_point",
    "make_points",
    "renew_secret",
    "set_gateway_active",
    "set_limits",
]
