"""One point over HTTP: detail and limits."""

from __future__ import annotations

import pytest

from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.models import LimitSet, Point
from backend.domains.monitoring.rules import LimitValues
from backend.domains.monitoring.service import NewPoint, make_points, set_limits
from tests.domains.monitoring.plant import BUILT_AT, Plant
from tests.people import People

pytestmark = pytest.mark.anyio


async def other_limits(point: Point) -> None:
    await set_limits(
        point, LimitValues(10, 15, 82, 88), BUILT_AT, by=None, reason="现场核定", basis="设计文件 SD-101", replaces=1
    )


async def test_detail_tells_where_a_point_stands(people: People) -> None:
    plant = await Plant.build(people.own)
    body = (await people.get("linzi", f"/points/{plant.level.id}")).json()
    assert (body["tankId"], body["detectorId"], body["gatewayCode"]) == (str(plant.tank.id), None, "gw-370305001")
    assert (body["deadband"], body["onDelayS"], body["offDelayS"], body["gatewayOnline"]) == (5, 60, 60, False)


@pytest.mark.parametrize("point_id", ["0", "-1", "99999999999999999999", "2147483648"])
async def test_unknown_points_are_not_there(people: People, point_id: str) -> None:
    assert (await people.get("admin", f"/points/{point_id}")).status_code == 404


async def test_versions_of_limits_are_listed_newest_first(people: People) -> None:
    plant = await Plant.build(people.own)
    path = f"/points/{plant.level.id}/limits"
    await other_limits(plant.level)
    newest, first = (await people.get("linzi", path)).json()["items"]
    assert (newest["version"], newest["hh"], newest["reason"], newest["basis"]) == (
        2,
        88,
        "现场核定",
        "设计文件 SD-101",
    )
    assert (first["version"], first["hh"], first["reason"]) == (1, 90, "initial")
    point = (await people.get("operator", f"/points/{plant.level.id}")).json()
    assert point["limits"] == {"ll": 10, "l": 15, "h": 82, "hh": 88, "version": 2}
    page = (await people.get("linzi", path, limit=1)).json()
    assert [row["version"] for row in (await people.get("linzi", path, after=page["next"])).json()["items"]] == [1]


@pytest.mark.parametrize("who", ["operator", "officer", "head", "linzi", "city", "expert", "admin"])
async def test_nobody_sets_limits_around_the_passport(people: People, who: str) -> None:
    plant = await Plant.build(people.own)
    body = {"replaces": 1, "ll": 10, "l": 15, "h": 82, "hh": 88, "reason": "现场核定"}
    assert (await people.post(who, f"/points/{plant.level.id}/limits", body)).status_code == 405
    assert await LimitSet.filter(point_id=plant.level.id).count() == 1


async def test_points_that_belong_to_nothing_are_listed_for_themselves(people: People) -> None:
    plant = await Plant.build(people.own)
    flows = [NewPoint(tag=f"FI-{n}", kind=PointKind.FLOW, range_lo=0, range_hi=150) for n in range(3)]
    await make_points(plant.gateway, flows, BUILT_AT, by=None)
    alone = (await people.get("operator", "/points", placed=False)).json()
    assert [row["tag"] for row in alone["items"]] == ["FI-0", "FI-1", "FI-2"]
    assert {row["state"] for row in alone["items"]} == {"missing"}
    placed = (await people.get("operator", "/points", placed=True)).json()
    assert [row["tag"] for row in placed["items"]] == ["GT-2107", "GT-2109", "LT-101", "PT-101"]


async def test_points_are_paged_and_only_seen_where_one_may_look(people: People) -> None:
    await Plant.build(people.own)
    seen, after = [], None
    for _ in range(4):
        page = (
            await people.get(
                "linzi", "/points", enterpriseId=str(people.own.id), limit=1, **({"after": after} if after else {})
            )
        ).json()
        seen += [row["tag"] for row in page["items"]]
        after = page["next"]
    assert (seen, after) == (["GT-2107", "GT-2109", "LT-101", "PT-101"], None)
    assert (await people.get("huantai", "/points", enterpriseId=str(people.own.id))).status_code == 404
    assert (await people.get("linzi", "/points")).status_code == 422
