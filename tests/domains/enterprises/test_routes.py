"""Enterprises over HTTP: who sees which, search, pages."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from httpx import AsyncClient

from backend.domains.enterprises.enums import GasClass
from backend.domains.enterprises.service import make_detector, make_enterprise, make_hazard, make_tank
from tests.people import LINZI, People

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


async def furnish(people: People) -> None:
    """Two hazards, three tanks, two detectors in the own enterprise."""
    farm = await make_hazard(people.own, "370305001001", "芳烃罐区", 2, NOW, by=None, r_value=61.0)
    gas = await make_hazard(people.own, "370305001002", "气瓶库", 4, NOW, by=None)
    for code in ("TK-101", "TK-102", "TK-103"):
        await make_tank(farm, code, f"{code} 甲苯储罐", "甲苯", NOW, by=None, volume_m3=3000)
    await make_detector(
        people.own, "GT-2107", "2# 泵区东", GasClass.COMBUSTIBLE, NOW, by=None, hazard=farm, area="2# 泵区"
    )
    await make_detector(people.own, "GT-2201", "门口", GasClass.TOXIC, NOW, by=None)
    assert gas.grade == 4


async def test_anonymous_sees_nothing(client: AsyncClient) -> None:
    for path in ("/api/v1/enterprises", f"/api/v1/enterprises/{uuid4()}"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:anlan:not-signed-in")


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("operator", ["370305001"]),
        ("stranger", ["370321001"]),
        ("linzi", ["370305001"]),
        ("huantai", ["370321001"]),
        ("city", ["370305001", "370321001"]),
        ("admin", ["370305001", "370321001"]),
    ],
)
async def test_each_sees_the_own_enterprise_or_area(people: People, who: str, codes: list[str]) -> None:
    answer = await people.get(who, "/enterprises")
    assert [item["code"] for item in answer.json()["items"]] == codes
    for enterprise in (people.own, people.neighbour):
        one = await people.get(who, f"/enterprises/{enterprise.id}")
        assert one.status_code == (200 if enterprise.code in codes else 404)


async def test_row_tells_the_gravest_hazard(people: People) -> None:
    await furnish(people)
    rows = (await people.get("city", "/enterprises")).json()["items"]
    assert [(row["hazardCount"], row["gravestGrade"]) for row in rows] == [(2, 2), (0, None)]
    assert (rows[0]["regionName"], rows[0]["regionNameEn"]) == ("临淄区", "Linzi")


async def test_detail_counts_what_stands_there(people: People) -> None:
    await furnish(people)
    body = (await people.get("linzi", f"/enterprises/{people.own.id}")).json()
    assert (body["tankCount"], body["detectorCount"]) == (3, 2)
    assert [(h["name"], h["grade"], h["tankCount"], h["detectorCount"]) for h in body["hazards"]] == [
        ("芳烃罐区", 2, 3, 1),
        ("气瓶库", 4, 0, 0),
    ]


async def test_people_are_listed_for_calling(people: People) -> None:
    await type(people.persons["head"]).filter(id=people.persons["head"].id).update(phone="13800000001")
    path = f"/enterprises/{people.own.id}"
    for who, phone in (("linzi", "13800000001"), ("operator", "13800000001"), ("admin", None)):
        listed = (await people.get(who, path)).json()["people"]
        assert [person["role"] for person in listed] == ["main_responsible", "safety_officer", "enterprise_operator"]
        assert [person["phone"] for person in listed] == [phone, None, None]


@pytest.mark.parametrize("words", ["澜屿", "370305", "lyhg", "LYHG", " 淄博 "])
async def test_search_finds_by_name_code_and_initials(people: People, words: str) -> None:
    await make_enterprise("370305777", "淄博澜屿化工二分公司", LINZI, NOW, by=None)
    found = (await people.get("city", "/enterprises", q=words)).json()["items"]
    assert "370305777" in [item["code"] for item in found]
    assert "370321001" not in [item["code"] for item in found]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "nobody"])
async def test_search_takes_signs_as_they_are(people: People, words: str) -> None:
    assert (await people.get("city", "/enterprises", q=words)).json()["items"] == []


@pytest.mark.parametrize(("adcode", "count"), [("370300", 2), ("370305", 1), ("370302", 0), ("999999", 0)])
async def test_area_filter_covers_the_branch(people: People, adcode: str, count: int) -> None:
    assert len((await people.get("city", "/enterprises", adcode=adcode)).json()["items"]) == count


async def test_area_filter_never_widens_the_view(people: People) -> None:
    assert (await people.get("linzi", "/enterprises", adcode="370321")).json()["items"] == []


@pytest.mark.parametrize("order", ["code", "name"])
async def test_pages_show_everyone_once(people: People, order: str) -> None:
    for number in range(5):
        await make_enterprise(f"37030590{number}", f"{'丁丙乙甲丙'[number]}化工", LINZI, NOW, by=None)
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await people.get("city", "/enterprises", order=order, limit=2, **after)).json()
        seen += [item["shortName"][0] if order == "name" else item["code"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    expected = (
        ["淄", "桓", "丙", "丙", "丁", "甲", "乙"]  # the two of the small world have no initials and come first.
        if order == "name"
        else ["370305001", *(f"37030590{n}" for n in range(5)), "370321001"]
    )
    assert seen == expected


@pytest.mark.parametrize("asked", [{"q": "x" * 61}, {"limit": 0}, {"limit": 201}, {"order": "size"}, {"after": "~"}])
async def test_what_cannot_be_asked(people: People, asked: dict[str, object]) -> None:
    answer = await people.get("city", "/enterprises", **asked)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")


async def test_mark_of_another_list_is_refused(people: People) -> None:
    page = (await people.get("city", "/enterprises", order="name", limit=1)).json()
    answer = await people.get("city", "/enterprises", order="code", after=page["next"])
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")
