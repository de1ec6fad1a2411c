"""Servers and brokers of their own for the tests of this folder: they leave retained messages and sessions behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services import Services, broker, mosquitto, roomy_folder, running_services

__all__ = ["broker", "mosquitto", "services"]


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """The embedded three, for this folder alone."""
    with roomy_folder() as path, running_services(path / "data") as running:
        yield running
