"""What an enterprise tells about itself, what else stands in it, and the reference data, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient, Response

from backend.domains.enterprises.chemicals import CHEMICALS
from backend.domains.enterprises.models import Contact, Enterprise
from backend.domains.enterprises.workbook.importing import import_workbook
from backend.kit.models import AuditRow
from tests.domains.enterprises.workbook.books import CODE, plant, xlsx
from tests.people import People

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
INFO: dict[str, Any] = {
    "shortName": "澜屿化工", "address": "乙烯路12号", "legalRepresentative": "陈国栋", "licenceNo": "鲁WH001",
    "dutyPhone": "0533-1234567", "staffCount": 210, "products": "甲苯、苯乙烯", "about": "",
    "contacts": [{"duty": "安全", "name": "周启明", "phone": "17005330001"}],
}  # fmt: skip


async def maintain(people: People, who: str, body: Any, **headers: str) -> Response:
    """PUT the basic information of the own enterprise."""
    signed = await people.sign_in(who)
    path = f"/api/v1/enterprises/{people.own.id}/info"
    return await people.client.put(path, json=body, headers=signed | headers)


async def test_anonymous_maintains_nothing(people: People, client: AsyncClient) -> None:
    answer = await client.put(f"/api/v1/enterprises/{people.own.id}/info", json=INFO)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 404), ("operator", 403), ("linzi", 403), ("city", 403), ("admin", 403)]
)
async def test_others_do_not_speak_for_an_enterprise(people: People, who: str, status: int) -> None:
    assert (await maintain(people, who, INFO)).status_code == status


@pytest.mark.parametrize("who", ["officer", "head"])
async def test_an_enterprise_maintains_itself_and_the_regulator_reads(people: People, who: str) -> None:
    answer = await maintain(people, who, INFO, **{"if-match": '"1"'})
    assert (answer.status_code, answer.json()["infoVersion"]) == (200, 2)
    seen = (await people.get("linzi", f"/enterprises/{people.own.id}")).json()
    assert {name: seen[name] for name in INFO} == INFO
    runs = (await people.get("admin", f"/enterprises/{people.own.id}")).json()
    assert (runs["dutyPhone"], runs["contacts"][0]["phone"]) == (None, None)
    line = await AuditRow.get(verb="enterprise.info_maintained")
    assert line.person_id == people.persons[who].id
    assert line.detail["changes"]["legal_representative"] == ["", "陈国栋"]


async def test_sent_twice_it_changes_once(people: People) -> None:
    await maintain(people, "officer", INFO)
    assert (await maintain(people, "officer", INFO)).json()["infoVersion"] == 2
    assert await AuditRow.filter(verb="enterprise.info_maintained").count() == 1
    assert await Contact.filter(enterprise_id=people.own.id).count() == 1


async def test_an_answer_that_was_lost_does_no_harm(people: People) -> None:
    for _ in range(2):
        answer = await maintain(people, "officer", INFO, **{"if-match": '"1"'})
        assert (answer.status_code, answer.json()["infoVersion"]) == (200, 2)


async def test_who_maintained_what_is_told_newest_first(people: People, client: AsyncClient) -> None:
    path = f"/enterprises/{people.own.id}/info/history"
    await maintain(people, "officer", INFO)
    await maintain(people, "head", INFO | {"staffCount": 212, "dutyPhone": "119"})
    assert (await client.get(f"/api/v1{path}")).status_code == 401
    for who, status in (("stranger", 404), ("huantai", 404), ("operator", 200), ("linzi", 200), ("expert", 200)):
        assert (await people.get(who, path)).status_code == status
    page = (await people.get("linzi", path, limit=1)).json()
    (newest,) = page["items"]
    assert (newest["byName"], newest["version"]) == (people.persons["head"].name, 3)
    assert newest["changes"] == [
        {"field": "dutyPhone", "before": "0533-1234567", "after": "119"},
        {"field": "staffCount", "before": "210", "after": "212"},
    ]
    (first,) = (await people.get("admin", path, after=page["next"])).json()["items"]
    told = {change["field"]: (change["before"], change["after"]) for change in first["changes"]}
    assert told["staffCount"] == ("", "210")
    assert (told["contacts"], told["dutyPhone"]) == (("", "安全 周启明"), (None, None))
    assert (await people.get("linzi", path, after="x")).status_code == 422


async def test_an_old_version_overwrites_nobody(people: People) -> None:
    await maintain(people, "officer", INFO, **{"if-match": '"1"'})
    answer = await maintain(people, "head", INFO | {"about": "x"}, **{"if-match": '"1"'})
    assert (answer.status_code, answer.json()["type"], answer.json()["version"]) == (412, "urn:anlan:info-changed", 2)


@pytest.mark.parametrize(
    "change",
    [
        {"shortName": " "},
        {"shortName": None},
        {"staffCount": -1},
        {"about": "a\0b"},
        {"about": "x" * 1001},
        {"contacts": INFO["contacts"] * 2},
        {"contacts": [{"duty": "安全", "name": "周", "phone": " "}]},
        {"uscc": "91350100M000100Y43"},
    ],
)
async def test_information_that_cannot_be(people: People, change: dict[str, Any]) -> None:
    answer = await maintain(people, "officer", INFO | change)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")


async def test_the_register_tells_what_else_stands_there(people: People) -> None:
    await import_workbook(xlsx(plant()), "a.xlsx", NOW, by=None)
    path = f"/enterprises/{(await Enterprise.get(code=CODE)).id}/register"
    body = (await people.get("linzi", path)).json()
    assert [each["name"] for each in body["warehouses"]] == ["甲类库"]
    (unit,) = body["processUnits"]
    assert unit["processes"] == ["E1508", "E15014"]
    assert unit["parameters"] == [
        {"process": "E1508", "name": "反应釜温度", "tag": "TI-1", "measuredIn": "℃", "low": 120, "high": 180}
    ]
    assert body["loadingStations"][0]["arms"] == [{"bay": "B1", "arm": "1", "medium": "液化石油气"}]
    assert body["cameras"][0]["place"] == "duty_room"
    assert (body["areas"][0]["kind"], body["areas"][0]["floorM2"]) == ("pumps", 120)
    for who in ("huantai", "officer"):
        assert (await people.get(who, path)).status_code == 404


async def test_reference_data_is_for_everyone_who_is_signed_in(people: People, client: AsyncClient) -> None:
    for path, count in (("chemicals", len(CHEMICALS)), ("hazard-classes", 24), ("processes", 18)):
        assert (await client.get(f"/api/v1/reference/{path}")).status_code == 401
        answer = await people.get("operator", f"/reference/{path}")
        assert (answer.status_code, len(answer.json())) == (200, count)


@pytest.mark.parametrize(
    ("words", "names"), [("液氨", ["氨"]), ("7664-41-7", ["氨"]), ("chlorine", ["氯"]), ("某", [])]
)
async def test_chemicals_are_searched(people: People, words: str, names: list[str]) -> None:
    found = (await people.get("operator", "/reference/chemicals", q=words)).json()
    assert [each["name"] for each in found] == names
    if names == ["氨"]:
        assert (found[0]["thresholdT"], found[0]["beta"], found[0]["oelMgM3"], found[0]["lelVolPct"]) == (10, 2, 30, 15)
