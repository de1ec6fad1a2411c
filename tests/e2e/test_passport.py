"""The threshold passport: proposed, verified at the tank, approved, in force within two seconds, named by an alarm."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.domains.media.pictures import picture
from tests.e2e.conftest import OpenPage, Story, worker_in_charge
from tests.e2e.gateway import tank_side
from tests.e2e.people import as_person

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]
# Two metres beside the gate, as the registration has it.
AT_THE_TANK = {"longitude": 118.30502, "latitude": 36.81201, "accuracy": 4}
TANK = "TK-102"


async def in_database(story: Story, sql: str, *arguments: object) -> list[asyncpg.Record]:
    """Rows of a query."""
    connection = await asyncpg.connect(story.world.database_url)
    try:
        return await connection.fetch(sql, *arguments)
    finally:
        await connection.close()


async def draw(page: Page) -> None:
    """Sign with a finger."""
    pad = page.locator(".pad svg")
    await pad.scroll_into_view_if_needed()
    box = await pad.bounding_box()
    assert box is not None
    x, y = box["x"] + 60, box["y"] + 60
    await page.mouse.move(x, y)
    await page.mouse.down()
    for step in range(1, 6):
        await page.mouse.move(x + 25 * step, y + (20 if step % 2 else -20))
    await page.mouse.up()


async def propose(open_page: OpenPage, story: Story) -> None:
    """The safety officer lowers the limits of the second tank's level."""
    ((tank_id,),) = await in_database(story, "select id from tank where code = $1", TANK)
    page = await open_page("officer")
    await page.goto(f"/passports/tanks/{tank_id}")
    await page.get_by_role("link", name="提出新限值").click()
    await page.get_by_role("textbox", name="LI-102 HH").fill("60")
    await expect(page.get_by_text("HH 的次序不对")).to_be_visible()
    await page.get_by_role("textbox", name="LI-102 H", exact=True).fill("55")
    await page.get_by_label("理由").fill("夏季高温，降低液位上限")
    await page.get_by_role("button", name="提交，等专家现场核定").click()
    await page.get_by_text("拟用限值 · 1 个点位").wait_for()


async def verify_without_signal(open_page: OpenPage, story: Story, photo: Path) -> None:
    """The expert opens the proposal, loses the signal, checks, photographs and signs; the phone sends it later."""
    page = await open_page("expert")
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation(AT_THE_TANK)  # type: ignore[arg-type]
    await worker_in_charge(page)
    await page.reload()
    await page.get_by_role("link", name=TANK).click()
    await page.get_by_text("距企业登记位置").or_(page.get_by_text("现场核定")).first.wait_for()
    await page.get_by_role("link", name="到现场核定").click()
    await page.get_by_text("定位误差 4 米").wait_for()
    await page.get_by_role("button", name="LI-102 HH 60").wait_for()
    await page.context.set_offline(True)
    await page.get_by_text("离线可签").wait_for()
    await expect(page.get_by_role("button", name="还有 4 项待核，不能签名")).to_be_disabled()
    await page.get_by_role("button", name="LI-102 HH 60").tap()
    await page.get_by_role("button", name="还有 3 项待核，不能签名").wait_for()
    await page.get_by_role("button", name="核对 LI-102 整行").tap()
    await page.get_by_role("button", name="设计文件", exact=True).tap()
    await page.locator("input[type=file]").set_input_files(photo)
    await page.locator(".ph img").wait_for()
    await page.wait_for_timeout(800)  # A draft is kept after a pause of 0.4 s.
    await page.reload()  # What was done so far is still there.
    await page.locator(".ph img").wait_for()
    await page.get_by_text("定位误差 4 米").wait_for()
    await draw(page)
    await page.get_by_role("button", name="签名提交").tap()
    await page.get_by_text("项待上报").first.wait_for()
    assert (await in_database(story, "select state from limit_proposal"))[0]["state"] == "proposed"
    await page.context.set_offline(False)
    for _ in range(60):
        if (await in_database(story, "select state from limit_proposal"))[0]["state"] == "verified":
            return
        await asyncio.sleep(0.25)
    raise AssertionError(f"the signature did not arrive: {await page.inner_text('body')}")


async def approve(open_page: OpenPage) -> None:
    """The district sees that something waits, looks at the proof and approves."""
    page = await open_page("linzi")
    await page.goto("/passports")
    await page.get_by_role("link", name=TANK).click()
    await expect(page.get_by_role("img", name="现场照片 1")).to_be_visible()
    loaded = await page.get_by_role("img", name="现场照片 1").evaluate(
        "img => img.decode().then(() => img.naturalWidth)"
    )
    assert loaded == 640
    await page.get_by_role("button", name="批准", exact=True).click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_role("button", name="批准", exact=True).click()
    await page.get_by_text("已批准").first.wait_for()


async def alarms_of_tank(story: Story) -> list[asyncpg.Record]:
    """Alarms of the second tank's level with the version that fired each."""
    return await in_database(
        story,
        "select a.id, a.raised_at, a.limit_value, l.version, l.proposal_id, l.effective_from from alarm a"
        " join limit_set l on l.id = a.limit_set_id join point p on p.id = a.point_id where p.tag = 'LI-102'"
        " order by a.raised_at desc",
    )


async def test_limits_are_verified_on_site_and_the_next_alarm_names_them(
    open_page: OpenPage, story: Story, tmp_path: Path
) -> None:
    photo = tmp_path / "plate.jpg"
    photo.write_bytes(picture(gps=True))
    await propose(open_page, story)
    await verify_without_signal(open_page, story, photo)

    broker = story.city.services.broker
    async with tank_side(broker.host, broker.port, story.world.secret) as tank:
        before = len(await alarms_of_tank(story))
        for _ in range(8):  # Beyond the limits to come, within those in force.
            await tank.send(40.0, other=70.0)
            await asyncio.sleep(0.5)
        assert len(await alarms_of_tank(story)) == before
        await approve(open_page)
        approved = time.monotonic()
        # The alarm has an on-delay of 2 s; so it must stand 4 s after the approval, and some time to write it.
        for _ in range(24):
            await tank.send(40.0, other=70.0)
            if len(await alarms_of_tank(story)) > before:
                break
            await asyncio.sleep(0.25)
        took = time.monotonic() - approved
    alarm = (await alarms_of_tank(story))[0]
    assert (alarm["version"], alarm["limit_value"] in (55, 60)) == (2, True)
    # Judged by the new version within 2 s of its time: the delay runs from the first frame judged so.
    assert (alarm["raised_at"] - alarm["effective_from"]).total_seconds() < 4.5, took

    linzi = await as_person(story, "linzi")
    detail = (await linzi.get(f"/alarms/{alarm['id']}")).json()
    assert (detail["passport"]["version"], detail["passport"]["proposalId"]) == (2, str(alarm["proposal_id"]))
    assert detail["passport"]["basis"] == "设计文件"
    ((photo_row),) = await in_database(story, "select lon, lat, exif_at from photo")
    assert (photo_row["lon"], photo_row["lat"], photo_row["exif_at"]) == (118.30502, 36.81201, "2026:01:03 10:30:12")
    far = await as_person(story, "huantai")
    assert (await far.get(f"/limit-proposals/{alarm['proposal_id']}")).status_code == 404
    await linzi.aclose()
    await far.aclose()

    page = await open_page("operator")
    await page.goto(f"/alarms/{alarm['id']}")
    await page.get_by_text("V2").first.wait_for()
