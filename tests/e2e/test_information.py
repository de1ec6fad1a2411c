"""An enterprise maintains its information from a phone: kept while typed, sent once, read by the regulator."""

from __future__ import annotations

import re

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage, Story, worker_in_charge
from tests.e2e.people import as_person

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


async def maintained(story: Story) -> list[asyncpg.Record]:
    """The lines of the audit about the enterprise's own information, oldest first."""
    connection = await asyncpg.connect(story.world.database_url)
    try:
        return await connection.fetch(
            "select person_name, detail from audit where verb = 'enterprise.info_maintained' order by id"
        )
    finally:
        await connection.close()


async def open_form(page: Page) -> None:
    """From 我的 to the form."""
    await page.goto("/me")
    await page.get_by_role("link", name="基本信息").click()
    await page.get_by_label("地址", exact=True).wait_for()


async def test_typed_without_signal_it_outlives_the_page_and_arrives_once(open_page: OpenPage, story: Story) -> None:
    page = await open_page("officer")
    await worker_in_charge(page)
    await open_form(page)
    before = len(await maintained(story))
    await page.get_by_label("24 小时值班电话").fill("值班室")
    await page.get_by_label("地址", exact=True).fill("乙烯路14号")
    await page.get_by_role("button", name="提交 2 处修改").click()
    await expect(page.get_by_text("填电话号码，例如")).to_be_visible()
    await expect(page.get_by_label("24 小时值班电话")).to_be_focused()
    await page.get_by_label("24 小时值班电话").fill("0533-7654321")
    await page.wait_for_timeout(800)  # a pause in typing saves
    await page.reload()
    await expect(page.get_by_label("地址", exact=True)).to_have_value("乙烯路14号")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="存为待上报（2 处）").click()
    await expect(page.get_by_text("已存在本机，信号恢复后自动发送")).to_be_visible()
    assert len(await maintained(story)) == before
    await page.context.set_offline(False)
    await expect(page.get_by_role("button", name="没有改动")).to_be_visible()
    rows = await maintained(story)
    assert len(rows) == before + 1

    regulator = await open_page("linzi")
    await regulator.goto(f"/enterprises/{story.world.enterprise_id}")
    card = regulator.locator("section.card", has=regulator.get_by_role("heading", name="基本信息"))
    await expect(card).to_contain_text(f"最近修改：{rows[-1]['person_name']}")
    await card.get_by_role("button", name="变更记录").click()
    await expect(card).to_contain_text("乙烯路14号")
    await regulator.get_by_role("link", name="联系人").click()
    await expect(regulator).to_have_url(re.compile(r"\?tab=contacts$"))
    await expect(regulator.locator('a[href="tel:0533-7654321"]')).to_be_visible()
    await regulator.go_back()
    await expect(card).to_be_visible()


async def test_what_a_colleague_wrote_meanwhile_is_shown_and_not_overwritten(open_page: OpenPage, story: Story) -> None:
    page = await open_page("officer")
    await open_form(page)
    await page.get_by_label("主要产品").fill("甲苯、二甲苯")
    head = await as_person(story, "head")
    path = f"/enterprises/{story.world.enterprise_id}"
    seen = (await head.get(path)).json()
    names = ("shortName", "address", "legalRepresentative", "licenceNo", "dutyPhone", "staffCount", "about", "contacts")
    answer = await head.put(f"{path}/info", json={name: seen[name] for name in names} | {"products": "苯乙烯"})
    assert answer.status_code == 200, answer.text
    await page.get_by_role("button", name="提交 1 处修改").click()
    await expect(page.get_by_text("别人刚改过基本信息")).to_be_visible()
    await expect(page.get_by_text("苯乙烯", exact=True)).to_be_visible()
    assert (await head.get(path)).json()["products"] == "苯乙烯"
    await page.get_by_role("button", name="保留我的").click()
    await page.get_by_role("button", name="提交 1 处修改").click()
    await page.wait_for_url("**/enterprise")
    assert (await head.get(path)).json()["products"] == "甲苯、二甲苯"
    await head.aclose()
