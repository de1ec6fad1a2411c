"""`anlan simulate`: the demo city alive, or one incident in it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import structlog

from backend.settings import Settings
from backend.simulator.city import CITY_SEED, City, make_city
from backend.simulator.control import Refused, Request, ask, is_answering, listening
from backend.simulator.credentials import read_gateways, read_sign_ins
from backend.simulator.gateway_client import BrokerAddress
from backend.simulator.incidents import Incident, UnknownTarget, plan_incident
from backend.simulator.live_gateway import LiveGateway
from backend.simulator.people import Townsfolk

log = structlog.get_logger()

Say = Callable[[str], None]
INTERVAL_S = 5.0


class CannotSimulate(Exception):
    """There is no demo city here, or the incident cannot be played in it; the message is for people."""


async def run_simulate(
    settings: Settings,
    *,
    scenario: str | None = None,
    enterprise: str | None = None,
    target: str | None = None,
    after_s: float = 0.0,
    speed: float = 1.0,
    hold: bool = False,
    people: bool = True,
    seed: int = CITY_SEED,
    interval_s: float = INTERVAL_S,
    say: Say = print,
) -> None:
    """Bring the demo city to life until told to stop; with `scenario`, play that incident and return.

    An incident is played by the simulator that already runs on the data folder; without one, this process runs the
    gateway of the incident for as long as it lasts. settings.mqtt_url names the broker.
    Raises CannotSimulate without a demo city on the data folder, and for an incident that cannot happen.
    """
    city = make_city(seed)
    with _told_to_stop() as stop:
        if scenario is None:
            await _run_city(settings, city, stop, people=people, interval_s=interval_s, say=say)
            return
        request = Request(scenario, enterprise, target, after_s, speed, hold)
        asking = asyncio.create_task(_play(settings, city, request, stop, interval_s, say))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((asking, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not asking.done():
            asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking


@contextmanager
def _told_to_stop() -> Iterator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set for as long as the block lasts."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _run_city(
    settings: Settings, city: City, stop: asyncio.Event, *, people: bool, interval_s: float, say: Say
) -> None:
    if await is_answering(settings.data_dir):
        raise CannotSimulate(f"a simulator is already running on {settings.data_dir}")
    gateways = _gateways(settings, city, interval_s)
    say(f"{len(gateways)} gateways send a frame every {interval_s:g} s")

    async def play(request: Request, tell: Say, left: asyncio.Event) -> None:
        incident = _incident(city, request)
        await _happen(gateways[incident.gateway.code], incident, request, tell, left)

    async with listening(settings.data_dir, play), asyncio.TaskGroup() as tasks:
        for gateway in gateways.values():
            tasks.create_task(gateway.run(stop))
        if people:
            tasks.create_task(_townsfolk(settings, city).live(stop))


async def _play(
    settings: Settings, city: City, request: Request, stop: asyncio.Event, interval_s: float, say: Say
) -> None:
    try:
        if await ask(settings.data_dir, request, say):
            return
    except Refused as exc:
        raise CannotSimulate(str(exc)) from exc
    try:
        incident = _incident(city, request)
    except Refused as exc:
        raise CannotSimulate(str(exc)) from exc
    gateway = _gateways(settings, city, interval_s, only=incident.gateway.code)[incident.gateway.code]
    say(f"no simulator is running here: sending as gateway {incident.gateway.code} for as long as the incident lasts")
    done = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(gateway.run(done))
        try:
            await _happen(gateway, incident, request, say, stop)
        finally:
            done.set()


async def _happen(gateway: LiveGateway, incident: Incident, request: Request, tell: Say, left: asyncio.Event) -> None:
    """Let an incident happen from beginning to end; a held one goes on when the asker has left."""
    if request.after_s > 0:
        tell(f"{request.scenario} at {incident.enterprise.short_name}, {incident.target}, in {request.after_s:g} s")
        await asyncio.sleep(request.after_s)
    tell(f"{request.scenario} at {incident.enterprise.name}, {incident.target}")
    course = incident.course(gateway.usual(time.time()), request.speed)
    running = gateway.begin(course, tell, hold=request.hold)
    log.info("incident.began", scenario=request.scenario, gateway=gateway.plan.code, target=incident.target)
    over, gone = asyncio.create_task(running.over.wait()), asyncio.create_task(left.wait())
    try:
        await asyncio.wait((over, gone), return_when=asyncio.FIRST_COMPLETED)
        running.hold = False
    finally:
        over.cancel()
        gone.cancel()


def _incident(city: City, request: Request) -> Incident:
    try:
        return plan_incident(city, request.scenario, request.enterprise, request.target)
    except UnknownTarget as exc:
        raise Refused(str(exc)) from exc


def _gateways(settings: Settings, city: City, interval_s: float, only: str | None = None) -> dict[str, LiveGateway]:
    secrets = read_gateways(settings.data_dir)
    if not secrets:
        raise CannotSimulate(f"there is no demo city on {settings.data_dir}: make it with `anlan seed`")
    address = BrokerAddress.of(settings.mqtt_url or f"mqtt://{settings.mqtt_host}:{settings.mqtt_port}")
    return {
        plan.code: LiveGateway(plan, enterprise, secrets[plan.code], address, seed=city.seed, interval_s=interval_s)
        for enterprise in city.enterprises
        for plan in enterprise.gateways
        if plan.code in secrets and only in (None, plan.code)
    }


def _townsfolk(settings: Settings, city: City) -> Townsfolk:
    told = read_sign_ins(settings.data_dir)
    if told is None:
        raise CannotSimulate(f"the sign-ins of the demo city are not on {settings.data_dir}: run `anlan seed`")
    host = "127.0.0.1" if settings.http_host in ("0.0.0.0", "::", "") else settings.http_host  # noqa: S104 - not bound
    address = f"[{host}]" if ":" in host else host
    return Townsfolk(city, f"http://{address}:{settings.http_port}", told.password)
