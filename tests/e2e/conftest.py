"""The browser and the city behind it. Without a browser these tests say loudly that they did not run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from backend.settings import Settings
from tests.city import City, running_city
from tests.conftest import migrated_database
from tests.e2e.world import World, make_world
from tests.people import PASSWORD
from tests.services import roomy_folder, running_services
from tests.support.push_service import PushServiceDouble

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PATIENCE_MS = 15_000
# What the pages looked like when a test failed.
FAILURES = Path(tempfile.gettempdir()) / "anlan-failed-pages"
REPORT = pytest.StashKey[pytest.TestReport]()


def chromium() -> str | None:
    """A Chromium to drive: the one named by CHROME, the system's, or Playwright's own."""
    named = [os.environ.get("CHROME", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in named if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all stories."""
    async with async_playwright() as driver:
        executable = chromium()
        if executable is None and not os.path.exists(driver.chromium.executable_path):  # noqa: ASYNC240 - at once.
            pytest.skip("NO BROWSER: install chromium; the browser tests did not run")
        browser = await driver.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Story:
    """The world, the city of processes, and the push service."""

    world: World
    city: City
    push: PushServiceDouble


@pytest.fixture(scope="session")
def push_service() -> Iterator[PushServiceDouble]:
    """An independent push service that opens what it is sent."""
    with PushServiceDouble() as double:
        yield double


@pytest.fixture(scope="session")
async def story(push_service: PushServiceDouble) -> AsyncIterator[Story]:
    """API, worker and ingest on the small world, with the built pages, on servers of its own: it lives long."""
    pages = Settings(data_dir=Path("/")).pwa_dir
    if not (pages / "index.html").is_file():
        pytest.fail("the pages are not built; run `make setup`")
    with roomy_folder() as path, running_services(path / "data") as services:
        world = await make_world(await migrated_database(services.database_url, "anlan_story"), services)
        with running_city(services, world.database_url, "ingest", "worker", "api", push_hosts=push_service.url) as city:
            yield Story(world, city, push_service)


OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(browser: Browser, story: Story, request: pytest.FixtureRequest) -> AsyncIterator[OpenPage]:
    """`await open_page("head")`: a phone (or a desk) of its own, signed in as that person, on their home page."""
    pages: list[Page] = []
    async with AsyncExitStack() as contexts:

        async def open_one(
            who: str | None, *, desk: bool = False, dark: bool = False, path: str = "/", locale: str = "zh-CN"
        ) -> Page:
            context: BrowserContext = await browser.new_context(
                base_url=story.city.base_url.replace("127.0.0.1", "localhost"),
                viewport=DESK if desk else PHONE,  # type: ignore[arg-type]
                is_mobile=not desk,
                has_touch=not desk,
                locale=locale,
                timezone_id="Asia/Shanghai",
                color_scheme="dark" if dark else "light",
            )
            context.set_default_timeout(PATIENCE_MS)
            contexts.push_async_callback(context.close)
            page = await context.new_page()
            pages.append(page)
            await page.goto(path)
            if who is not None:
                await sign_in(page, who)
            return page

        yield open_one
        if (report := request.node.stash.get(REPORT, None)) and report.failed:
            for number, page in enumerate(pages):
                await page.screenshot(path=FAILURES / f"{request.node.name}-{number}.png")


async def sign_in(page: Page, who: str) -> None:
    """Type name and password, and arrive."""
    await page.get_by_label("账号", exact=True).fill(who)
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def worker_in_charge(page: Page) -> None:
    """Wait until the service worker answers for the page; asked by polling, for our policy forbids eval."""
    for _ in range(100):
        if await page.evaluate("navigator.serviceWorker.controller !== null"):
            return
        await page.wait_for_timeout(100)
    raise AssertionError("no service worker took charge of the page")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixture know how its test ended."""
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
        FAILURES.mkdir(exist_ok=True)
    return report


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where nobody can overlook it."""
    if any("NO BROWSER" in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("NO BROWSER: THE BROWSER TESTS DID NOT RUN", sep="!", red=True)
