from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

from backend.domains.outages.models import OfflineFiling, OfflineProlongation
from backend.domains.outages.returning import close_returned_stops
from backend.kit import clock
from backend.kit.models import AuditRow
from tests.domains.monitoring.plant import Plant
from tests.domains.outages.stops import stop
from tests.people import People
from tests.services import Services

pytestmark = pytest.mark.anyio
PATH = "/stops"


async def filed(people: People, body: dict[str, Any] | None = None, who: str = "operator") -> dict[str, Any]:
    answer = await people.post(who, PATH, body or stop())
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_nobody_reads_or_files_anonymously(client: AsyncClient) -> None:
    assert (await client.get(f"/api/v1{PATH}")).status_code == 401
    assert (await client.get(f"/api/v1{PATH}/{uuid4()}")).status_code == 401
    assert (await client.post(f"/api/v1{PATH}", json=stop())).status_code == 401
    assert (await client.post(f"/api/v1{PATH}/{uuid4()}/prolong", json={})).status_code == 401
    assert (await client.post(f"/api/v1{PATH}/{uuid4()}/return", json={})).status_code == 401


@pytest.mark.parametrize("who", ["linzi", "city", "admin"])
async def test_those_who_do_not_work_at_the_site_may_not_file(people: People, who: str) -> None:
    assert (await people.post(who, PATH, stop())).status_code == 403


async def test_a_stop_is_seen_by_its_enterprise_and_its_area(people: People) -> None:
    made = await filed(people)
    for who, sees in (("officer", 1), ("linzi", 1), ("city", 1), ("admin", 1), ("stranger", 0), ("huantai", 0)):
        assert len((await people.get(who, PATH)).json()["items"]) == sees, who
        assert (await people.get(who, f"{PATH}/{made['id']}")).status_code == (200 if sees else 404), who
    assert (await people.post("stranger", f"{PATH}/{made['id']}/return", {})).status_code == 404
    longer = {"endsAt": (clock.now() + timedelta(days=2)).isoformat(), "reason": "还没修好"}
    assert (await people.post("stranger", f"{PATH}/{made['id']}/prolong", longer)).status_code == 404
    assert (await people.get("city", PATH, adcode="370321")).json()["items"] == []


