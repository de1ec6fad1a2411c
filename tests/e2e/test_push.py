"""A phone that asks to be rung: from the tap on its page to the notification. Only the vendor's `subscribe` is ours."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from tests.e2e.conftest import OpenPage, Story, worker_in_charge

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

# What a browser vendor does: hand out an endpoint and keys. What the page asked for is kept to be looked at.
VENDOR = """
given => {
    PushManager.prototype.subscribe = async function (options) {
        window.asked = {
            visible: options.userVisibleOnly,
            key: Array.from(new Uint8Array(options.applicationServerKey.buffer ?? options.applicationServerKey)),
        }
        return { endpoint: given.endpoint, toJSON: () => given, unsubscribe: async () => true }
    }
    Notification.requestPermission = async () => 'granted'
}
"""


async def test_from_the_tap_to_the_notification(open_page: OpenPage, story: Story) -> None:
    page = await open_page("operator")
    await page.context.grant_permissions(["notifications"])
    await worker_in_charge(page)
    given = story.push.subscribe()
    await page.goto("/me")
    await page.evaluate(VENDOR, given)
    await page.get_by_role("button", name="打开通知").tap()
    await page.get_by_role("button", name="测试我的手机").wait_for()

    asked: dict[str, Any] = await page.evaluate("window.asked")
    assert asked["visible"] is True
    assert (len(asked["key"]), asked["key"][0]) == (65, 4)
    assert await endpoints(story, "operator") == [given["endpoint"]]

    before = len(story.push.messages)
    await page.get_by_role("button", name="测试我的手机").tap()
    message = story.push.wait_for(before + 1)[-1]
    assert message.data["title"]

    shown = await deliver(page, message.text)
    assert [note["title"] for note in shown] == [message.data["title"]]


async def endpoints(story: Story, username: str) -> list[str]:
    """Where the server rings that person."""
    connection = await asyncpg.connect(story.world.database_url)
    try:
        rows = await connection.fetch(
            "select s.endpoint from push_subscription s join person p on p.id = s.person_id where p.username = $1",
            username,
        )
        return [row["endpoint"] for row in rows]
    finally:
        await connection.close()


async def deliver(page: Any, text: str) -> list[dict[str, str]]:
    """Hand the opened text to the service worker as the browser would; returns what is shown then."""
    client = await page.context.new_cdp_session(page)
    registrations: list[dict[str, Any]] = []
    client.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    await client.send("ServiceWorker.enable")
    for _ in range(50):
        if registrations:
            break
        await page.wait_for_timeout(100)
    origin = await page.evaluate("location.origin")
    await client.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": registrations[-1]["registrationId"], "data": text},
    )
    for _ in range(50):
        shown = await page.evaluate(
            "navigator.serviceWorker.ready.then(r => r.getNotifications())"
            ".then(all => JSON.stringify(all.map(n => ({title: n.title, body: n.body, tag: n.tag}))))"
        )
        if json.loads(shown):
            break
        await page.wait_for_timeout(100)
    return json.loads(shown)  # type: ignore[no-any-return]
