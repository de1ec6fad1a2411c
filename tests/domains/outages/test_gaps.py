from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from tortoise.exceptions import BaseORMException

from backend.domains.outages.models import DataGap, GapChange, GapRule
from backend.kit import clock
from backend.kit.models import AuditRow
from tests.domains.monitoring.plant import Plant
from tests.people import People

pytestmark = pytest.mark.anyio
PATH = "/data-gaps"
WHY = {"cause": "power", "note": "配电室检修，网关断电 40 分钟"}


async def gap(people: People, plant: Plant, **fields: Any) -> DataGap:
    now = clock.now()
    usual: dict[str, Any] = {
        "gateway_id": plant.gateway.id,
        "enterprise_id": plant.enterprise.id,
        "adcode": plant.enterprise.adcode,
        "kind": "silent",
        "began_at": now - timedelta(hours=3),
        "ended_at": now - timedelta(hours=2),
        "opened_at": now - timedelta(hours=3),
        "due_at": now + timedelta(hours=21),
    }
    return await DataGap.create(**{**usual, **fields})


async def test_nobody_reads_or_explains_anonymously(client: AsyncClient) -> None:
    for path in (PATH, f"{PATH}/counts", f"{PATH}/{uuid4()}", "/gap-rules"):
        assert (await client.get(f"/api/v1{path}")).status_code == 401
    assert (await client.post(f"/api/v1{PATH}/{uuid4()}/explain", json=WHY)).status_code == 401


async def test_a_gap_is_seen_by_its_enterprise_and_its_area(people: People) -> None:
    row = await gap(people, await Plant.build(people.own))
    for who, sees in (("operator", 1), ("linzi", 1), ("city", 1), ("admin", 1), ("stranger", 0), ("huantai", 0)):
        assert len((await people.get(who, PATH)).json()["items"]) == sees, who
        assert (await people.get(who, f"{PATH}/counts")).json()["open"] == sees, who
        assert (await people.get(who, f"{PATH}/{row.id}")).status_code == (200 if sees else 404), who
    assert (await people.post("stranger", f"{PATH}/{row.id}/explain", WHY)).status_code == 404
    assert (await people.get("city", PATH, adcode="370321")).json()["items"] == []


@pytest.mark.parametrize("who", ["linzi", "city", "admin"])
async def test_only_the_enterprise_explains(people: People, who: str) -> None:
    row = await gap(people, await Plant.build(people.own))
    assert (await people.post(who, f"{PATH}/{row.id}/explain", WHY)).status_code == 403


