"""Points, what they measure, and gateways over HTTP."""

from backend.domains.monitoring.routes.exports import ExportController
from backend.domains.monitoring.routes.gateways import GatewayController
from backend.domains.monitoring.routes.places import DetectorController, TankController
from backend.domains.monitoring.routes.points import PointController, PointListController

__all__ = [
    "DetectorController",
    "ExportController",
    "GatewayController",
    "PointController",
    "PointListController",
    "TankController",
]
