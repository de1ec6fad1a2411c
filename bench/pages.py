"""How fast and how accessible the pages are on a throttled phone, as Lighthouse measures it on the demo city.

Each page is opened three times signed in, and the median counts. The baseline is the same shell with nothing in it: the
sign-in page. Lighthouse is installed beside this file on first use.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import BrowserContext, Page, async_playwright

from backend.embedded.ports import free_port
from bench.figures import figure
from tests.e2e.conftest import FLAGS, chromium

ROOT = Path(__file__).resolve().parent.parent
LIGHTHOUSE = ROOT / "bench" / "lighthouse"
PASSWORD = "quiet-harbour-117"
RUNS = 3


class Scores(NamedTuple):
    """What Lighthouse found: scores from 0 to 100, and the milliseconds behind the first of them."""

    performance: float
    accessibility: float
    largest_paint_ms: float
    blocking_ms: float


class Measured(NamedTuple):
    """A page: its name in figures, who opens it, its address, and of a record how its link in that list begins."""

    name: str
    who: str
    path: str
    record: str | None = None


PAGES = (
    Measured("enterprises", "city", "/enterprises"),
    Measured("tank", "head", "/monitoring", "/monitoring/tanks/"),
    Measured("home", "head", "/"),
)


def main() -> None:
    """Print `pages.<page>.performance`, `.accessibility`, `.largest_paint_ms` and `.blocking_ms`."""
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=LIGHTHOUSE, check=True)
    with _demo_city() as address:
        asyncio.run(_measure(address))


@contextmanager
def _demo_city() -> Iterator[str]:
    """A demo city of its own, until the block ends."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as folder:
        Path(folder).chmod(0o755)
        environment = {
            **os.environ,
            "ANLAN_DATA_DIR": f"{folder}/data",
            "ANLAN_HTTP_PORT": str(port),
            "ANLAN_MQTT_PORT": str(free_port()),
            "ANLAN_DEMO_PASSWORD": PASSWORD,
        }
        argv = [sys.executable, "-m", "backend.cli", "run"]
        with subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as city:
            assert city.stdout is not None
            try:
                for line in city.stdout:
                    print(line, end="", file=sys.stderr)
                    if "ready after" in line:
                        break
                yield f"http://localhost:{port}"
            finally:
                city.send_signal(signal.SIGINT)


async def _measure(address: str) -> None:
    async with _signed_in(address, None) as (_, browser_port):
        baseline = await _scores(f"{address}/sign-in", browser_port)
    for page in PAGES:
        async with _signed_in(address, page.who) as (opened, browser_port):
            path = page.path if page.record is None else await _record(opened, page)
            await opened.goto("about:blank")  # A second page of ours would ask and hear beside the measured one.
            found = await _scores(address + path, browser_port)
        units = ("score", "score", "ms", "ms")
        for name, unit, value, base in zip(Scores._fields, units, found, baseline, strict=True):
            figure(f"pages.{page.name}.{name}", value, unit, base, runs=RUNS)


@asynccontextmanager
async def _signed_in(address: str, who: str | None) -> AsyncIterator[tuple[Page, int]]:
    """A phone's browser with that person in it, and the port on which Lighthouse may drive it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as profile:
        async with async_playwright() as driver:
            context: BrowserContext = await driver.chromium.launch_persistent_context(
                profile,
                executable_path=chromium(),
                args=[*FLAGS, f"--remote-debugging-port={port}"],
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport={"width": 412, "height": 823},
                base_url=address,
            )
            page = await context.new_page()
            await page.goto("/sign-in")
            if who is not None:
                await page.get_by_label("账号", exact=True).fill(who)
                await page.get_by_label("密码", exact=True).fill(PASSWORD)
                await page.get_by_role("button", name="登录").click()
                await page.wait_for_url(lambda url: "/sign-in" not in url)
            yield page, port
            await context.close()


async def _record(page: Page, measured: Measured) -> str:
    """The address of the first record in the page's list."""
    await page.goto(measured.path)
    link = page.locator(f'a[href^="{measured.record}"]').first
    await link.wait_for()
    return str(await link.get_attribute("href"))


async def _scores(url: str, browser_port: int) -> Scores:
    runs = [await _once(url, browser_port) for _ in range(RUNS)]
    return Scores(*(statistics.median(values) for values in zip(*runs, strict=True)))


async def _once(url: str, browser_port: int) -> Scores:
    command = (
        "node", str(LIGHTHOUSE / "node_modules/lighthouse/cli/index.js"), url, f"--port={browser_port}", "--quiet",
        "--output=json", "--disable-storage-reset", "--only-categories=performance,accessibility",
    )  # fmt: skip
    program = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    out, _ = await program.communicate()
    if program.returncode:
        raise RuntimeError(f"lighthouse broke off on {url}")
    report: dict[str, Any] = json.loads(out)
    categories, audits = report["categories"], report["audits"]
    return Scores(
        categories["performance"]["score"] * 100,
        categories["accessibility"]["score"] * 100,
        audits["largest-contentful-paint"]["numericValue"],
        audits["total-blocking-time"]["numericValue"],
    )


if __name__ == "__main__":
    main()
