"""What the page of a gateway shows: its last frames, what happened to it, and what of it was refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.connection import get_connection
from tortoise.expressions import Q

from backend.domains.enterprises.queries import enterprises_by_id
from backend.domains.monitoring.models import Gateway, GatewayEvent, Point, Reject
from backend.domains.monitoring.onboarding import Onboarding, branch_of, broker_place
from backend.domains.monitoring.schemas import FrameOut, GatewayDetail, GatewayEventOut, RejectCount, RejectOut
from backend.domains.monitoring.showing import show_gateways
from backend.kit.paging import decode_cursor
from backend.settings import Settings

FRAMES = 10
EVENTS = 20
REJECTS_WITHIN = timedelta(hours=24)
LOOK_BACK = timedelta(days=8)

NEWEST = """
select t, received_at, n, late, cardinality(v) as points, cardinality(array_remove(v, null)) as values
from frame where gateway_id = $1 and t > $2 order by t desc limit $3
"""
REJECT_COUNTS = """
select reason, count(*) as n, max(received_at) as last_at from reject
where gateway_id = $1 and received_at > $2 group by reason order by n desc, reason
"""


async def show_gateway(gateway: Gateway, now: datetime) -> GatewayDetail:
    """A gateway with all that is known of it."""
    (row,) = await show_gateways([gateway], now)
    enterprise = (await enterprises_by_id([gateway.enterprise_id]))[gateway.enterprise_id]
    events = await GatewayEvent.filter(gateway_id=gateway.id).order_by("-at", "-id").limit(EVENTS)
    con = get_connection("default")
    frames = await con.execute_query_dict(NEWEST, [gateway.id, now - LOOK_BACK, FRAMES])
    rejects = await con.execute_query_dict(REJECT_COUNTS, [gateway.id, now - REJECTS_WITHIN])
    return GatewayDetail(
        **{name: getattr(row, name) for name in row.__struct_fields__},
        branch=branch_of(enterprise.adcode, enterprise.code, gateway.code),
        layout=gateway.layout,
        created_at=gateway.created_at,
        frames=[FrameOut(**frame) for frame in frames],
        events=[GatewayEventOut(each.kind, each.at, each.detail) for each in events],
        rejects=[RejectCount(each["reason"], each["n"], each["last_at"]) for each in rejects],
    )


async def tags_of(gateway_id: int) -> list[str]:
    """The tags of a gateway's points."""
    tags = await Point.filter(gateway_id=gateway_id, active=True).order_by("tag").values_list("tag", flat=True)
    return [str(tag) for tag in tags]


async def onboarding_of(gateway: Gateway, settings: Settings, host: str | None, secret: str | None) -> Onboarding:
    """A gateway as its installer meets it. host: by which the caller reached us; secret: only where just made."""
    enterprise = (await enterprises_by_id([gateway.enterprise_id]))[gateway.enterprise_id]
    return Onboarding(
        place=broker_place(settings, host),
        code=gateway.code,
        branch=branch_of(enterprise.adcode, enterprise.code, gateway.code),
        tags=await tags_of(gateway.id),
        secret=secret,
    )


async def page_of_rejects(gateway_id: int, limit: int, after: str | None) -> list[Reject]:
    """Up to `limit + 1` refusals of a gateway, newest first. Whoever asks has checked that it is visible."""
    query = Reject.filter(gateway_id=gateway_id)
    if after is not None:
        at, last = decode_cursor(after, datetime, int)
        query = query.filter(Q(received_at__lt=at) | Q(received_at=at, id__lt=last))
    return await query.order_by("-received_at", "-id").limit(limit + 1)


def show_reject(row: Reject) -> RejectOut:
    """A refusal with the beginning of what was sent, as far as it is text."""
    return RejectOut(row.id, row.reason, row.detail, row.received_at, row.topic, row.payload.decode("utf-8", "replace"))
