"""Tables of the registry: enterprises, their major hazards, and what stands in them."""

from backend.domains.enterprises.models.enterprises import Contact, Enterprise
from backend.domains.enterprises.models.hazards import HazardChemical, HazardResponsible, MajorHazard
from backend.domains.enterprises.models.places import (
    Camera,
    GasDetector,
    LoadingArm,
    LoadingStation,
    PlantArea,
    ProcessParameter,
    ProcessUnit,
    Tank,
    Warehouse,
)

__all__ = [
    "Camera",
    "Contact",
    "Enterprise",
    "GasDetector",
    "HazardChemical",
    "HazardResponsible",
    "LoadingArm",
    "LoadingStation",
    "MajorHazard",
    "PlantArea",
    "ProcessParameter",
    "ProcessUnit",
    "Tank",
    "Warehouse",
]
