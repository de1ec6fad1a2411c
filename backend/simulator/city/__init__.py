"""The demo city as data. Both the seed, which writes it down, and the simulator, which plays it, read it from here."""

from backend.simulator.city.build import CITY_SEED, make_city
from backend.simulator.city.plants import City, EnterprisePlan, GatewayPlan, PointPlan, TankPlan

__all__ = ["CITY_SEED", "City", "EnterprisePlan", "GatewayPlan", "PointPlan", "TankPlan", "make_city"]
