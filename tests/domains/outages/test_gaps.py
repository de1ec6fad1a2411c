from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from tortoise.exceptions import BaseORMException

from backend.domains.outages.models import DataGap, GapRule
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


async def test_a_gap_is_handed_to_a_colleague_and_to_nobody_else(people: People) -> None:
    row = await gap(people, await Plant.build(people.own))
    path = f"{PATH}/{row.id}/owner"
    operator, stranger = people.persons["operator"], people.persons["stranger"]
    assert (await people.post("operator", path, {"personId": str(operator.id)})).status_code == 403
    assert (await people.post("head", path, {"personId": str(operator.id)})).json()["ownerName"] == operator.name
    assert (await people.post("head", path, {"personId": str(stranger.id)})).status_code == 422
    assert await AuditRow.filter(verb="gap.owned").count() == 1


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
