"""The simulator as a whole, with one gateway of the city."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from backend.settings import Settings
from backend.simulator.city import make_city
from backend.simulator.control import is_answering
from backend.simulator.credentials import GATEWAYS_FILE
from backend.simulator.run import CannotSimulate, run_simulate
from tests.services import Services, roomy_folder
from tests.settings import settings_for_tests
from tests.simulator.test_gateway_client import Listener, listening

pytestmark = pytest.mark.anyio

CITY = make_city()
PLAN = CITY.visitor.gateways[0]


@pytest.fixture
def folder() -> Iterator[Path]:
    with roomy_folder() as path:
        yield path


@pytest.fixture
async def settings(services: Services, folder: Path) -> AsyncIterator[Settings]:
    """A data folder with the secret of one gateway on it."""
    secret = services.broker.admit(PLAN.code, CITY.visitor.adcode, CITY.visitor.code)
    (folder / GATEWAYS_FILE).write_bytes(msgspec.json.encode({PLAN.code: secret}))
    yield settings_for_tests(data_dir=folder, mqtt_url=services.mqtt_url)
    services.broker.dismiss(PLAN.code)


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[None]:
    told: list[str] = []
    task = asyncio.create_task(run_simulate(settings, people=False, interval_s=1.0, say=told.append))
    try:
        async with asyncio.timeout(10):
            while not await is_answering(settings.data_dir):  # noqa: ASYNC110 - another process would be asked like this.
                await asyncio.sleep(0.05)
        assert told == ["1 gateways send a frame every 1 s"]
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def stages(told: list[str]) -> list[str]:
    return [line.partition(" s  ")[2] for line in told if " s  " in line]


async def test_an_incident_is_played_by_the_simulator_that_runs(services: Services, settings: Settings) -> None:
    told: list[str] = []
    async with running(settings), listening(services.broker, PLAN.code) as heard:
        await heard.until(lambda: len(heard.numbers) >= 2)
        with pytest.raises(CannotSimulate, match="already running"):
            await run_simulate(settings, people=False, say=told.append)
        await run_simulate(settings, scenario="gateway-loss", speed=20, say=told.append)
        assert [words.partition(": ")[2] for words in stages(told)] == [
            "the line is cut without a goodbye",
            "the line is back, what was measured meanwhile is sent",
        ]
        assert_lost_and_returned_whole(heard)


async def test_without_one_the_command_sends_for_the_gateway_itself(services: Services, settings: Settings) -> None:
    told: list[str] = []
    async with listening(services.broker, PLAN.code) as heard:
        await run_simulate(settings, scenario="gateway-loss", speed=20, after_s=0.1, interval_s=1.0, say=told.append)
        assert any("no simulator is running here" in line for line in told)
        await heard.until(lambda: heard.states()[-1:] == [False])
        assert heard.states().count(True) == 2
        assert sorted(set(heard.numbers)) == list(range(1, max(heard.numbers) + 1))


async def test_what_cannot_be_played_is_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CannotSimulate, match="no tank 'TK-999'"):
        await run_simulate(settings, scenario="overfill", target="TK-999", say=lambda words: None)
    async with running(settings):
        with pytest.raises(CannotSimulate, match="no enterprise 'nobody'"):
            await run_simulate(settings, scenario="overfill", enterprise="nobody", say=lambda words: None)
    empty = msgspec.structs.replace(settings, data_dir=tmp_path)
    with pytest.raises(CannotSimulate, match="anlan seed"):
        await run_simulate(empty, people=False, say=lambda words: None)


def assert_lost_and_returned_whole(heard: Listener) -> None:
    """The will was told, the gateway came back, and no number is missing."""
    assert heard.states()[-2:] == [False, True]
    assert sorted(set(heard.numbers)) == list(range(min(heard.numbers), max(heard.numbers) + 1))
