"""Proposing limits over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from backend.domains.monitoring.models import LimitSet
from backend.domains.passports.models import LimitProposal
from backend.kit.models import AuditRow
from tests.domains.monitoring.plant import Plant
from tests.domains.passports.proposals import competing, draft, propose
from tests.people import People

pytestmark = pytest.mark.anyio
PATH = "/limit-proposals"


async def test_nobody_proposes(people: People) -> None:
    assert (await people.client.post(f"/api/v1{PATH}", json={})).status_code == 401


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("operator", 403),
        ("head", 403),
        ("admin", 403),
        ("stranger", 422),
        ("huantai", 422),
        ("far", 422),
        ("officer", 201),
        ("expert", 201),
        ("linzi", 201),
        ("city", 201),
    ],
)
async def test_who_may_propose(people: People, who: str, status: int) -> None:
    plant = await Plant.build(people.own)
    answer = await people.post(who, PATH, draft(plant))
    assert answer.status_code == status, answer.text


async def test_a_proposal_tells_what_it_would_change(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await propose(people, plant)
    level, pressure = made["lines"]
    assert (made["state"], made["tankCode"], made["points"], made["enterpriseName"]) == (
        "proposed",
        "TK-101",
        2,
        people.own.short_name,
    )
    assert (level["before"]["hh"], level["after"]["hh"], level["changes"], level["newer"]) == (90, 88, True, None)
    # What is not said of the damping stays as it is, or is the usual one of the kind.
    assert (level["after"]["deadband"], level["after"]["onDelayS"]) == (5, 60)
    assert (pressure["before"], pressure["after"]["deadband"], pressure["after"]["onDelayS"]) == (None, 0.1, 15)
    assert [(step["state"], step["personName"]) for step in made["steps"]] == [
        ("proposed", people.persons["officer"].name)
    ]
    assert (made["mayWithdraw"], made["mayVerify"], made["mayApprove"], made["mayReject"]) == (
        True,
        False,
        False,
        False,
    )
    row = await AuditRow.get(verb="limit_proposal.proposed", object_id=made["id"])
    assert (row.reason, row.detail["tags"]) == (made["reason"], ["LT-101", "PT-101"])
    assert await LimitSet.filter(point_id=plant.level.id).count() == 1


async def test_sent_again_it_is_the_same_and_another_body_is_refused(people: People) -> None:
    plant = await Plant.build(people.own)
    body = draft(plant)
    first = await people.post("officer", PATH, body)
    again = await people.post("officer", PATH, body)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    other = await people.post("officer", PATH, {**body, "reason": "另一个理由"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:anlan:same-id-other-body")
    assert await LimitProposal.all().count() == 1


async def test_a_version_that_the_author_did_not_see_is_a_conflict(people: People) -> None:
    plant = await Plant.build(people.own)
    await competing(plant)
    answer = await people.post("officer", PATH, draft(plant))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:anlan:limits-changed")
    assert answer.json()["conflicts"] == [{"pointId": plant.level.id, "tag": "LT-101", "replaces": 1, "inForce": 2}]


def level(plant: Plant, **limits: Any) -> list[dict[str, Any]]:
    return [{"pointId": plant.level.id, "replaces": 1, **limits}]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"h": 90, "hh": 85}, "H must be below HH"),
        ({"h": 85, "hh": 101}, "above the instrument's range"),
        ({"ll": -1}, "below the instrument's range"),
        ({"h": 85, "deadband": 1e400}, ""),
        ({"h": 85, "onDelayS": 601}, ""),
    ],
)
async def test_limits_that_cannot_be_are_refused_in_words(people: People, limits: dict[str, Any], words: str) -> None:
    plant = await Plant.build(people.own)
    lines = level(plant, **{k: v for k, v in limits.items() if v != 1e400})
    if "deadband" in limits:
        lines[0]["deadband"] = -1
    answer = await people.post("officer", PATH, draft(plant, lines=lines))
    assert answer.status_code in (400, 422)
    assert words in answer.text


async def test_a_gas_detector_carries_two_limits_only(people: People) -> None:
    plant = await Plant.build(people.own)
    lines = [{"pointId": plant.gas.id, "replaces": 1, "l": 5, "h": 20, "hh": 40}]
    answer = await people.post("officer", PATH, draft(plant, tankId=None, lines=lines))
    assert answer.status_code == 422
    assert "carries no limit L" in answer.json()["detail"]
    lines[0].pop("l")
    assert (await people.post("officer", PATH, draft(plant, tankId=None, lines=lines))).status_code == 201


async def test_odd_proposals_are_refused(people: People) -> None:
    plant = await Plant.build(people.own)
    twice = [*level(plant, h=80), *level(plant, h=81)]
    gas = [{"pointId": plant.gas.id, "replaces": 1, "h": 20, "hh": 40}]
    odd: list[dict[str, Any]] = [
        {"lines": []},
        {"lines": twice},
        {"lines": gas},  # not at the tank
        {"lines": [{"pointId": 10**6, "replaces": 0, "h": 1}]},
        {"reason": " "},
        {"reason": "x" * 301},
        {"tankId": "none"},
        {"id": "7"},
    ]
    for changed in odd:
        answer = await people.post("officer", PATH, draft(plant, **changed))
        assert answer.status_code in (400, 422), (changed, answer.text)
    missing = await people.post("officer", PATH, draft(plant, tankId=str(uuid4())))
    assert missing.status_code == 404
    neighbour = await Plant.build(people.neighbour)
    both = [*level(plant, h=80, hh=85), *level(neighbour, h=80, hh=85)]
    answer = await people.post("city", PATH, draft(plant, tankId=None, lines=both))
    assert (answer.status_code, "one enterprise" in answer.text) == (422, True)


async def test_a_bulk_change_is_shown_line_by_line_and_stores_nothing(people: People) -> None:
    plant = await Plant.build(people.own)
    body = {"kind": "level", "hazardId": str(plant.hazard.id), "set": {"h": 85, "hh": 88}}
    shown = (await people.post("officer", f"{PATH}/bulk-lines", body)).json()
    (line,) = shown["lines"]
    assert (line["tag"], line["tankCode"], line["replaces"], line["changes"], line["fault"]) == (
        "LT-101",
        "TK-101",
        1,
        True,
        None,
    )
    assert (line["before"]["hh"], line["after"]["hh"], line["after"]["ll"]) == (90, 88, 10)
    faulty = (await people.post("officer", f"{PATH}/bulk-lines", {**body, "set": {"h": 95}})).json()
    assert (faulty["faulty"], "H must be below HH" in faulty["lines"][0]["fault"]) == (1, True)
    same = (await people.post("officer", f"{PATH}/bulk-lines", {**body, "set": {"h": 85}})).json()
    assert (same["unchanged"], same["lines"][0]["changes"]) == (1, False)
    gas = (await people.post("officer", f"{PATH}/bulk-lines", {"kind": "comb_gas", "set": {"h": 20}})).json()
    assert [each["tag"] for each in gas["lines"]] == ["GT-2107", "GT-2109"]
    one = {"kind": "comb_gas", "set": {"hh": None}, "tagContains": "2109"}
    taken = (await people.post("officer", f"{PATH}/bulk-lines", one)).json()
    assert [(each["tag"], each["after"]["hh"]) for each in taken["lines"]] == [("GT-2109", None)]
    assert not await LimitProposal.exists()


@pytest.mark.parametrize(("who", "status"), [("operator", 403), ("stranger", 404), ("huantai", 404), ("linzi", 200)])
async def test_who_may_ask_for_a_bulk_change(people: People, who: str, status: int) -> None:
    plant = await Plant.build(people.own)
    body = {"kind": "level", "hazardId": str(plant.hazard.id), "set": {"h": 85}}
    assert (await people.post(who, f"{PATH}/bulk-lines", body)).status_code == status
    if who == "linzi":
        nowhere = await people.post(who, f"{PATH}/bulk-lines", {"kind": "level", "set": {"h": 85}})
        assert nowhere.status_code == 422
