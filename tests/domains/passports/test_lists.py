"""Lists of proposals: whose, where, in which state, and what waits for whom; and how little an expert sees."""

from __future__ import annotations

import pytest

from backend.domains.accounts.queries import people_in_charge
from tests.domains.monitoring.plant import BUILT_AT, Plant
from tests.domains.passports.proposals import propose, verified
from tests.people import LINZI, People

pytestmark = pytest.mark.anyio
PATH = "/limit-proposals"


async def test_nobody_lists(people: People) -> None:
    assert (await people.client.get(f"/api/v1{PATH}")).status_code == 401
    assert (await people.client.get(f"/api/v1{PATH}/counts")).status_code == 401


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("operator", 1),
        ("officer", 1),
        ("stranger", 1),
        ("linzi", 1),
        ("huantai", 1),
        ("expert", 1),
        ("far", 1),
        ("city", 2),
        ("admin", 2),
    ],
)
async def test_everybody_sees_their_own_part(people: People, who: str, seen: int) -> None:
    mine = await propose(people, await Plant.build(people.own))
    theirs = await propose(people, await Plant.build(people.neighbour), "stranger")
    items = (await people.get(who, PATH)).json()["items"]
    assert len(items) == seen
    far = who in ("stranger", "huantai", "far")
    assert (await people.get(who, f"{PATH}/{mine['id']}")).status_code == (404 if far else 200)
    near = who in ("operator", "officer", "linzi", "expert")
    assert (await people.get(who, f"{PATH}/{theirs['id']}")).status_code == (404 if near else 200)
    assert (await people.get(who, f"{PATH}/{mine['id']}/preview")).status_code == (404 if far else 200)


async def test_what_waits_for_whom(people: People) -> None:
    plant = await Plant.build(people.own)
    waiting = await propose(people, plant)
    checked = await verified(people, plant)
    own = await verified(people, plant, "linzi")

    async def to_do(who: str) -> list[str]:
        items = (await people.get(who, PATH, toDo=True)).json()["items"]
        assert all(item["toDo"] for item in items)
        counts = (await people.get(who, f"{PATH}/counts")).json()
        assert counts["toDo"] == len(items)
        return [item["id"] for item in items]

    assert await to_do("expert") == [waiting["id"]]
    assert await to_do("linzi") == [checked["id"]]
    assert await to_do("city") == [own["id"], checked["id"]]
    assert await to_do("officer") == await to_do("far") == await to_do("huantai") == await to_do("admin") == []
    assert (await people.get("officer", f"{PATH}/counts")).json() == {"proposed": 1, "verified": 2, "toDo": 0}


async def test_filters_and_pages(people: People) -> None:
    plant = await Plant.build(people.own)
    ids = [(await propose(people, plant))["id"] for _ in range(3)]
    done = await verified(people, plant)
    first = (await people.get("city", PATH, limit=2)).json()
    rest = (await people.get("city", PATH, limit=2, after=first["next"])).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == [done["id"], *reversed(ids)]
    assert rest["next"] is None
    for params, count in (
        ({"state": "verified"}, 1),
        ({"tankId": str(plant.tank.id)}, 4),
        ({"enterpriseId": str(people.own.id)}, 4),
        ({"enterpriseId": str(people.neighbour.id)}, 0),
        ({"adcode": "370305"}, 4),
        ({"adcode": "370321"}, 0),
    ):
        assert len((await people.get("city", PATH, **params)).json()["items"]) == count, params
    assert (await people.get("city", PATH, after="???")).status_code == 422
    assert (await people.get("city", PATH, state="lost")).status_code in (400, 422)


async def test_an_expert_sees_places_and_proposals_and_nothing_else(people: People) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, BUILT_AT)
    assert (await people.get("expert", f"/tanks/{plant.tank.id}")).status_code == 200
    assert (await people.get("expert", f"/points/{plant.level.id}/trend")).status_code == 200
    assert len((await people.get("expert", "/enterprises")).json()["items"]) == 1
    assert len((await people.get("linzi", "/alarms", state="all")).json()["items"]) == 1
    assert (await people.get("expert", "/alarms", state="all")).json()["items"] == []
    assert (await people.get("expert", f"/alarms/{alarm.id}")).status_code == 404
    assert (await people.get("expert", "/alarms/counts")).json()["open"]["total"] == 0
    assert (await people.get("expert", "/work-reports")).json()["items"] == []
    assert (await people.get("expert", "/commitments", on="2026-01-02")).status_code == 403
    assert (await people.get("expert", "/risk/hazards")).json()["items"] == []
    viewer = await people.viewer("expert")
    assert viewer.channels() == []
    # And nobody wakes them when an alarm rings in their area.
    told = await people_in_charge(people.own.id, frozenset({LINZI}))
    assert {person.username for person in told} == {"operator", "officer", "head", "linzi"}
