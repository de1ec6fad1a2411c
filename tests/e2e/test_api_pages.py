"""The reader of the API document, from local files only."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import OpenPage, Story

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(90)]


async def test_the_api_can_be_read_without_the_outside_world(open_page: OpenPage, story: Story) -> None:
    page = await open_page(None, desk=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto("/api/docs")
    await page.get_by_text("Sign in with cookies").first.wait_for(timeout=30_000)
    port = story.city.base_url.rsplit(":", 1)[1]
    outside = [url for url in asked if f"localhost:{port}" not in url and not url.startswith(("data:", "blob:"))]
    assert outside == []
