"""Alarms over HTTP: who sees and acknowledges which, lists, counts, detail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from httpx import AsyncClient

from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.kit.models import AuditRow
from tests.domains.monitoring.plant import Plant
from tests.people import People

pytestmark = pytest.mark.anyio


def ago(**span: float) -> datetime:
    return (datetime.now(UTC) - timedelta(**span)).replace(microsecond=0)


async def ids(people: People, who: str, **asked: object) -> list[str]:
    answer = await people.get(who, "/alarms", **asked)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_anonymous_sees_nothing(client: AsyncClient) -> None:
    for path in ("alarms", "alarms/counts", f"alarms/{uuid4()}"):
        assert (await client.get(f"/api/v1/{path}")).status_code == 401
    assert (await client.post(f"/api/v1/alarms/{uuid4()}/acknowledge")).status_code == 401


@pytest.mark.parametrize(
    ("who", "sees"),
    [("operator", True), ("stranger", False), ("linzi", True), ("huantai", False), ("city", True), ("admin", True)],
)
async def test_alarm_is_seen_by_its_enterprise_and_area_only(people: People, who: str, sees: bool) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, ago(minutes=1))
    for state in ("unacknowledged", "open", "all"):
        assert await ids(people, who, state=state) == ([str(alarm.id)] if sees else [])
    assert (await people.get(who, f"/alarms/{alarm.id}")).status_code == (200 if sees else 404)
    counts = (await people.get(who, "/alarms/counts")).json()
    assert counts["open"]["total"] == counts["unacknowledged"]["blue"] == int(sees)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("operator", 200),
        ("officer", 200),
        ("head", 200),
        ("stranger", 404),
        ("linzi", 403),
        ("city", 403),
        ("admin", 403),
    ],
)
async def test_only_people_of_the_enterprise_acknowledge(people: People, who: str, status: int) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, ago(minutes=1))
    answer = await people.post(who, f"/alarms/{alarm.id}/acknowledge")
    assert answer.status_code == status, answer.text
    assert ((await Alarm.get(id=alarm.id)).acknowledged_at is not None) is (status == 200)


async def test_the_first_one_to_acknowledge_counts(people: People) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, ago(minutes=1), level=2)
    first = (await people.post("operator", f"/alarms/{alarm.id}/acknowledge")).json()
    again = (await people.post("officer", f"/alarms/{alarm.id}/acknowledge")).json()
    assert first["acknowledgedBy"] == again["acknowledgedBy"] == people.persons["operator"].name
    assert first["acknowledgedAt"] == again["acknowledgedAt"] is not None
    assert (first["answerDueAt"], first["clearedAt"], first["level"]) == (None, None, 2)
    assert [event["kind"] for event in again["events"]] == ["raised", "acknowledged"]
    assert again["events"][1]["personName"] == people.persons["operator"].name
    assert await AuditRow.filter(verb="alarm.acknowledged", object_id=str(alarm.id)).count() == 1


async def test_acknowledged_alarm_leaves_the_list_and_stands_on(people: People) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, ago(minutes=1))
    await people.post("operator", f"/alarms/{alarm.id}/acknowledge")
    assert await ids(people, "operator", state="unacknowledged") == []
    for state in ("acknowledged", "open", "today", "all"):
        assert await ids(people, "operator", state=state) == [str(alarm.id)]


async def test_cleared_alarm_waits_until_someone_has_seen_it(people: People) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, ago(minutes=9), level=2, cleared_at=ago(minutes=2))
    await Alarm.filter(id=alarm.id).update(level=None)
    assert await ids(people, "operator", state="open") == []
    assert await ids(people, "operator", state="unacknowledged") == [str(alarm.id)]
    body = (await people.post("operator", f"/alarms/{alarm.id}/acknowledge")).json()
    assert (body["limit"], body["title"], body["value"], body["deadlines"]) == ("HH", "TK-101 液位高高报", None, None)
    assert await ids(people, "operator", state="unacknowledged") == []


async def test_late_alarm_asks_nobody_to_acknowledge(people: People) -> None:
    plant = await Plant.build(people.own)
    alarm = await plant.alarm(plant.level, ago(minutes=9), late=True)
    assert await ids(people, "operator", state="unacknowledged") == []
    assert await ids(people, "operator", state="open") == [str(alarm.id)]


async def test_unacknowledged_are_gravest_first_and_the_rest_newest_first(people: People) -> None:
    plant = await Plant.build(people.own)
    orange = await plant.alarm(plant.level, ago(minutes=50), level=2)
    blue = await plant.alarm(plant.gas, ago(minutes=5))
    yellow = await plant.alarm(plant.gas2, ago(minutes=45), risk_level=1)
    grave = [str(row.id) for row in (orange, yellow, blue)]
    new = [str(row.id) for row in (blue, yellow, orange)]
    assert await ids(people, "linzi", state="unacknowledged") == grave
    assert await ids(people, "linzi", state="open") == await ids(people, "linzi") == new
    for state, expected in (("unacknowledged", grave), ("open", new), ("all", new)):
        seen: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = (await people.get("linzi", "/alarms", state=state, limit=1, **after)).json()
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert seen == expected


async def test_filters_narrow_and_never_widen(people: People) -> None:
    plant, other = await Plant.build(people.own), await Plant.build(people.neighbour)
    orange = str((await plant.alarm(plant.level, ago(minutes=5), level=2)).id)
    blue = str((await other.alarm(other.level, ago(minutes=4))).id)
    assert await ids(people, "city") == [blue, orange]
    assert await ids(people, "city", riskLevel=2) == [orange]
    assert await ids(people, "city", adcode="370305") == [orange]
    assert await ids(people, "city", adcode="370300") == [blue, orange]
    assert await ids(people, "city", adcode="999999") == []
    assert await ids(people, "city", enterpriseId=str(people.neighbour.id)) == [blue]
    assert await ids(people, "admin", adcode="370321") == [blue]
    assert await ids(people, "linzi", adcode="370300") == [orange]
    assert await ids(people, "linzi", adcode="370321") == []
    assert await ids(people, "linzi", enterpriseId=str(people.neighbour.id)) == []
    assert await ids(people, "operator", adcode="370321") == []


async def test_today_begins_at_the_plants_midnight(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.alarm(plant.level, ago(days=1, minutes=1))
    new = await plant.alarm(plant.gas, ago(seconds=0))
    assert await ids(people, "operator", state="today") == [str(new.id)]
    assert (await people.get("operator", "/alarms/counts")).json()["today"] == 1


async def test_row_carries_what_a_list_shows(people: People) -> None:
    plant = await Plant.build(people.own)
    at = ago(minutes=2)
    await plant.send(ago(seconds=1), [90.3, 1, 26, 0])
    rises = at + timedelta(minutes=5)
    tank = await plant.alarm(plant.level, at, level=2, worst_value=90.5, limit_value=90, rises_at=rises)
    await plant.alarm(plant.gas, at - timedelta(minutes=1), level=1)
    row, gas = (await people.get("linzi", "/alarms")).json()["items"]
    assert row == {
        "id": str(tank.id),
        "pointId": plant.level.id,
        "tag": "LT-101",
        "kind": "level",
        "side": "high",
        "level": 2,
        "startLevel": 2,
        "worstLevel": 2,
        "limit": "HH",
        "title": "TK-101 液位高高报",
        "titleEn": "TK-101 level high-high",
        "subject": "TK-101",
        "place": "芳烃罐区",
        "medium": "甲苯",
        "tankId": str(plant.tank.id),
        "detectorId": None,
        "hazardId": str(plant.hazard.id),
        "hazardName": "芳烃罐区",
        "hazardGrade": 2,
        "enterpriseId": str(people.own.id),
        "enterpriseName": people.own.short_name,
        "adcode": "370305",
        "unit": "%",
        "decimals": 1,
        "rangeLo": 0,
        "rangeHi": 100,
        "limits": {"ll": 10, "l": 15, "h": 85, "hh": 90, "version": 1},
        "limitValue": 90,
        "value": 90.3,
        "valueAt": row["valueAt"],
        "valueState": "good",
        "startValue": 86,
        "worstValue": 90.5,
        "riskLevel": 2,
        "risesAt": rises.isoformat().replace("+00:00", "Z"),
        "risesTo": 3,
        "raisedAt": at.isoformat().replace("+00:00", "Z"),
        "levelSince": at.isoformat().replace("+00:00", "Z"),
        "acknowledgedAt": None,
        "acknowledgedBy": None,
        "answerDueAt": (at + timedelta(minutes=15)).isoformat().replace("+00:00", "Z"),
        "clearedAt": None,
        "late": False,
    }
    assert (gas["title"], gas["titleEn"]) == ("可燃气体一级报警", "Combustible gas level 1")
    assert (gas["limit"], gas["subject"], gas["place"], gas["value"]) == ("1", "GT-2107", "2# 泵区", 26)


async def test_value_of_a_silent_point_is_told_with_its_state(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.alarm(plant.level, ago(minutes=20))
    await plant.send(ago(minutes=10), [88, 1, 0, 0])
    (row,) = (await people.get("linzi", "/alarms")).json()["items"]
    assert (row["value"], row["valueState"]) == (88, "stale")


async def test_detail_names_the_passport_and_the_deadlines(people: People) -> None:
    plant = await Plant.build(people.own)
    at = ago(minutes=2)
    alarm = await plant.alarm(plant.level, at, level=2)
    body = (await people.get("linzi", f"/alarms/{alarm.id}")).json()
    passport = body["passport"]
    assert (passport["version"], passport["authorName"], passport["reason"]) == (1, "console", "initial")
    # H 85 less the deadband of 5 %, which is cut to half the way from H to HH.
    assert (passport["deadband"], passport["offDelayS"], passport["returnsAt"]) == (5, 60, 82.5)
    assert {name: datetime.fromisoformat(when) - at for name, when in body["deadlines"].items()} == {
        "answerDueAt": timedelta(minutes=15),
        "districtToldAt": timedelta(minutes=30),
        "cityToldAt": timedelta(minutes=60),
    }
    assert (body["tankName"], body["detectorName"], body["gatewayOnline"]) == ("甲苯储罐", None, False)
    (event,) = body["events"]
    assert (event["kind"], event["level"], event["riskLevel"], event["value"]) == ("raised", 2, 2, 86)


async def test_counts_by_colour(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.alarm(plant.level, ago(minutes=5), level=2)
    await plant.alarm(
        plant.gas, ago(minutes=5), acknowledged_at=ago(minutes=1), acknowledged_by_id=people.persons["head"].id
    )
    gone = await plant.alarm(plant.gas2, ago(minutes=9), risk_level=3, cleared_at=ago(minutes=1))
    await Alarm.filter(id=gone.id).update(level=None)
    body = (await people.get("city", "/alarms/counts")).json()
    none = {"red": 0, "orange": 0, "yellow": 0, "blue": 0, "total": 0}
    assert body["unacknowledged"] == {**none, "red": 1, "orange": 1, "total": 2}
    assert body["acknowledged"] == {**none, "blue": 1, "total": 1}
    assert body["open"] == {**none, "orange": 1, "blue": 1, "total": 2}
    assert (await people.get("city", "/alarms/counts", adcode="370321")).json()["open"] == none


async def test_unknown_alarm_is_not_there(people: People) -> None:
    assert (await people.get("city", f"/alarms/{uuid4()}")).status_code == 404
    assert (await people.post("operator", f"/alarms/{uuid4()}/acknowledge")).status_code == 404
    assert await AlarmEvent.all().count() == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "closed"},
        {"riskLevel": 4},
        {"riskLevel": -1},
        {"limit": 0},
        {"limit": 201},
        {"after": "?"},
        {"enterpriseId": "x"},
    ],
)
async def test_what_cannot_be_asked(people: People, asked: dict[str, object]) -> None:
    answer = await people.get("city", "/alarms", **asked)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")
