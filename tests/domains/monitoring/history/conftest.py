"""A plant whose history begins at T."""

from __future__ import annotations

import pytest

from backend.domains.monitoring.history.making import set_progress
from tests.domains.monitoring.history.frames import at, connection
from tests.domains.monitoring.plant import Plant
from tests.people import People


@pytest.fixture
async def plant(people: People) -> Plant:
    """A plant; all hours before T count as rolled up."""
    async with connection() as con:
        await set_progress(con, at())
    return await Plant.build(people.own)