async def test_a_gap_that_is_over_is_closed_by_its_reason_once(people: People) -> None:
    row = await gap(people, await Plant.build(people.own))
    path = f"{PATH}/{row.id}/explain"
    done = await people.post("operator", path, WHY)
    assert done.status_code == 200, done.text
    assert {key: done.json()[key] for key in ("state", "closedHow", "cause", "note")} == {
        "state": "closed", "closedHow": "reason", **WHY,
    }  # fmt: skip
    assert (await people.post("operator", path, WHY)).json() == done.json(), "sent twice is said once"
    other = await people.post("officer", path, {**WHY, "cause": "network"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:anlan:gap-closed")
    assert await AuditRow.filter(verb="gap.explained", object_id=str(row.id)).count() == 1


@pytest.mark.parametrize("odd", [{"cause": "weather"}, {"note": " "}, {"note": "x" * 301}, {"note": "a\x00b"}])
async def test_what_explains_nothing_is_refused(people: People, odd: dict[str, str]) -> None:
    row = await gap(people, await Plant.build(people.own))
    assert (await people.post("operator", f"{PATH}/{row.id}/explain", {**WHY, **odd})).status_code in (400, 422)


async def test_a_running_gap_stays_open_and_may_be_explained_better(people: People) -> None:
    row = await gap(people, await Plant.build(people.own), ended_at=None)
    path = f"{PATH}/{row.id}/explain"
    assert (await people.post("operator", path, WHY)).json()["state"] == "explained"
    better = (await people.post("officer", path, {"cause": "equipment", "note": "电源模块烧毁"})).json()
    assert (better["cause"], better["explainedByName"]) == ("equipment", people.persons["officer"].name)
    told = await AuditRow.filter(verb="gap.explained").order_by("id")
    assert [each.detail["cause_before"] for each in told] == [None, "power"]


async def test_lists_and_counts_agree_on_every_state(people: People) -> None:
    plant, now = await Plant.build(people.own), clock.now()
    past, ahead = now - timedelta(hours=1), now + timedelta(hours=1)
    await gap(people, plant)
    await gap(people, plant, due_at=past)
    await gap(people, plant, due_at=past, filed_until=ahead, ended_at=None)
    await gap(people, plant, due_at=past, explained_at=past, ended_at=None)
    await gap(people, plant, closed_at=past, closed_how="backfill")
    assert (await people.get("linzi", f"{PATH}/counts")).json() == {
        "overdue": 1, "open": 1, "filed": 1, "explained": 1,
    }  # fmt: skip
    for state in ("overdue", "open", "filed", "explained", "closed"):
        assert [row["state"] for row in (await people.get("linzi", PATH, state=state)).json()["items"]] == [state]
    assert (await people.get("operator", f"/gateways/{plant.gateway.id}")).json()["openGaps"] == 4


async def test_pages_go_on_and_one_gateway_can_be_asked_for(people: People) -> None:
    plant, now = await Plant.build(people.own), clock.now()
    for hours in (5, 6, 7):
        await gap(people, plant, began_at=now - timedelta(hours=hours))
    page = (await people.get("linzi", PATH, limit=2, gatewayId=plant.gateway.id)).json()
    rest = (await people.get("linzi", PATH, limit=2, after=page["next"])).json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert (await people.get("linzi", PATH, gatewayId=plant.gateway.id + 1)).json()["items"] == []
    assert (await people.get("linzi", PATH, gatewayId=2**40)).status_code == 422


def handed(people: People, who: str, reason: str = "夜班由他查网关电源") -> dict[str, str]:
    return {"personId": str(people.persons[who].id), "reason": reason}


async def test_a_gap_is_handed_over_with_a_reason_that_stays(people: People) -> None:
    officer = people.persons["officer"]
    row = await gap(people, await Plant.build(people.own), owner_id=officer.id, owner_name=officer.name)
    path = f"{PATH}/{row.id}/owner"
    for who, status in (("operator", 403), ("linzi", 403), ("city", 403), ("stranger", 404)):
        assert (await people.post(who, path, handed(people, "operator"))).status_code == status, who
    for odd in ({}, {"reason": " "}, {"reason": "x" * 301}, {"personId": str(people.persons["stranger"].id)}):
        body = (
            {"personId": str(people.persons["operator"].id), **odd} if odd == {} else handed(people, "operator") | odd
        )
        assert (await people.post("head", path, body)).status_code in (400, 422), odd
    shown = (await people.post("head", path, handed(people, "operator"))).json()
    assert (shown["ownerName"], shown["dueAt"]) == (people.persons["operator"].name, row.due_at.isoformat()[:-6] + "Z")
    assert (await people.post("head", path, handed(people, "operator"))).json() == shown, "said twice is done once"
    back = (await people.post("operator", path, handed(people, "officer", "电源查过了，是路由器"))).json()
    assert [(c["kind"], c["fromOwnerName"], c["toOwnerName"], c["byName"], c["reason"]) for c in back["changes"]] == [
        ("owner", officer.name, people.persons["operator"].name, people.persons["head"].name, "夜班由他查网关电源"),
        (
            "owner",
            people.persons["operator"].name,
            officer.name,
            people.persons["operator"].name,
            "电源查过了，是路由器",
        ),
    ]
    assert (await people.post("operator", path, handed(people, "head"))).status_code == 403, "no longer theirs"
    told = await AuditRow.filter(verb="gap.owned").order_by("id")
    assert [each.reason for each in told] == ["夜班由他查网关电源", "电源查过了，是路由器"]
    with pytest.raises(BaseORMException, match="is a record"):
        await GapChange.all().delete()


async def test_those_to_whom_a_gap_can_be_handed_are_its_own_people(people: People) -> None:
    row = await gap(people, await Plant.build(people.own))
    path = f"{PATH}/{row.id}/colleagues"
    for who, status in (("linzi", 403), ("stranger", 404), ("operator", 200)):
        assert (await people.get(who, path)).status_code == status, who
    shown = (await people.get("officer", path)).json()
    assert [each["id"] for each in shown] == [str(people.persons[who].id) for who in ("officer", "head", "operator")]
    assert set(shown[0]) == {"id", "name", "role"}


async def test_a_deadline_is_moved_by_the_area_with_a_reason_that_stays(people: People) -> None:
    row = await gap(people, await Plant.build(people.own))
    path = f"{PATH}/{row.id}/deadline"
    due = clock.now() + timedelta(days=3)
    body = {"dueAt": due.isoformat(), "reason": "厂家周三到场"}
    for who, status in (("officer", 403), ("operator", 403), ("huantai", 404)):
        assert (await people.post(who, path, body)).status_code == status, who
    for odd in (
        {"reason": ""}, {"dueAt": (clock.now() - timedelta(hours=1)).isoformat()}, {"dueAt": "2026-11-26T18:00:00"},
        {"dueAt": (clock.now() + timedelta(days=31)).isoformat()}, {"dueAt": clock.now().isoformat()},
    ):  # fmt: skip
        assert (await people.post("linzi", path, {**body, **odd})).status_code in (400, 422), odd
    assert (await DataGap.get(id=row.id)).due_at == row.due_at
    for _ in range(2):
        shown = (await people.post("linzi", path, body)).json()
    (change,) = shown["changes"]
    assert (change["kind"], change["toDueAt"], change["reason"], change["byName"]) == (
        "deadline", shown["dueAt"], "厂家周三到场", people.persons["linzi"].name,
    )  # fmt: skip
    sooner = {"dueAt": (clock.now() + timedelta(hours=2)).isoformat(), "reason": "汛期"}
    assert len((await people.post("city", path, sooner)).json()["changes"]) == 2
    assert await AuditRow.filter(verb="gap.deadline_moved").count() == 2
    assert (await people.get("operator", f"{PATH}/{row.id}")).json()["changes"][0]["reason"] == "厂家周三到场"


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"closed_at": clock.now(), "closed_how": "reason"}, 409), ({"explained_at": clock.now(), "ended_at": None}, 422)],
    ids=["closed", "explained"],
)
async def test_what_is_settled_has_no_deadline(people: People, fields: dict[str, Any], status: int) -> None:
    row = await gap(people, await Plant.build(people.own), **fields)
    body = {"dueAt": (clock.now() + timedelta(days=1)).isoformat(), "reason": "再等等"}
    assert (await people.post("linzi", f"{PATH}/{row.id}/deadline", body)).status_code == status
    shown = (await people.get("linzi", f"{PATH}/{row.id}")).json()
    assert (shown["mayMoveDeadline"], shown["mayHandOver"]) == (False, False)


