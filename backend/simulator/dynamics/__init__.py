"""How plants behave: stock, weather, pressure, gas, and what goes wrong by itself. Pure functions of time."""

from backend.simulator.dynamics.plant import Frames, GatewayModel, Window

__all__ = ["Frames", "GatewayModel", "Window"]
