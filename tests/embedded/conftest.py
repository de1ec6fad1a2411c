"""The brokers, for the tests of this folder."""

from tests.services import broker, mosquitto

__all__ = ["broker", "mosquitto"]
