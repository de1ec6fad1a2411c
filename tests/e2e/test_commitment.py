"""The day's commitment from a phone: in few taps, and without signal."""

from __future__ import annotations

import asyncpg
import pytest
from playwright.async_api import Page

from backend.kit import clock
from backend.kit.clock import plant_day
from tests.e2e.conftest import OpenPage, Story, worker_in_charge
from tests.e2e.world import ZONE

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


class Taps:
    """Counts what a thumb does on a page."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    async def tap(self, role: str, name: str) -> None:
        """Tap the control called `name`."""
        await self.page.get_by_role(role, name=name).first.tap()  # type: ignore[arg-type]
        self.count += 1

    async def sign(self) -> None:
        """One stroke over the signing field."""
        box = await self.page.get_by_role("img", name="签名框").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5
        client = await self.page.context.new_cdp_session(self.page)
        await client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 9):
            point = {"x": x + step * box["width"] * 0.07, "y": y + (step % 3) * 8}
            await client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        await client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        await self.page.wait_for_timeout(500)  # a finger needs as long to find the button; sooner counts as one gesture
        self.count += 1


async def filed(story: Story, enterprise: str) -> list[asyncpg.Record]:
    """Today's versions on the server for one enterprise."""
    connection = await asyncpg.connect(story.world.database_url)
    try:
        return await connection.fetch(
            "select v.version, c.on_time, v.signer_name from commitment_version v"
            " join commitment c on c.id = v.commitment_id join enterprise e on e.id = c.enterprise_id"
            " where e.code = $1 and c.commit_on = $2 order by v.version",
            enterprise,
            plant_day(clock.now(), ZONE),
        )
    finally:
        await connection.close()


async def file_it(page: Page) -> Taps:
    """From the home page to the signed commitment."""
    taps = Taps(page)
    await taps.tap("link", "核对")
    await page.get_by_role("button", name="核对无误，签名提交").wait_for()
    await taps.tap("button", "核对无误，签名提交")
    await page.get_by_role("button", name="请先签名").wait_for()
    await page.wait_for_timeout(500)  # until the sheet has come to rest
    await taps.sign()
    await taps.tap("button", "提交承诺")
    return taps


async def test_todays_commitment_takes_at_most_six_taps(open_page: OpenPage, story: Story) -> None:
    page = await open_page("head")
    taps = await file_it(page)
    await page.get_by_text("已公告").first.wait_for()
    assert taps.count <= 6
    rows = await filed(story, "370305001")
    assert [(row["version"], row["on_time"]) for row in rows] == [(1, True)]


async def test_filed_without_signal_it_arrives_once_when_the_signal_returns(open_page: OpenPage, story: Story) -> None:
    page = await open_page("stranger")
    await worker_in_charge(page)
    await page.goto("/commitment")
    await page.get_by_role("button", name="核对无误，签名提交").wait_for()
    await page.goto("/")
    await page.context.set_offline(True)
    await file_it(page)
    await page.get_by_text("待上报").first.wait_for()
    assert await filed(story, "370321001") == []
    await page.context.set_offline(False)
    await page.get_by_text("已公告").first.wait_for()
    await page.wait_for_timeout(1500)
    rows = await filed(story, "370321001")
    assert [(row["version"], row["on_time"]) for row in rows] == [(1, True)]
