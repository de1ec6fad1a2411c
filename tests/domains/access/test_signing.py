"""The step "limits signed": what the threshold passport says, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from backend.domains.access.models import AccessEntry
from backend.domains.enterprises.service import make_tank
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.rules import LimitValues
from backend.domains.monitoring.service import NewPoint, make_points
from backend.kit import clock
from tests.domains.monitoring.plant import BUILT_AT, Plant
from tests.domains.passports.proposals import propose, verified, verify
from tests.people import People

pytestmark = pytest.mark.anyio
GAS = {"h": 25, "hh": 50, "replaces": 1}


async def line_of(people: People, who: str = "linzi") -> dict[str, Any]:
    (line,) = (await people.get(who, f"/access/{people.own.id}")).json()["lines"]
    return line  # type: ignore[no-any-return]


def step_of(line: dict[str, Any]) -> dict[str, Any]:
    (step,) = [each for each in line["steps"] if each["step"] == "limits_signed"]
    return step  # type: ignore[no-any-return]


def missing(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["code"], each["why"]) for each in line["unsigned"]]


async def sign(people: People, plant: Plant, *, tank: bool = True, gas: bool = True, **approval: str) -> None:
    """Tank and detectors, each proposed, verified at the tank and approved."""
    lines = [{"pointId": point.id, **GAS} for point in (plant.gas, plant.gas2)]
    for asked, changes in ((tank, {}), (gas, {"tankId": None, "lines": lines})):
        if asked:
            made = await verified(people, plant, **changes)
            answer = await people.post("linzi", f"/limit-proposals/{made['id']}/approve", approval)
            assert answer.status_code == 200, answer.text


async def file(people: People, who: str = "linzi", **body: Any) -> Any:
    return await people.post(who, f"/access/{people.own.id}/steps", {"step": "limits_signed", **body})


async def test_limits_that_nobody_verified_are_not_signed_and_named(people: People) -> None:
    await Plant.build(people.own)
    line = await line_of(people)
    assert {key: line["facts"][key] for key in ("tanks", "tanksSigned", "detectors", "detectorsSigned")} == {
        "tanks": 1, "tanksSigned": 0, "detectors": 2, "detectorsSigned": 0,
    }  # fmt: skip
    assert missing(line) == [("TK-101", "no_limits"), ("GT-2107", "not_verified"), ("GT-2109", "not_verified")]
    assert (step_of(line)["derived"], step_of(line)["state"], step_of(line)["doneOn"]) == (True, "open", None)
    assert (await people.get("city", "/access")).json()["lines"][0]["unsigned"] is None, "the board counts them only"


async def test_a_line_is_signed_when_tank_and_detectors_are_by_nobodys_word(people: People) -> None:
    plant = await Plant.build(people.own)
    await sign(people, plant, gas=False)
    line = await line_of(people)
    assert (line["facts"]["tanksSigned"], missing(line)) == (
        1, [("GT-2107", "not_verified"), ("GT-2109", "not_verified")],
    )  # fmt: skip
    assert step_of(line)["state"] == "open"
    await sign(people, plant, tank=False)
    line = await line_of(people, "operator")
    step = step_of(line)
    today = (clock.now() + timedelta(hours=8)).date().isoformat()
    assert (step["state"], step["doneOn"], step["doneBy"]) == ("done", today, people.persons["expert"].name)
    assert (missing(line), step["contradiction"], await AccessEntry.all().count()) == ([], None, 0)
    coverage = (await people.get("linzi", "/access-coverage")).json()["all"]
    assert (coverage["tanksUnsigned"], coverage["detectorsUnsigned"]) == (0, 0)


async def test_each_place_says_how_near_it_is(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await propose(people, plant)
    assert missing(await line_of(people))[0] == ("TK-101", "waits_for_expert")
    assert (await verify(people, plant, made["id"])).status_code == 200
    assert missing(await line_of(people))[0] == ("TK-101", "waits_for_approval")
    later = {"effectiveFrom": (clock.now() + timedelta(hours=24)).isoformat()}
    assert (await people.post("linzi", f"/limit-proposals/{made['id']}/approve", later)).status_code == 200
    line = await line_of(people)
    assert (missing(line)[0], line["facts"]["tanksSigned"]) == (("TK-101", "to_come"), 0), "approved is not in force"


async def test_a_tank_without_points_is_not_signed_and_a_flow_needs_no_expert(people: People) -> None:
    plant = await Plant.build(people.own)
    flow = NewPoint(tag="FT-1", kind=PointKind.FLOW, tank_id=plant.tank.id, limits=LimitValues(h=40))
    await make_points(plant.gateway, [flow], BUILT_AT, by=None)
    await sign(people, plant)
    assert step_of(await line_of(people))["state"] == "done"
    await make_tank(plant.hazard, "TK-102", "苯储罐", "苯", BUILT_AT, by=None)
    line = await line_of(people)
    assert (missing(line), step_of(line)["state"]) == ([("TK-102", "no_points")], "open")


async def test_it_cannot_be_filed_as_done_before_the_passport_says_so(people: People) -> None:
    plant = await Plant.build(people.own)
    today = (clock.now() + timedelta(hours=8)).date().isoformat()
    refused = await file(people, doneOn=today)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:anlan:limits-not-signed")
    assert "0 of 1 tanks and 0 of 2 detectors" in refused.json()["detail"]
    assert "TK-101, GT-2107, GT-2109" in refused.json()["detail"]
    assert (await file(people, dueOn=today, blocker="专家组本周未排到")).status_code == 200
    assert step_of(await line_of(people))["state"] == "blocked" or step_of(await line_of(people))["state"] == "due"
    await sign(people, plant)
    assert step_of(await line_of(people))["blocker"] == "", "what is done is not held up"
    assert (await file(people, doneOn=today)).status_code == 200


async def test_a_row_that_was_filed_too_early_stays_and_is_told(people: People) -> None:
    plant = await Plant.build(people.own)
    now = clock.now()
    day = (now + timedelta(hours=8)).date() - timedelta(days=40)
    await AccessEntry.create(
        enterprise_id=people.own.id, adcode="370305", hazard_id=plant.hazard.id, step="limits_signed", done_on=day,
        updated_at=now, updated_by_name="韩雪",
    )  # fmt: skip
    line = await line_of(people)
    step = step_of(line)
    assert (step["state"], step["doneOn"], step["contradiction"]) == ("open", day.isoformat(), "filed_not_seen")
    assert line["nextStep"] == "surveyed"
    kept = await file(people, doneOn=day.isoformat(), note="补核定", blocker="等专家")
    assert kept.status_code == 200, "what stands there may stay"
    body = {"step": "limits_signed", "blocker": "等专家来"}
    assert (await people.post("officer", f"/access/{people.own.id}/blockers", body)).status_code == 200
    assert step_of(await line_of(people))["state"] == "blocked"
    other = (day + timedelta(days=1)).isoformat()
    assert (await file(people, doneOn=other)).status_code == 422
    assert (await AccessEntry.get()).done_on == day
