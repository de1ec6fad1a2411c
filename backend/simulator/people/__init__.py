"""The people of the demo city, who use the public API as anyone would."""

from backend.simulator.people.townsfolk import Townsfolk

__all__ = ["Townsfolk"]
