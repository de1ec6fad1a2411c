"""A month of gaps: short ones that the gateways filled by themselves, longer ones with and without a reason, and stops
that were filed beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tortoise.connection import get_connection

from backend.domains.accounts.queries import as_viewer
from backend.domains.alarms.models import Alarm
from backend.domains.monitoring.enums import GatewayEventKind
from backend.domains.monitoring.models import FrameGap, GatewayEvent
from backend.domains.outages.enums import OutageCause, OutageScope
from backend.domains.outages.models import DataGap
from backend.domains.outages.schemas import StopDraft
from backend.domains.outages.service import explain_gap, file_stop
from backend.domains.outages.sweeping import sweep_gaps
from backend.kit.ids import new_id
from backend.seed.frames import DAY_S, MONTH_DAYS
from backend.seed.settling import SettledCity, SettledEnterprise, SettledGateway
from backend.simulator.dynamics import GatewayModel

# What the silence leaves of history: no frames, and hours that are to be made anew from what is there.
NEVER_MEASURED = (
    "delete from frame where gateway_id = $1 and t > $2 and t < $3",
    "delete from rollup_hour where gateway_id = $1 and hour > $2::timestamptz - interval '1 hour' and hour < $3",
    """delete from rollup_slot where gateway_id = $1 and slot > $2::timestamptz - interval '1 hour'
           and slot < $3::timestamptz + interval '1 hour'""",
    """insert into rollup_dirty (gateway_id, hour)
       select $1, generate_series(date_trunc('hour', $2::timestamptz), $3::timestamptz, interval '1 hour')""",
)
LOST_AFTER = timedelta(minutes=3)
FRAME = timedelta(seconds=10)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Trouble:
    """A gap that nobody filled. ago: how long before now it began; why: the reason that was given, None = none yet."""

    slug: str
    ago: timedelta
    lasts: timedelta
    why: tuple[OutageCause, str] | None = None


TROUBLES = (
    Trouble(
        "hengchuan", 53 * HOUR, timedelta(hours=3, minutes=10), (OutageCause.POWER, "园区变电站检修，备用电源未投")
    ),
    Trouble("zhiyun", 40 * HOUR, timedelta(minutes=55)),
    Trouble("songjian", 29 * HOUR, timedelta(hours=1, minutes=20)),
    Trouble("lanyu", 6 * HOUR, timedelta(minutes=40)),
    Trouble("qinghe", 20 * HOUR, timedelta(minutes=25), (OutageCause.NETWORK, "光缆被施工挖断，运营商已修复")),
)
# A stop that was filed two days ahead, and kept.
KEPT = ("jiyuan", 76 * HOUR, 5 * HOUR, "仪表柜年度检修，停电")


async def write_gaps(city: SettledCity, models: dict[str, GatewayModel], now: datetime) -> int:
    """Write a month of gaps and stops through the services, as they would have come about; returns how many gaps."""
    by_slug = {enterprise.plan.slug: enterprise for enterprise in city.enterprises}
    for gateway, began, ended in _filled(city, models, now):
        await _silence(gateway, began, ended, is_filled=True)
    await _kept_stop(by_slug[KEPT[0]], now)
    for trouble in sorted(TROUBLES, key=lambda each: -each.ago):
        enterprise = by_slug[trouble.slug]
        gateway = enterprise.gateways[-1]
        began = await _quiet_hour(gateway, now - trouble.ago, trouble.lasts)
        ended = began + trouble.lasts
        await _silence(gateway, began, ended, is_filled=False)
        await sweep_gaps(began + LOST_AFTER + timedelta(minutes=1))
        await sweep_gaps(ended + timedelta(minutes=1))
        if trouble.why is not None:
            gap = await DataGap.filter(gateway_id=gateway.id, closed_at__isnull=True).order_by("-began_at").first()
            assert gap is not None, "the sweep has just opened it"
            cause, note = trouble.why
            officer = await as_viewer(enterprise.people["safety_officer"])
            await explain_gap(gap.id, cause, note, officer, min(now, ended + timedelta(minutes=35)))
    await _planned_stops(by_slug, now)
    await sweep_gaps(now)
    return await DataGap.all().count()


def _filled(
    city: SettledCity, models: dict[str, GatewayModel], now: datetime
) -> Iterator[tuple[SettledGateway, datetime, datetime]]:
    """When lines were down for more than three minutes; the frames of those minutes came afterwards."""
    start = now.timestamp() - MONTH_DAYS * DAY_S
    for enterprise in city.enterprises:
        for gateway in enterprise.gateways:
            for began, ended in models[gateway.plan.code].troubles.outages(start, now.timestamp()):
                if start < began and ended < now.timestamp():
                    yield gateway, datetime.fromtimestamp(began, UTC), datetime.fromtimestamp(ended, UTC)


async def _silence(gateway: SettledGateway, began: datetime, ended: datetime, *, is_filled: bool) -> None:
    """What ingest would have stored of a silence."""
    at = {GatewayEventKind.LOST: began + LOST_AFTER, GatewayEventKind.RETURNED: ended}
    for kind, instant in at.items():
        await GatewayEvent.create(gateway_id=gateway.id, kind=kind, at=instant)
    numbers = int((ended - began) / FRAME)
    first = int(began.timestamp()) // int(FRAME.total_seconds())
    await FrameGap.create(
        gateway_id=gateway.id,
        from_n=first,
        to_n=first + numbers - 1,
        missing=0 if is_filled else numbers,
        opened_at=ended,
        closed_at=ended + timedelta(seconds=2) if is_filled else None,
    )
    if not is_filled:
        for statement in NEVER_MEASURED:
            await get_connection("default").execute_query(statement, [gateway.id, began, ended])


async def _quiet_hour(gateway: SettledGateway, began: datetime, lasts: timedelta) -> datetime:
    """The first time from `began` on at which no alarm of the gateway would lose its frames."""
    for later in range(5):
        start = began + later * timedelta(minutes=20)
        near = Alarm.filter(gateway_id=gateway.id, raised_at__lt=start + lasts + HOUR, cleared_at__gt=start - HOUR)
        if not await near.exists():
            return start
    return began


async def _kept_stop(enterprise: SettledEnterprise, now: datetime) -> None:
    """A stop of one gateway, filed beforehand; its silence closed by itself."""
    _, ago, lasts, reason = KEPT
    gateway = enterprise.gateways[0]
    officer = await as_viewer(enterprise.people["safety_officer"])
    starts = await _quiet_hour(gateway, now - ago, lasts)
    stop = StopDraft(
        id=new_id(),
        scope=OutageScope.GATEWAY,
        gateway_id=gateway.id,
        cause=OutageCause.MAINTENANCE,
        starts_at=starts,
        ends_at=starts + lasts + HOUR,
        reason=reason,
    )
    await file_stop(stop, officer, starts - timedelta(days=2))
    await _silence(gateway, starts + timedelta(minutes=4), starts + lasts, is_filled=False)


async def _planned_stops(by_slug: dict[str, SettledEnterprise], now: datetime) -> None:
    """One that runs now, of a single instrument, and one still to come, at eight in the morning at the plant."""
    morning = (now + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
    running, coming = by_slug["yunzhan"], by_slug["lanyu"]
    gauge = running.gateways[0].points[0]
    await file_stop(
        StopDraft(
            id=new_id(),
            scope=OutageScope.POINT,
            point_id=gauge.id,
            cause=OutageCause.MAINTENANCE,
            starts_at=now - 2 * HOUR,
            ends_at=now + 6 * HOUR,
            reason=f"{gauge.tag} 送检标定",
        ),
        await as_viewer(running.people["safety_officer"]),
        now - 26 * HOUR,
    )
    await file_stop(
        StopDraft(
            id=new_id(),
            scope=OutageScope.GATEWAY,
            gateway_id=coming.gateways[-1].id,
            cause=OutageCause.POWER,
            starts_at=morning,
            ends_at=morning + 4 * HOUR,
            reason="变压器预防性试验，配电室停电",
        ),
        await as_viewer(coming.people["safety_officer"]),
        now - 3 * HOUR,
    )
