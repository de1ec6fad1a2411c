"""What can be done with enterprises, their major hazards, and what stands in them."""

from backend.domains.enterprises.service.basics import InfoChanged, maintain_info
from backend.domains.enterprises.service.entering import make_detector, make_enterprise, make_hazard, make_tank
from backend.domains.enterprises.service.hazards import appoint, foresee_quantities, regrade, set_quantities

__all__ = [
    "InfoChanged",
    "appoint",
    "foresee_quantities",
    "maintain_info",
    "make_detector",
    "make_enterprise",
    "make_hazard",
    "make_tank",
    "regrade",
    "set_quantities",
]
