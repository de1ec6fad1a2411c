"""A tank runs over: one episode, a coloured score with its reasons, a phone that rings, two taps, two regulators."""

from __future__ import annotations

import asyncio
import time

import asyncpg
import httpx
import pytest

from tests.e2e.conftest import OpenPage, Story
from tests.e2e.gateway import tank_side
from tests.e2e.people import as_person

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]


async def test_an_overfill_is_told_seen_and_acknowledged(open_page: OpenPage, story: Story) -> None:
    officer = await as_person(story, "officer")
    subscribed = await officer.post("/push/subscriptions", json=story.push.subscribe())
    assert subscribed.status_code in (200, 201), subscribed.text

    phone = await open_page("officer", path="/")
    await phone.goto("/alarms")
    await phone.get_by_text("没有未确认的报警").wait_for()

    broker = story.city.services.broker
    async with tank_side(broker.host, broker.port, story.world.secret) as tank:
        await tank.rise(82, 86, 3)
        await tank.hold(86.5, 3)
        await phone.get_by_role("link", name="TK-101 液位高报").wait_for()
        began = time.monotonic()
        keep = asyncio.create_task(tank.rise(86.5, 93, 40))
        await phone.get_by_role("link", name="TK-101 液位高高报").wait_for(timeout=90_000)

        messages = story.push.wait_for(2, 20)
        words = messages[-1].data
        assert "橙" in words["title"] or "红" in words["title"], words
        assert "TK-101" in words["title"] + words["body"], words
        assert messages[-1].urgency == "high"

        risk = await coloured(officer, story)
        assert risk["level"] >= 2, risk
        why = (await officer.get(f"/risk/hazards/{risk['hazardId']}")).json()
        assert abs(sum(bar["points"] for bar in why["waterfall"]) - why["score"]) < 0.01, why
        assert any("TK-101" in bar["sentence"] or "LI-101" in bar["sentence"] for bar in why["waterfall"]), why

        await phone.get_by_role("button", name="确认", exact=True).first.tap()
        await phone.get_by_text("撤销").first.wait_for()  # five seconds to take it back, then it leaves
        await acknowledged(story)
        keep.cancel()
    assert time.monotonic() - began < 150

    rows = await episodes(story)
    assert [(row["start_level"], row["worst_level"]) for row in rows] == [(1, 2)]
    near, far = await as_person(story, "linzi"), await as_person(story, "huantai")
    assert [alarm["id"] for alarm in (await near.get("/alarms?state=all")).json()["items"]] == [str(rows[0]["id"])]
    assert (await far.get("/alarms?state=all")).json()["items"] == []
    assert (await far.get(f"/alarms/{rows[0]['id']}")).status_code == 404
    for client in (officer, near, far):
        await client.aclose()


async def coloured(officer: httpx.AsyncClient, story: Story) -> dict[str, object]:
    """The hazard's score once it is orange or red; it must come by itself within a minute and a half."""
    for _ in range(90):
        rows = (await officer.get("/risk/hazards", params={"enterpriseId": str(story.world.enterprise_id)})).json()
        items = rows["items"] if isinstance(rows, dict) else rows
        if items and items[0]["level"] >= 2:
            return items[0]  # type: ignore[no-any-return]
        await asyncio.sleep(1)
    raise AssertionError(f"the hazard did not turn orange: {items}\n{story.city.log('worker')[-3000:]}")


async def episodes(story: Story) -> list[asyncpg.Record]:
    """All episodes of the high level."""
    connection = await asyncpg.connect(story.world.database_url)
    try:
        return await connection.fetch(
            "select a.* from alarm a join point p on p.id = a.point_id where p.tag = 'LI-101'"
        )
    finally:
        await connection.close()


async def acknowledged(story: Story) -> None:
    """Wait until the server knows."""
    for _ in range(40):
        if all(row["acknowledged_at"] for row in await episodes(story)):
            return
        await asyncio.sleep(0.5)
    raise AssertionError("the acknowledgement did not arrive")
