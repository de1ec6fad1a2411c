"""People of the story who speak to the API without a page."""

from __future__ import annotations

import httpx

from tests.e2e.conftest import Story
from tests.people import PASSWORD


async def as_person(story: Story, who: str) -> httpx.AsyncClient:
    """An API client signed in as that person."""
    client = httpx.AsyncClient(base_url=f"{story.city.base_url}/api/v1", timeout=20)
    answer = await client.post("/session/token", json={"username": who, "password": PASSWORD})
    client.headers["authorization"] = f"Bearer {answer.json()['accessToken']}"
    return client
