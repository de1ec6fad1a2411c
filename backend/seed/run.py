"""`anlan seed`: the demo city, once."""

from __future__ import annotations

from collections.abc import Callable

from tortoise.transactions import in_transaction

from backend.db import raw_pool
from backend.domains.accounts.service import set_password
from backend.domains.enterprises.models import Enterprise
from backend.domains.monitoring.history.making import roll_up_finished
from backend.domains.monitoring.service import renew_secret
from backend.domains.risk.service import score_hazards
from backend.errors import Invalid
from backend.kit import clock
from backend.seed.episodes import write_alarms
from backend.seed.filings import write_filings
from backend.seed.frames import copy_frames, make_days
from backend.seed.gaps import write_gaps
from backend.seed.ledger import write_ledger
from backend.seed.passports import write_proposals
from backend.seed.settling import SettledCity, settle
from backend.seed.sign_ins import check_demo_password, new_password, write_gateways, write_sign_ins
from backend.settings import Settings
from backend.simulator.city import CITY_SEED, City, make_city
from backend.simulator.credentials import read_gateways, read_sign_ins
from backend.simulator.dynamics import GatewayModel

Say = Callable[[str], None]


async def run_seed(settings: Settings, say: Say = print, *, seed: int = CITY_SEED) -> bool:
    """Make the demo city with a month of history; False when it is there already, and then nothing changes.

    All or nothing: one transaction. The database is open and migrated, and the areas are planted.
    Raises Invalid on a database that holds other enterprises, and for a demo password that cannot be used.
    """
    city = make_city(seed)
    if await Enterprise.exists(code=city.visitor.code):
        await _mend(settings, city, say)
        return False
    if await Enterprise.exists():
        raise Invalid("this database holds enterprises already; the demo city is only made where there are none")
    password = settings.demo_password or new_password()
    check_demo_password(password, city)
    now = clock.now()
    async with raw_pool().acquire() as con:
        await make_days(con, now)
    async with in_transaction() as tx:
        say(f"making the demo city: {len(city.enterprises)} enterprises and their people")
        settled = await settle(city, password, now)
        proposals = await write_proposals(settled, now, settings.photo_dir, settings.plant_zone)
        say(f"{proposals} proposals of limits")
        models = _models(settled)
        commitments, reports = await write_filings(settled, now, settings.plant_zone)
        say(f"a month of history: {commitments} commitments, {reports} work reports")
        alarms = await write_alarms(settled.enterprises, models, now)
        say(f"a month of history: {alarms} alarms")
        async with tx.acquire_connection() as con:
            await copy_frames(con, settled.enterprises, models, now, _quarters(say))
        gaps = await write_gaps(settled, models, now)
        async with tx.acquire_connection() as con:
            await roll_up_finished(con, now, None)
        hanging = await write_ledger(settled, now, settings.plant_zone)
        say(f"a month of history: {gaps} gaps in the data; {hanging} hazards are still on their way onto the system")
        write_gateways(settings.data_dir, settled.secrets)
        write_sign_ins(settings.data_dir, password, city)
    scored = await score_hazards(now)
    say(f"{scored.hazards} major hazards are scored")
    return True


def _models(settled: SettledCity) -> dict[str, GatewayModel]:
    return {
        gateway.plan.code: GatewayModel(gateway.plan, enterprise.plan, settled.plan.seed)
        for enterprise in settled.enterprises
        for gateway in enterprise.gateways
    }


def _quarters(say: Say) -> Callable[[int, int], None]:
    def progress(done: int, of: int) -> None:
        if done * 4 // of > (done - 1) * 4 // of:
            say(f"a month of history: frames, {100 * done // of} %")

    return progress


async def _mend(settings: Settings, city: City, say: Say) -> None:
    """Give new secrets and a new password where their files are lost, or where the given password changed."""
    now = clock.now()
    codes = [gateway.code for enterprise in city.enterprises for gateway in enterprise.gateways]
    if not set(codes) <= set(read_gateways(settings.data_dir)):
        say("the secrets of the demo gateways are not on this data folder: making new ones")
        write_gateways(settings.data_dir, {code: (await renew_secret(code, now, by=None)).secret for code in codes})
    told = read_sign_ins(settings.data_dir)
    if told is not None and settings.demo_password in (None, told.password):
        return
    password = settings.demo_password or new_password()
    check_demo_password(password, city)
    say("giving the people of the demo city a new password")
    for person in (*(p for e in city.enterprises for p in e.people), *city.officials):
        await set_password(person.username, password, now, by=None)
    write_sign_ins(settings.data_dir, password, city)


def demo_sign_ins(settings: Settings) -> list[tuple[str, str, str]]:
    """One account for each role: user name, password, who it is. Empty without a demo city on this data folder."""
    told = read_sign_ins(settings.data_dir)
    return [(each.username, told.password, each.words) for each in told.accounts] if told else []