async def test_who_may_change_what_is_told_with_the_gap(people: People) -> None:
    operator = people.persons["operator"]
    row = await gap(people, await Plant.build(people.own), owner_id=operator.id, owner_name=operator.name)
    for who, told in (
        ("operator", (True, False)), ("officer", (True, False)), ("linzi", (False, True)), ("admin", (False, True)),
    ):  # fmt: skip
        shown = (await people.get(who, f"{PATH}/{row.id}")).json()
        assert (shown["mayHandOver"], shown["mayMoveDeadline"]) == told, who


async def test_the_deadline_is_set_for_the_city_and_earlier_ones_stay_on_record(people: People) -> None:
    body = {"explainWithinH": 2, "reason": "汛期值守"}
    for who in ("operator", "head", "linzi"):
        assert (await people.post(who, "/gap-rules", body)).status_code == 403, who
    assert (await people.post("city", "/gap-rules", {**body, "explainWithinH": 0})).status_code in (400, 422)
    assert (await people.post("city", "/gap-rules", body)).status_code == 201
    told = (await people.get("operator", "/gap-rules")).json()
    assert [(each["explainWithinH"], each["authorName"]) for each in told] == [
        (2, people.persons["city"].name), (24, ""),
    ]  # fmt: skip
    with pytest.raises(BaseORMException, match="is a record"):
        await GapRule.all().update(explain_within_h=5)
