"""Every page, on a phone and on a desk, light and dark: it shows, fits, reports no error and is accessible."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

import pytest
from playwright.async_api import ConsoleMessage, Page, expect

from backend.kit import clock
from tests.e2e.conftest import OpenPage, Story
from tests.e2e.gateway import tank_side
from tests.e2e.people import as_person

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]
AXE = Path(__file__).resolve().parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What else the rules look at is the same in the dark.
CONTRAST = ["color-contrast"]
PARTS = ["hazards", "live", "alarms", "commitments", "work", "cameras", "contacts"]
# {enterprise} and {hazard}: those of the story's world.
PAGES = {
    "operator": [
        "/",
        "/alarms",
        "/commitment",
        "/commitments",
        "/work",
        "/work/new",
        "/monitoring",
        "/monitoring?state=live",
        "/gateways",
        "/gaps",
        "/stops",
        "/stops/new",
        "/access",
        "/access/contacts",
        "/me",
        "/me/outbox",
        "/enterprise",
        *(f"/enterprise?tab={part}" for part in PARTS),
        "/enterprise/info",
    ],
    "officer": ["/enterprise/info"],
    "linzi": [
        "/",
        "/alarms",
        "/enterprises",
        "/commitments",
        "/work",
        "/gateways",
        "/gaps",
        "/stops",
        "/access",
        "/access/contacts",
        "/me",
        *(f"/enterprises/{{enterprise}}?tab={part}" for part in PARTS),
        "/hazards/{hazard}",
        "/hazards/{hazard}/quantities",
    ],
}
# One record of each kind, reached as a person reaches it: its list, the tab of the list, and how its link begins.
RECORDS = {
    "operator": [
        ("/alarms", None, "/alarms/"),
        ("/work", None, "/work/"),
        ("/monitoring", None, "/monitoring/tanks/"),
        ("/monitoring", "其他", "/monitoring/points/"),
        ("/commitments", None, "/commitments/"),
        ("/gateways", None, "/gateways/"),
        ("/gaps", None, "/gaps/"),
        ("/access", None, "/access/"),
        ("/enterprise?tab=hazards", None, "/hazards/"),
    ],
    "linzi": [
        ("/alarms", None, "/alarms/"),
        ("/enterprises", None, "/enterprises/"),
        ("/work", None, "/work/"),
        ("/gateways", None, "/gateways/"),
        ("/gaps", None, "/gaps/"),
    ],
}
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")


async def settled(page: Page) -> None:
    """Until the skeletons are gone and what slides has come to rest; an open stream never lets the network idle."""
    await page.locator(".sk").first.wait_for(state="hidden")
    await page.wait_for_timeout(400)


def noted_errors(page: Page) -> list[str]:
    """What the page complains about from now on."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


async def assert_holds_up(page: Page) -> None:
    """It fits the screen and breaks no rule of accessibility, in the light and in the dark."""
    path = page.url
    await settled(page)
    wide, seen = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{path} is wider than the screen"
    await page.evaluate(AXE.read_text())
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme)
        await expect(page.locator("html.van-theme-dark")).to_have_count(int(scheme == "dark"))
        await page.wait_for_timeout(250)  # colours that glide
        found = await page.evaluate(
            "rules => axe.run(document, {runOnly: rules})"
            ".then(r => r.violations.map(v => [v.id, v.nodes[0].html, v.nodes[0].failureSummary]))",
            RULES if scheme == "light" else CONTRAST,
        )
        assert found == [], f"{path}, {scheme}: {found}"


@pytest.fixture(scope="module")
async def records(story: Story) -> None:
    """An alarm that is open and work that is planned, so that there is something to look at."""
    broker = story.city.services.broker
    async with tank_side(broker.host, broker.port, story.world.secret) as tank:
        for _ in range(8):
            await tank.send(40.0, other=93.0)
            await asyncio.sleep(0.5)
    now = clock.now()
    operator = await as_person(story, "operator")
    filed = await operator.post(
        "/work-reports",
        json={
            "id": str(uuid4()),
            "kind": "hot_work",
            "grade": "grade_1",
            "place": "芳烃罐区 TK-102 罐顶平台东侧第二层",
            "plannedFrom": now.isoformat(),
            "plannedTo": (now + timedelta(hours=4)).isoformat(),
            "people": 3,
            "responsible": "王建国",
        },
    )
    assert filed.status_code == 201, filed.text
    await operator.aclose()


@pytest.mark.parametrize("desk", [False, True], ids=["phone", "desk"])
@pytest.mark.parametrize("who", list(PAGES))
async def test_every_page_fits_and_is_accessible(open_page: OpenPage, story: Story, who: str, desk: bool) -> None:
    page = await open_page(who, desk=desk)
    errors = noted_errors(page)
    for path in PAGES[who]:
        await page.goto(path.format(enterprise=story.world.enterprise_id, hazard=story.world.hazard_id))
        await assert_holds_up(page)
    assert errors == []


@pytest.mark.parametrize("desk", [False, True], ids=["phone", "desk"])
@pytest.mark.parametrize("who", list(RECORDS))
async def test_every_record_fits_and_is_accessible(open_page: OpenPage, records: None, who: str, desk: bool) -> None:
    page = await open_page(who, desk=desk)
    errors = noted_errors(page)
    for listed, tab, begins in RECORDS[who]:
        await page.goto(listed)
        if tab is not None:
            await page.get_by_role("button", name=tab, exact=True).click()
        link = page.locator(f'a[href^="{begins}"]:not([href$="/new"])').first
        await link.click()
        await expect(page).to_have_url(re.compile(re.escape(begins) + IDENTIFIER.pattern))
        await assert_holds_up(page)
    assert errors == []
