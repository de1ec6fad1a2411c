"""Gateways, points and limits: how they are entered and changed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import bcrypt
import pytest
from redis.asyncio import Redis

from backend.domains.enterprises.service import make_hazard, make_tank
from backend.domains.monitoring.announcing import CONFIG_CHANNEL
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.models import Gateway, LimitSet, Point
from backend.domains.monitoring.queries import gateway_logins, limits_in_force
from backend.domains.monitoring.rules import Damping, LimitValues
from backend.domains.monitoring.service import (
    LimitsApproved,
    LimitsChanged,
    NewPoint,
    make_gateway,
    make_point,
    make_points,
    renew_secret,
    set_gateway_active,
    set_limits,
)
from backend.domains.passports.models import LimitProposal
from backend.errors import Invalid, NotVisible
from backend.kit.ids import new_id
from backend.kit.models import AuditRow
from tests.people import People
from tests.services import Services

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TANK_LIMITS = LimitValues(10, 15, 85, 90)


async def a_point(people: People, **chosen: object) -> Point:
    made = await make_gateway(people.own.id, "gw-1", NOW, by=None)
    given = {"tag": "LT-101", "kind": PointKind.LEVEL, "range_lo": 0.0, "range_hi": 100.0, **chosen}
    return await make_point(made.gateway, NewPoint(**given), NOW, by=None)  # type: ignore[arg-type]


async def test_secret_is_told_once_and_kept_as_hashes(people: People) -> None:
    made = await make_gateway(people.own.id, "gw-1", NOW, by=None, name="罐区网关")
    kept = await Gateway.get(code="gw-1")
    assert bcrypt.checkpw(made.secret.encode(), kept.secret_bcrypt.encode())
    assert kept.secret_bcrypt.startswith("$2b$04$")
    assert kept.secret_pbkdf2.startswith("$7$101$")
    lines = await AuditRow.filter(object_kind="gateway", object_id=str(kept.id))
    assert [line.verb for line in lines] == ["gateway.entered"]
    assert made.secret not in str([line.detail for line in lines])


@pytest.mark.parametrize("code", ["", "a b", "a/b", "a.b", "罐区", "backend", "x" * 41])
async def test_codes_that_a_broker_could_misread_are_refused(people: People, code: str) -> None:
    with pytest.raises(Invalid):
        await make_gateway(people.own.id, code, NOW, by=None)


async def test_a_code_is_given_once(people: People) -> None:
    await make_gateway(people.own.id, "gw-1", NOW, by=None)
    with pytest.raises(Invalid) as refused:
        await make_gateway(people.neighbour.id, "gw-1", NOW, by=None)
    assert refused.value.facts["field"] == "code"


async def test_gateway_of_no_enterprise_is_refused(people: People) -> None:
    with pytest.raises(Invalid) as refused:
        await make_gateway(new_id(), "gw-1", NOW, by=None)
    assert refused.value.facts["field"] == "enterpriseId"


async def test_logins_name_the_branch_and_leave_out_who_is_shut_out(people: People) -> None:
    made = await make_gateway(people.own.id, "gw-1", NOW, by=None)
    await make_gateway(people.neighbour.id, "gw-2", NOW, by=None)
    await set_gateway_active("gw-2", False, NOW, by=None, reason="stolen")
    (login,) = await gateway_logins()
    assert (login.code, login.adcode, login.enterprise) == ("gw-1", "370305", "370305001")
    assert (login.bcrypt_hash, login.pbkdf2_hash) == (made.gateway.secret_bcrypt, made.gateway.secret_pbkdf2)
    await set_gateway_active("gw-2", True, NOW, by=None, reason="found")
    assert [login.code for login in await gateway_logins()] == ["gw-1", "gw-2"]


async def test_renewed_secret_replaces_the_old_one(people: People) -> None:
    first = await make_gateway(people.own.id, "gw-1", NOW, by=None)
    second = await renew_secret("gw-1", NOW, by=None)
    kept = (await Gateway.get(code="gw-1")).secret_bcrypt.encode()
    assert not bcrypt.checkpw(first.secret.encode(), kept)
    assert bcrypt.checkpw(second.secret.encode(), kept)
    with pytest.raises(NotVisible):
        await renew_secret("gw-9", NOW, by=None)


async def test_points_take_the_usual_unit_decimals_and_damping_of_their_kind(people: People) -> None:
    point = await a_point(people, limits=TANK_LIMITS)
    assert (point.unit, point.decimals) == ("%", 1)
    (limits,) = await LimitSet.filter(point_id=point.id)
    assert (limits.version, limits.limit_ll, limits.limit_hh) == (1, 10, 90)
    assert (limits.deadband, limits.on_delay_s, limits.off_delay_s) == (5.0, 60, 60)


async def test_points_are_entered_all_or_none(people: People) -> None:
    gateway = (await make_gateway(people.own.id, "gw-1", NOW, by=None)).gateway
    good = NewPoint(tag="PI-1", kind=PointKind.PRESSURE)
    for bad in (
        NewPoint(tag=" ", kind=PointKind.PRESSURE),
        NewPoint(tag="PI-1", kind=PointKind.PRESSURE),
        NewPoint(tag="PI-2", kind=PointKind.PRESSURE, range_lo=5, range_hi=1),
        NewPoint(tag="GT-1", kind=PointKind.COMB_GAS, limits=LimitValues(l=1)),
        NewPoint(tag="PI-3", kind=PointKind.PRESSURE, damping=Damping(-1, 0, 0)),
        NewPoint(tag="PI-4", kind=PointKind.PRESSURE, tank_id=new_id()),
    ):
        with pytest.raises(Invalid):
            await make_points(gateway, [good, bad], NOW, by=None)
    assert await Point.filter(gateway_id=gateway.id).count() == 0


async def test_point_stands_at_its_tank(people: People) -> None:
    farm = await make_hazard(people.own, "370305001001", "罐区", 1, NOW, by=None)
    tank = await make_tank(farm, "TK-101", "甲苯储罐", "甲苯", NOW, by=None)
    point = await a_point(people, tank_id=tank.id)
    assert point.tank_id == tank.id
    assert await LimitSet.filter(point_id=point.id).count() == 0


async def test_new_limits_are_a_new_version_and_the_old_one_stays(people: People) -> None:
    point = await a_point(people, limits=TANK_LIMITS)
    officer = await people.viewer("officer")
    row, is_new = await set_limits(
        point,
        LimitValues(hh=88),
        NOW,
        by=officer,
        reason="泵检修期间降低",
        basis="变更单 23",
        damping=Damping(2, 5, 30),
    )
    assert (row.version, is_new, row.author_name, row.deadband) == (2, True, officer.name, 2)
    assert (await limits_in_force([point.id], NOW))[point.id].version == 2
    line = await AuditRow.get(verb="limits.set")
    assert (line.person_id, line.reason, line.detail["before"]["hh"]) == (officer.id, "泵检修期间降低", 90)


async def test_limits_of_other_points_and_of_tomorrow_are_not_in_force(people: People) -> None:
    point = await a_point(people, limits=TANK_LIMITS)
    assert await limits_in_force([point.id], datetime(2026, 11, 23, tzinfo=UTC)) == {}
    assert await limits_in_force([point.id + 1], NOW) == {}
    assert await limits_in_force([], NOW) == {}


async def test_the_same_change_sent_twice_is_made_once(people: People) -> None:
    point = await a_point(people, limits=TANK_LIMITS)
    officer = await people.viewer("officer")
    change = {"by": officer, "reason": "降低", "replaces": 1}
    first, is_new = await set_limits(point, LimitValues(hh=88), NOW, **change)  # type: ignore[arg-type]
    again, is_new_again = await set_limits(point, LimitValues(hh=88), NOW, **change)  # type: ignore[arg-type]
    assert (first.id, is_new, is_new_again) == (again.id, True, False)
    with pytest.raises(LimitsChanged):
        await set_limits(point, LimitValues(hh=87), NOW, **change)  # type: ignore[arg-type]
    assert await LimitSet.filter(point_id=point.id).count() == 2


async def test_limits_that_were_approved_are_changed_by_no_tool(people: People) -> None:
    point = await a_point(people, limits=TANK_LIMITS)
    proposal = await LimitProposal.create(
        id=uuid4(), enterprise_id=people.own.id, adcode="370305", state="approved", reason="核定", body_hash="",
        proposed_by_id=uuid4(), proposed_by_name="韩松涛", proposed_at=NOW, effective_from=NOW,
    )  # fmt: skip
    await LimitSet.create(
        point_id=point.id, version=2, limit_h=82, deadband=5, on_delay_s=60, off_delay_s=60, author_name="韩松涛",
        reason="核定", proposal_id=proposal.id, effective_from=NOW, created_at=NOW,
    )  # fmt: skip
    with pytest.raises(LimitsApproved, match="LT-101"):
        await set_limits(point, LimitValues(hh=88), NOW, by=None, reason="x")
    assert await LimitSet.filter(point_id=point.id).count() == 2


@pytest.mark.parametrize(
    ("limits", "damping"),
    [
        (LimitValues(h=90, hh=85), None),
        (LimitValues(hh=120), None),
        (LimitValues(h=85), Damping(float("nan"), 1, 1)),
        (LimitValues(h=85), Damping(1, 601, 1)),
        (LimitValues(h=85), Damping(1, 1, -1)),
    ],
)
async def test_limits_that_cannot_be_are_refused(people: People, limits: LimitValues, damping: Damping | None) -> None:
    point = await a_point(people)
    with pytest.raises(Invalid):
        await set_limits(point, limits, NOW, by=None, reason="x", damping=damping)


async def test_ingest_is_told_of_every_change(people: People, services: Services) -> None:
    redis: Redis = Redis.from_url(services.redis_url)
    async with redis, redis.pubsub() as listener:
        await listener.subscribe(CONFIG_CHANNEL)
        made = await make_gateway(people.own.id, "gw-1", NOW, by=None, redis=redis)
        point = await make_point(made.gateway, NewPoint(tag="LT-1", kind=PointKind.LEVEL), NOW, by=None, redis=redis)
        await set_limits(point, LimitValues(h=80), NOW, by=None, reason="x", redis=redis)
        heard: list[bytes] = []
        while len(heard) < 3:
            message = await listener.get_message(ignore_subscribe_messages=True, timeout=5)
            if message is not None:
                heard.append(message["data"])
    told = f'"gatewayId":{made.gateway.id}'.encode()
    assert [b'{"what":"%s",%s}' % (what, told) for what in (b"gateway", b"points", b"limits")] == heard
