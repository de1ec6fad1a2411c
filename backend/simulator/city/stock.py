"""What a hazard of the demo city holds at most."""

from __future__ import annotations

from backend.simulator.city.plants import HazardPlan

FILL = 0.9  # GB 18218 counts the design maximum.


def stock_of(hazard: HazardPlan) -> dict[str, float]:
    """Tonnes of each medium, by its name."""
    tonnes: dict[str, float] = {}
    for tank in hazard.tanks:
        tonnes[tank.medium.name] = tonnes.get(tank.medium.name, 0.0) + tank.volume_m3 * FILL * tank.medium.density
    return {name: round(quantity, 3) for name, quantity in tonnes.items()}
