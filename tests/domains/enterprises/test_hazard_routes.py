"""Major hazards over HTTP: what they hold, who may say so, and who answers for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response

from backend.domains.enterprises.models import HazardResponsible, MajorHazard
from backend.domains.enterprises.service import make_hazard, set_quantities
from backend.domains.enterprises.service.hazards import Held
from backend.kit.models import AuditRow
from tests.people import People

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
QUANTITIES = {"chemicals": [{"chemical": "液氯", "quantityT": 40}], "reason": "新增储槽"}
TERM = {"role": "main", "name": "陈国栋", "phone": "17005330001", "since": "2026-01-01"}


async def farm(people: People) -> MajorHazard:
    """600 t of LPG beside 60 residents."""
    people.own.residents_500m = 60
    await people.own.save()
    hazard = await make_hazard(people.own, "370305001001", "液化气罐区", 4, NOW, by=None)
    await set_quantities(hazard, [Held(chemical="液化石油气", quantity_t=600)], NOW, by=None, reason="备案")
    return hazard


async def put(people: People, who: str, path: str, body: Any, **headers: str) -> Response:
    """PUT as that person."""
    signed = await people.sign_in(who)
    return await people.client.put(f"/api/v1{path}", json=body, headers=signed | headers)


async def test_anonymous_sees_and_does_nothing(client: AsyncClient) -> None:
    path = f"/api/v1/hazards/{uuid4()}"
    for answer in (
        await client.get(path),
        await client.put(f"{path}/chemicals", json=QUANTITIES),
        await client.post(f"{path}/chemicals/preview", json=QUANTITIES),
        await client.get(f"{path}/history"),
        await client.post(f"{path}/responsible", json=TERM),
    ):
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:anlan:not-signed-in")


@pytest.mark.parametrize(
    ("who", "status"),
    [("operator", 200), ("linzi", 200), ("city", 200), ("admin", 200), ("stranger", 404), ("huantai", 404)],
)
async def test_a_hazard_explains_its_grade_to_those_who_see_it(people: People, who: str, status: int) -> None:
    hazard = await farm(people)
    answer = await people.get(who, f"/hazards/{hazard.id}")
    assert answer.status_code == status
    if status == 200:
        body = answer.json()
        assert (body["grade"], body["sValue"], body["rValue"], body["alpha"], body["isMajor"]) == (3, 12, 27, 1.5, True)
        (held,) = body["chemicals"]
        assert (held["quantityT"], held["thresholdT"], held["beta"], held["sPart"], held["rPart"]) == (
            600,
            50,
            1.5,
            12,
            18,
        )


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("head", 403), ("huantai", 404), ("stranger", 403)])
async def test_others_do_not_move_the_grade(people: People, who: str, status: int) -> None:
    hazard = await farm(people)
    assert (await put(people, who, f"/hazards/{hazard.id}/chemicals", QUANTITIES)).status_code == status
    await hazard.refresh_from_db()
    assert (hazard.grade, hazard.r_value) == (3, 27)


async def test_the_regulator_of_the_area_puts_quantities_down(people: People) -> None:
    hazard = await farm(people)
    body = (await put(people, "linzi", f"/hazards/{hazard.id}/chemicals", QUANTITIES)).json()
    # 1.5 · 4 · 40/5 = 48
    assert (body["grade"], body["rValue"], [each["chemical"] for each in body["chemicals"]]) == (3, 48, ["液氯"])
    line = await AuditRow.filter(verb="hazard.quantities_set").order_by("-id").first()
    assert line is not None
    assert (line.person_id, line.reason) == (people.persons["linzi"].id, "新增储槽")


@pytest.mark.parametrize(
    "body",
    [
        {"chemicals": [], "reason": "x"},
        {"chemicals": [{"chemical": "苯", "quantityT": -1}], "reason": "x"},
        {"chemicals": [{"chemical": "苯", "quantityT": 1}], "reason": " "},
        {"chemicals": [{"chemical": "某物", "quantityT": 1}], "reason": "x"},
        {"chemicals": [{"chemical": "苯", "quantityT": 1}, {"chemical": " 苯 ", "quantityT": 1}], "reason": "x"},
        {"chemicals": [{"chemical": "苯\0", "quantityT": 1}], "reason": "x"},
        {"chemicals": [{"chemical": "苯", "quantityT": 1, "beta": 0}], "reason": "x"},
        {"chemicals": [{"chemical": "苯", "quantityT": 1e300}], "reason": "x"},
    ],
)
async def test_quantities_that_cannot_be(people: People, body: Any) -> None:
    hazard = await farm(people)
    answer = await put(people, "linzi", f"/hazards/{hazard.id}/chemicals", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")


async def test_a_forecast_stores_nothing(people: People) -> None:
    hazard = await farm(people)
    path = f"/hazards/{hazard.id}/chemicals/preview"
    body = {"chemicals": [{"chemical": "液氯", "quantityT": 80}]}
    for who, status in (("officer", 403), ("stranger", 403), ("huantai", 404), ("linzi", 200), ("admin", 200)):
        assert (await people.post(who, path, body)).status_code == status
    told = (await people.post("linzi", path, body)).json()
    # 1.5 · 4 · 80/5 = 96
    assert (told["gradeBefore"], told["rBefore"], told["grade"], told["rValue"]) == (3, 27, 2, 96)
    assert [(each["chemical"], each["sPart"], each["rPart"]) for each in told["chemicals"]] == [("液氯", 16, 64)]
    refused = await people.post("linzi", path, {"chemicals": [{"chemical": "某物", "quantityT": 1}]})
    assert (refused.status_code, refused.json()["field"]) == (422, "hazardClass")
    await hazard.refresh_from_db()
    assert (hazard.grade, hazard.r_value) == (3, 27)
    assert await AuditRow.filter(verb="hazard.quantities_set").count() == 1


async def test_how_a_hazard_came_to_its_grade_is_told(people: People) -> None:
    hazard = await farm(people)
    path = f"/hazards/{hazard.id}/history"
    more = QUANTITIES | {"chemicals": [{"chemical": "液氯", "quantityT": 80}]}
    await put(people, "linzi", f"/hazards/{hazard.id}/chemicals", more)
    for who, status in (("stranger", 404), ("huantai", 404), ("operator", 200), ("admin", 200)):
        assert (await people.get(who, path)).status_code == status
    page = (await people.get("operator", path, limit=2)).json()
    regraded, moved = page["items"]
    assert (regraded["kind"], regraded["gradeBefore"], regraded["gradeAfter"]) == ("regraded", 3, 2)
    assert (regraded["rBefore"], regraded["rAfter"], regraded["reason"]) == (27, 96, "新增储槽")
    assert (moved["kind"], moved["byName"]) == ("quantities", people.persons["linzi"].name)
    assert moved["chemicals"] == [
        {"chemical": "液化石油气", "beforeT": 600, "afterT": None},
        {"chemical": "液氯", "beforeT": None, "afterT": 80},
    ]
    assert [each["byName"] for each in (await people.get("city", path, after=page["next"])).json()["items"]] == [
        "console",
        "console",
    ]


@pytest.mark.parametrize(("who", "status"), [("operator", 403), ("linzi", 403), ("stranger", 404), ("admin", 403)])
async def test_others_name_nobody(people: People, who: str, status: int) -> None:
    hazard = await farm(people)
    assert (await people.post(who, f"/hazards/{hazard.id}/responsible", TERM)).status_code == status


async def test_a_new_term_ends_the_one_before(people: People) -> None:
    hazard = await farm(people)
    path = f"/hazards/{hazard.id}/responsible"
    assert (await people.post("officer", path, TERM)).status_code == 201
    answer = await people.post("officer", path, TERM | {"name": "李某", "since": "2026-06-01"})
    assert [(term["name"], term["since"], term["until"]) for term in answer.json()["responsible"]] == [
        ("李某", "2026-06-01", None),
        ("陈国栋", "2026-01-01", "2026-05-31"),
    ]
    assert await AuditRow.filter(verb="hazard.person_named").count() == 2
    listed = (await people.get("admin", f"/hazards/{hazard.id}")).json()["responsible"]
    assert [term["phone"] for term in listed] == [None, None]


async def test_the_same_person_with_another_phone_is_a_correction(people: People) -> None:
    hazard = await farm(people)
    path = f"/hazards/{hazard.id}/responsible"
    await people.post("officer", path, TERM)
    await people.post("head", path, TERM | {"phone": "17005330009"})
    (term,) = await HazardResponsible.filter(hazard_id=hazard.id)
    assert (term.phone, term.until) == ("17005330009", None)


@pytest.mark.parametrize("change", [{"since": "2025-01-01"}, {"since": "2026-01-01", "name": "李某"}, {"role": "cook"},
                                    {"name": ""}, {"since": "soon"}])  # fmt: skip
async def test_terms_that_cannot_be(people: People, change: dict[str, str]) -> None:
    hazard = await farm(people)
    path = f"/hazards/{hazard.id}/responsible"
    await people.post("officer", path, TERM)
    answer = await people.post("officer", path, TERM | change)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")
