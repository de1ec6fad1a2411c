"""One point over HTTP: detail and limits."""

from __future__ import annotations

import pytest

from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.service import NewPoint, make_points
from tests.domains.monitoring.plant import BUILT_AT, Plant
from tests.people import People

pytestmark = pytest.mark.anyio
CHANGE = {"replaces": 1, "ll": 10, "l": 15, "h": 82, "hh": 88, "reason": "现场核定", "basis": "设计文件 SD-101"}


async def test_detail_tells_where_a_point_stands(people: People) -> None:
    plant = await Plant.build(people.own)
    body = (await people.get("linzi", f"/points/{plant.level.id}")).json()
    assert (body["tankId"], body["detectorId"], body["gatewayCode"]) == (str(plant.tank.id), None, "gw-370305001")
    assert (body["deadband"], body["onDelayS"], body["offDelayS"], body["gatewayOnline"]) == (5, 60, 60, False)


@pytest.mark.parametrize("point_id", ["0", "-1", "99999999999999999999", "2147483648"])
async def test_unknown_points_are_not_there(people: People, point_id: str) -> None:
    assert (await people.get("admin", f"/points/{point_id}")).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("operator", 403),
        ("linzi", 403),
        ("city", 403),
        ("stranger", 404),
        ("officer", 201),
        ("head", 201),
        ("admin", 201),
    ],
)
async def test_who_may_set_limits(people: People, who: str, status: int) -> None:
    plant = await Plant.build(people.own)
    answer = await people.post(who, f"/points/{plant.level.id}/limits", CHANGE)
    assert answer.status_code == status, answer.text


async def test_new_limits_are_listed_first(people: People) -> None:
    plant = await Plant.build(people.own)
    path = f"/points/{plant.level.id}/limits"
    made = await people.post("officer", path, CHANGE)
    assert made.status_code == 201
    newest, first = (await people.get("linzi", path)).json()["items"]
    assert newest == made.json()
    assert (newest["version"], newest["hh"], newest["authorName"], newest["basis"]) == (
        2,
        88,
        people.persons["officer"].name,
        "设计文件 SD-101",
    )
    assert (first["version"], first["hh"], first["reason"]) == (1, 90, "initial")
    point = (await people.get("operator", f"/points/{plant.level.id}")).json()
    assert point["limits"] == {"ll": 10, "l": 15, "h": 82, "hh": 88, "version": 2}
    page = (await people.get("linzi", path, limit=1)).json()
    assert [row["version"] for row in (await people.get("linzi", path, after=page["next"])).json()["items"]] == [1]


async def test_change_sent_twice_is_made_once_and_another_one_is_refused(people: People) -> None:
    plant = await Plant.build(people.own)
    path = f"/points/{plant.level.id}/limits"
    first = await people.post("officer", path, CHANGE)
    again = await people.post("officer", path, CHANGE)
    assert (again.status_code, again.json()) == (200, first.json())
    other = await people.post("head", path, CHANGE)
    assert (other.status_code, other.json()["type"], other.json()["inForce"]) == (409, "urn:anlan:limits-changed", 2)


async def test_damping_can_be_chosen(people: People) -> None:
    plant = await Plant.build(people.own)
    body = {**CHANGE, "deadband": 1.5, "onDelayS": 10}
    made = (await people.post("officer", f"/points/{plant.level.id}/limits", body)).json()
    assert (made["deadband"], made["onDelayS"], made["offDelayS"]) == (1.5, 10, 60)


@pytest.mark.parametrize(
    "wrong",
    [
        {"h": 95},
        {"hh": 101},
        {"ll": -1},
        {"reason": ""},
        {"reason": "   "},
        {"reason": None},
        {"replaces": None},
        {"replaces": -1},
        {"deadband": -1},
        {"onDelayS": 601},
        {"hh": "much"},
        {"hh": True},
        {"unknown": 1},
    ],
)
async def test_what_cannot_be_set(people: People, wrong: dict[str, object]) -> None:
    plant = await Plant.build(people.own)
    answer = await people.post("officer", f"/points/{plant.level.id}/limits", {**CHANGE, **wrong})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")
    assert len((await people.get("linzi", f"/points/{plant.level.id}/limits")).json()["items"]) == 1


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
