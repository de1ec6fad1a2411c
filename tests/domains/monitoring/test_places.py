"""Tanks, detectors and gateways over HTTP, with what is measured at them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from httpx import AsyncClient
from redis.asyncio import Redis

from backend.domains.monitoring.last_values import GatewayValues, key, write_last_values
from backend.domains.monitoring.models import Gateway
from tests.domains.monitoring.plant import Plant
from tests.people import People
from tests.services import Services

pytestmark = pytest.mark.anyio


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


async def points_at_tank(people: People, plant: Plant) -> dict[str, dict[str, object]]:
    body = (await people.get("operator", f"/tanks/{plant.tank.id}")).json()
    return {point["tag"]: point for point in body["points"]}


async def test_anonymous_sees_nothing(client: AsyncClient) -> None:
    for path in ("tanks", f"tanks/{uuid4()}", "detectors", "gateways", "points/1", "points/1/trend", "points/1/limits"):
        assert (await client.get(f"/api/v1/{path}")).status_code == 401


@pytest.mark.parametrize(
    ("who", "sees"), [("operator", True), ("stranger", False), ("linzi", True), ("huantai", False)]
)
async def test_only_the_own_plant_is_seen(people: People, who: str, sees: bool) -> None:
    plant = await Plant.build(people.own)
    status = 200 if sees else 404
    asked = {"enterpriseId": str(people.own.id)}
    assert (await people.get(who, f"/tanks/{plant.tank.id}")).status_code == status
    assert (await people.get(who, "/tanks", **asked)).status_code == status
    assert (await people.get(who, "/detectors", **asked)).status_code == status
    assert (await people.get(who, "/tanks", hazardId=str(plant.hazard.id))).status_code == status
    assert (await people.get(who, f"/points/{plant.level.id}")).status_code == status
    gateways = (await people.get(who, "/gateways")).json()["items"]
    assert [gateway["code"] for gateway in gateways] == (["gw-370305001"] if sees else [])


async def test_a_hazard_of_one_enterprise_with_another_enterprise_shows_nothing(people: People) -> None:
    plant = await Plant.build(people.own)
    asked = {"hazardId": str(plant.hazard.id), "enterpriseId": str(people.neighbour.id)}
    assert (await people.get("city", "/tanks", **asked)).json()["items"] == []


async def test_regulator_says_which_enterprise(people: People) -> None:
    assert (await people.get("linzi", "/tanks")).status_code == 422
    assert (await people.get("operator", "/tanks")).json() == {"items": [], "next": None}


async def test_tank_tells_limits_and_readings_from_frames(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send(now(), [80.1, 0.0, 0, 0])
    (tank,) = (await people.get("operator", "/tanks")).json()["items"]
    assert (tank["code"], tank["hazardName"], tank["hazardGrade"]) == ("TK-101", "芳烃罐区", 2)
    level, pressure = tank["points"]
    assert level["limits"] == {"ll": 10, "l": 15, "h": 85, "hh": 90, "version": 1}
    assert (level["value"], level["state"], level["level"], level["unit"]) == (80.1, "good", 0, "%")
    assert pressure["limits"] is None
    assert (pressure["value"], pressure["state"]) == (0.0, "good")


async def test_what_was_never_sent_is_missing(people: People) -> None:
    plant = await Plant.build(people.own)
    found = await points_at_tank(people, plant)
    assert {(point["value"], point["t"], point["state"]) for point in found.values()} == {(None, None, "missing")}


async def test_old_bad_and_empty_readings_never_look_good(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send(now(), [80.1, None, 5, 5], [5, 0, 0, 0])
    found = await points_at_tank(people, plant)
    assert (found["LT-101"]["state"], found["LT-101"]["quality"], found["LT-101"]["value"]) == ("bad", 5, 80.1)
    assert (found["PT-101"]["state"], found["PT-101"]["value"]) == ("missing", None)


async def test_stale_reading_keeps_its_value_and_time(people: People) -> None:
    plant = await Plant.build(people.own)
    at = now() - timedelta(seconds=200)
    await plant.send(at, [80.1, 1, 5, 5])
    level = (await points_at_tank(people, plant))["LT-101"]
    assert (level["state"], level["value"]) == ("stale", 80.1)
    assert datetime.fromisoformat(str(level["t"])) == at


async def test_fresh_reading_of_a_lost_gateway_is_stale(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send(now(), [80.1, 1, 5, 5])
    await Gateway.filter(id=plant.gateway.id).update(online=False, lost_at=now())
    assert (await points_at_tank(people, plant))["LT-101"]["state"] == "stale"


async def test_frames_by_name_do_not_blank_the_points_they_are_silent_about(people: People) -> None:
    plant = await Plant.build(people.own)
    at = now()
    await plant.send(at - timedelta(seconds=5), [80.1, 1.5, 5, 5])
    await plant.send(at, [80.2, None, None, None])
    found = await points_at_tank(people, plant)
    assert (found["LT-101"]["value"], found["PT-101"]["value"]) == (80.2, 1.5)


async def test_a_value_missing_for_long_is_missing(people: People) -> None:
    plant = await Plant.build(people.own)
    at = now()
    await plant.send(at - timedelta(seconds=90), [80.1, 1.5, 5, 5])
    await plant.send(at, [80.2, None, 5, 5])
    assert (await points_at_tank(people, plant))["PT-101"]["state"] == "missing"


async def test_redis_comes_before_the_frames(people: People, services: Services) -> None:
    plant = await Plant.build(people.own)
    at = now()
    await plant.send(at, [80.1, 1, 5, 5])
    async with Redis.from_url(services.redis_url) as redis:
        values = GatewayValues([plant.level.id], [round(at.timestamp() * 1000)], [81.3], [0])
        await write_last_values(redis, {plant.gateway.id: values})
        try:
            found = await points_at_tank(people, plant)
        finally:
            await redis.delete(key(plant.gateway.id))
    assert (found["LT-101"]["value"], found["PT-101"]["state"]) == (81.3, "missing")


async def test_open_alarm_colours_its_point(people: People) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, now(), level=2)
    level = (await points_at_tank(people, plant))["LT-101"]
    assert (level["level"], level["side"], level["riskLevel"], level["alarmId"]) == (2, "high", 2, str(alarm.id))


async def test_detectors_are_listed_by_area_and_page(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send(now(), [80, 1, 26, 0])
    first = (await people.get("operator", "/detectors", limit=1)).json()
    second = (await people.get("operator", "/detectors", limit=1, after=first["next"])).json()
    assert [page["items"][0]["code"] for page in (first, second)] == ["GT-2107", "GT-2109"]
    assert second["next"] is None
    assert (first["items"][0]["points"][0]["value"], first["items"][0]["hazardGrade"]) == (26, 2)
    assert (await people.get("operator", "/detectors", area="别处")).json()["items"] == []
    assert len((await people.get("operator", "/detectors", area="2# 泵区")).json()["items"]) == 2


async def test_tanks_page_by_code(people: People) -> None:
    await Plant.build(people.own)
    page = (await people.get("operator", "/tanks", limit=1)).json()
    assert ([item["code"] for item in page["items"]], page["next"]) == (["TK-101"], None)


async def test_gateways_tell_whether_they_are_there(people: People) -> None:
    plant = await Plant.build(people.own)
    await Plant.build(people.neighbour)
    await Gateway.filter(id=plant.gateway.id).update(online=True, last_frame_at=now())
    everyone = (await people.get("city", "/gateways", limit=1)).json()
    rest = (await people.get("city", "/gateways", limit=1, after=everyone["next"])).json()
    (first,), (second,) = everyone["items"], rest["items"]
    assert (first["code"], first["online"], first["points"], first["enterpriseName"]) == (
        "gw-370305001",
        True,
        4,
        people.own.short_name,
    )
    assert (second["online"], second["lastFrameAt"], second["lostAt"], rest["next"]) == (False, None, None, None)
    absent = (await people.get("city", "/gateways", online=False)).json()["items"]
    assert [gateway["code"] for gateway in absent] == ["gw-370321001"]
    in_linzi = (await people.get("city", "/gateways", adcode="370305")).json()["items"]
    assert [gateway["code"] for gateway in in_linzi] == ["gw-370305001"]
    of_one = (await people.get("city", "/gateways", enterpriseId=str(people.neighbour.id))).json()["items"]
    assert [gateway["code"] for gateway in of_one] == ["gw-370321001"]