async def test_the_same_stop_twice_is_filed_once_and_another_under_its_id_is_refused(people: People) -> None:
    body = stop()
    first = await filed(people, body)
    again = await people.post("officer", PATH, body)
    assert (again.status_code, again.json()) == (200, first)
    other = await people.post("operator", PATH, {**body, "cause": "power"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:anlan:same-id-other-body")
    assert (await people.post("stranger", PATH, body)).status_code == 409
    assert await OfflineFiling.all().count() == 1
    assert await AuditRow.filter(verb="stop.filed", object_id=first["id"]).count() == 1


async def test_one_that_has_begun_is_taken_and_marked_late(people: People) -> None:
    now = clock.now()
    assert (await filed(people))["filedLate"] is False
    late = await filed(people, stop(now - timedelta(hours=2)))
    assert (late["filedLate"], late["state"]) == (True, "running")


async def test_a_stop_names_what_its_scope_speaks_of(people: People) -> None:
    plant, other = await Plant.build(people.own), await Plant.build(people.neighbour)
    made = await filed(people, stop(scope="gateway", gatewayId=plant.gateway.id))
    assert made["gatewayCode"] == plant.gateway.code
    made = await filed(people, stop(scope="point", pointId=plant.level.id))
    assert made["pointTag"] == "LT-101"
    for odd, status in (
        ({"scope": "gateway"}, 422),
        ({"scope": "point"}, 422),
        ({"gatewayId": plant.gateway.id}, 422),
        ({"scope": "point", "pointId": plant.level.id, "gatewayId": plant.gateway.id}, 422),
        ({"scope": "gateway", "gatewayId": other.gateway.id}, 404),
        ({"scope": "point", "pointId": other.level.id}, 404),
        ({"scope": "gateway", "gatewayId": 2**40}, 422),
        ({"scope": "video"}, 422),
        ({"cause": "weather"}, 422),
        ({"reason": " "}, 422),
        ({"startsAt": "2026-11-24T09:00:00"}, 422),
        ({"endsAt": "2020-01-01T00:00:00Z"}, 422),
    ):
        answer = await people.post("operator", PATH, stop(**odd))  # type: ignore[arg-type]
        assert answer.status_code in ({400, 422} if status == 422 else {status}), (odd, answer.text)


async def test_a_stop_is_prolonged_with_a_reason_and_each_time_stays(people: People) -> None:
    now = clock.now()
    made = await filed(people, stop(now - timedelta(minutes=1), 1))
    path = f"{PATH}/{made['id']}/prolong"
    until = (now + timedelta(hours=5)).isoformat()
    answer = await people.post("officer", path, {"endsAt": until, "reason": "阀门到货晚"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["firstEndsAt"] == made["endsAt"]
    assert [(each["reason"], each["filedLate"]) for each in answer.json()["prolongations"]] == [("阀门到货晚", False)]
    again = await people.post("officer", path, {"endsAt": until, "reason": "阀门到货晚"})
    assert len(again.json()["prolongations"]) == 1, "sent twice is prolonged once"
    shorter = {"endsAt": made["endsAt"], "reason": "早了"}
    assert (await people.post("officer", path, shorter)).status_code == 422
    row = await OfflineProlongation.get()
    with pytest.raises(BaseORMException, match="is a record"):
        await OfflineProlongation.filter(id=row.id).update(reason="别的")


async def test_a_stop_returns_once_and_one_that_has_not_begun_is_withdrawn(people: People) -> None:
    made = await filed(people, stop(clock.now() - timedelta(minutes=1)))
    done = await people.post("operator", f"{PATH}/{made['id']}/return", {"note": "提前恢复"})
    assert (done.status_code, done.json()["state"], done.json()["closingNote"]) == (200, "returned", "提前恢复")
    sent_again = await people.post("operator", f"{PATH}/{made['id']}/return", {"note": "提前恢复"})
    assert (sent_again.status_code, sent_again.json()) == (200, done.json())
    again = await people.post("officer", f"{PATH}/{made['id']}/return", {})
    assert (again.status_code, again.json()["type"]) == (409, "urn:anlan:stop-closed")
    longer = {"endsAt": (clock.now() + timedelta(days=2)).isoformat(), "reason": "还没修好"}
    assert (await people.post("officer", f"{PATH}/{made['id']}/prolong", longer)).status_code == 409
    planned = await filed(people)
    assert (await people.post("operator", f"{PATH}/{planned['id']}/return", {})).json()["state"] == "withdrawn"
    assert await AuditRow.filter(verb="stop.returned", object_id=made["id"]).count() == 1


async def test_states_are_asked_for_and_pages_go_on(people: People) -> None:
    now = clock.now()
    await filed(people)
    await filed(people, stop(now - timedelta(minutes=1)))
    over = await filed(people, stop(now - timedelta(minutes=1)))
    await OfflineFiling.filter(id=over["id"]).update(
        starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)
    )
    for state in ("planned", "running", "over"):
        items = (await people.get("linzi", PATH, state=state)).json()["items"]
        assert [item["state"] for item in items] == [state]
    page = (await people.get("linzi", PATH, limit=2)).json()
    rest = (await people.get("linzi", PATH, limit=2, after=page["next"])).json()
    assert (len(page["items"]), [item["id"] for item in rest["items"]], rest["next"]) == (2, [over["id"]], None)
    assert (await people.get("linzi", PATH, after="x")).status_code == 422


async def test_a_point_inside_a_filed_stop_is_filed_and_never_green(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send(clock.now(), [50.0, 2.0, 0.0, 0.0])
    await filed(people, stop(clock.now() - timedelta(minutes=1), scope="point", pointId=plant.level.id))
    shown = {row["tag"]: row for row in (await people.get("operator", "/points")).json()["items"]}
    assert (shown["LT-101"]["condition"], shown["LT-101"]["state"]) == ("filed", "bad")
    assert shown["PT-101"]["condition"] == "live"
    await filed(people, stop(clock.now() - timedelta(minutes=1), scope="gateway", gatewayId=plant.gateway.id))
    shown = {row["tag"]: row for row in (await people.get("operator", "/points")).json()["items"]}
    assert {row["condition"] for row in shown.values()} == {"filed"}
    assert (await people.get("operator", f"/gateways/{plant.gateway.id}")).json()["filed"] is True


@pytest.mark.parametrize("scope", ["enterprise", "gateway", "point"])
async def test_a_stop_that_is_over_is_closed_when_data_flow_again(
    people: People, services: Services, scope: str
) -> None:
    plant = await Plant.build(people.own)
    now = clock.now()
    named = {"gateway": {"gatewayId": plant.gateway.id}, "point": {"pointId": plant.level.id}}.get(scope, {})
    made = await filed(people, stop(now - timedelta(minutes=1), scope=scope, **named))
    await OfflineFiling.filter(id=made["id"]).update(
        ends_at=now - timedelta(minutes=1), starts_at=now - timedelta(hours=2)
    )
    redis = people.client._transport.app.state["redis"]  # type: ignore[attr-defined]
    assert await close_returned_stops(redis, now) == 0
    await plant.send(now, [50.0, 2.0, 0.0, 0.0])
    await get_connection("default").execute_query(
        "update gateway set online = true, last_frame_at = $2 where id = $1", [plant.gateway.id, now]
    )
    assert await close_returned_stops(redis, now) == 1
    row = await OfflineFiling.get(id=made["id"])
    assert (row.ending, row.closed_by_name, row.closed_at) == ("returned", "", now)
    assert (await AuditRow.get(verb="stop.returned")).person_name == "system"


async def test_a_filed_stop_is_never_deleted(people: People) -> None:
    made = await filed(people)
    with pytest.raises(BaseORMException, match="is a record"):
        await OfflineFiling.filter(id=made["id"]).delete()
