"""Every page, on a phone and on a desk, light and dark: it shows, fits, reports no error and is accessible."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import ConsoleMessage, Page

from tests.e2e.conftest import OpenPage

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]
AXE = Path(__file__).resolve().parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = {
    "operator": [
        "/",
        "/alarms",
        "/commitment",
        "/commitments",
        "/work",
        "/work/new",
        "/monitoring",
        "/me",
        "/me/outbox",
    ],
    "linzi": ["/", "/alarms", "/enterprises", "/commitments", "/work", "/me"],
}


async def settled(page: Page) -> None:
    """Until the skeletons are gone and what slides has come to rest; an open stream never lets the network idle."""
    await page.locator(".sk").first.wait_for(state="hidden")
    await page.wait_for_timeout(600)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("desk", [False, True], ids=["phone", "desk"])
@pytest.mark.parametrize("who", list(PAGES))
async def test_every_page_fits_and_is_accessible(open_page: OpenPage, who: str, desk: bool, dark: bool) -> None:
    page = await open_page(who, desk=desk, dark=dark)
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in PAGES[who]:
        await page.goto(path)
        await settled(page)
        wide, seen = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= seen, f"{path} is wider than the screen"
        await page.evaluate(AXE.read_text())
        found = await page.evaluate(
            "rules => axe.run(document, {runOnly: rules})"
            ".then(r => r.violations.map(v => [v.id, v.nodes[0].html, v.nodes[0].failureSummary]))",
            RULES,
        )
        assert found == [], f"{path}: {found}"
    assert errors == []
