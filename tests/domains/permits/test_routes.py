from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from backend.domains.permits.models import WorkReport
from backend.kit import clock
from backend.kit.models import AuditRow
from tests.domains.permits.reports import ZONE, hot_work
from tests.people import People

pytestmark = pytest.mark.anyio
PATH = "/work-reports"


def running(**changes: Any) -> dict[str, Any]:
    return hot_work(clock.now() - timedelta(hours=1), **changes)


async def filed(people: People, body: dict[str, Any] | None = None, who: str = "operator") -> dict[str, Any]:
    answer = await people.post(who, PATH, body or running())
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", [PATH, f"{PATH}/counts", f"{PATH}/{uuid4()}"])
async def test_nobody_reads_anonymously(client: AsyncClient, path: str) -> None:
    assert (await client.get(f"/api/v1{path}")).status_code == 401


async def test_nobody_files_or_cancels_anonymously(client: AsyncClient) -> None:
    assert (await client.post(f"/api/v1{PATH}", json=running())).status_code == 401
    assert (await client.post(f"/api/v1{PATH}/{uuid4()}/cancel", json={"reason": "大风"})).status_code == 401


@pytest.mark.parametrize("who", ["linzi", "city", "admin"])
async def test_those_who_do_not_work_at_the_site_may_not_file(people: People, who: str) -> None:
    answer = await people.post(who, PATH, running())
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:anlan:not-allowed")


async def test_the_wrong_enterprise_sees_nothing_and_cancels_nothing(people: People) -> None:
    report = await filed(people)
    assert (await people.get("stranger", f"{PATH}/{report['id']}")).status_code == 404
    assert (await people.post("stranger", f"{PATH}/{report['id']}/cancel", {"reason": "大风"})).status_code == 404
    assert (await people.get("stranger", PATH)).json()["items"] == []


async def test_a_regulator_sees_their_area_and_not_the_neighbours(people: People) -> None:
    report = await filed(people)
    for who, seen in (("linzi", 1), ("city", 1), ("admin", 1), ("huantai", 0)):
        assert len((await people.get(who, PATH)).json()["items"]) == seen
        assert (await people.get(who, f"{PATH}/{report['id']}")).status_code == (200 if seen else 404)
        assert (await people.get(who, f"{PATH}/counts")).json()["total"] == seen
    assert (await people.get("city", PATH, adcode="370321")).json()["items"] == []
    assert len((await people.get("city", PATH, adcode="370305")).json()["items"]) == 1
    assert (await people.get("city", PATH, enterpriseId=str(people.neighbour.id))).json()["items"] == []


async def test_a_report_gets_its_number_and_says_who_filed_it(people: People) -> None:
    first, second = await filed(people), await filed(people)
    day = datetime.fromisoformat(first["plannedFrom"]).astimezone(ZONE)
    assert first["number"] == f"DH-{day:%m%d}-001"
    assert second["number"] == f"DH-{day:%m%d}-002"
    assert first["enterpriseName"] == people.own.name
    assert (first["state"], first["filedByName"]) == ("running", people.persons["operator"].name)
    assert await AuditRow.filter(verb="work_report.filed", object_id=first["id"]).count() == 1


async def test_the_same_report_twice_is_filed_once(people: People) -> None:
    body = running()
    first = await filed(people, body)
    again = await people.post("officer", PATH, body)
    assert (again.status_code, again.json()) == (200, first)
    assert await WorkReport.all().count() == 1


async def test_another_report_under_the_same_id_is_refused(people: People) -> None:
    body = running()
    await filed(people, body)
    other = await people.post("operator", PATH, {**body, "people": 9})
    assert (other.status_code, other.json()["type"]) == (409, "urn:anlan:same-id-other-body")
    elsewhere = await people.post("stranger", PATH, body)
    assert elsewhere.status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grade": "grade_4"}, "grade"),
        ({"grade": "none"}, "grade"),
        ({"kind": "lifting", "grade": "special"}, "grade"),
        ({"plannedTo": "2020-01-01T00:00:00Z"}, "plannedTo"),
    ],
)
async def test_what_the_standard_forbids_is_refused_with_its_field(
    people: People, changes: dict[str, Any], field: str
) -> None:
    answer = await people.post("operator", PATH, running(**changes))
    assert (answer.status_code, answer.json()["type"], answer.json()["field"]) == (422, "urn:anlan:invalid", field)


@pytest.mark.parametrize(
    "changes",
    [
        {"people": 0},
        {"place": "  "},
        {"place": "\x00 R-201"},
        {"plannedFrom": "0001-01-01T00:00:00+14:00", "plannedTo": "0001-01-01T01:00:00+14:00"},
        {"responsible": ""},
        {"plannedFrom": "2026-11-24T09:00:00"},
        {"number": "DH-0000-001"},
        {"kind": "sleeping"},
    ],
)
async def test_what_cannot_be_read_is_refused(people: People, changes: dict[str, Any]) -> None:
    answer = await people.post("operator", PATH, running(**changes))
    assert answer.status_code in (400, 422)
    assert await WorkReport.all().count() == 0


async def test_cancelling_works_once_and_the_first_reason_stands(people: People) -> None:
    report = await filed(people)
    done = await people.post("officer", f"{PATH}/{report['id']}/cancel", {"reason": "五级以上大风"})
    assert (done.status_code, done.json()["state"]) == (200, "cancelled")
    assert done.json()["cancelledByName"] == people.persons["officer"].name
    again = await people.post("operator", f"{PATH}/{report['id']}/cancel", {"reason": "另一个理由"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:anlan:already-cancelled")
    assert again.json()["cancelReason"] == "五级以上大风"
    assert await AuditRow.filter(verb="work_report.cancelled", object_id=report["id"]).count() == 1


async def test_work_that_is_over_cannot_be_cancelled(people: People) -> None:
    report = await filed(people, hot_work(clock.now() - timedelta(hours=5), 4))
    answer = await people.post("operator", f"{PATH}/{report['id']}/cancel", {"reason": "大风"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:anlan:work-over")


async def test_states_follow_the_clock(people: People) -> None:
    now = clock.now()
    ended = await filed(people, hot_work(now - timedelta(hours=5), 4))
    planned = await filed(people, hot_work(now + timedelta(hours=2), 4))
    live = await filed(people)
    off = await filed(people)
    await people.post("operator", f"{PATH}/{off['id']}/cancel", {"reason": "大风"})
    for state, report in (("ended", ended), ("planned", planned), ("running", live), ("cancelled", off)):
        items = (await people.get("linzi", PATH, state=state)).json()["items"]
        assert [item["id"] for item in items] == [report["id"]]
        assert items[0]["state"] == state


async def test_pages_show_every_report_once_in_both_orders(people: People) -> None:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
    kept = [await filed(people, hot_work(start)) for _ in range(5)]
    day = start.astimezone(ZONE).date().isoformat()
    for asked in ({}, {"on": day}):
        seen: list[str] = []
        after: dict[str, str] = {}
        for _ in range(3):
            page = (await people.get("linzi", PATH, limit=2, **asked, **after)).json()
            seen += [item["id"] for item in page["items"]]
            after = {"after": page["next"]} if page["next"] else {}
        assert sorted(seen) == sorted(report["id"] for report in kept)
        assert after == {}
    assert (await people.get("linzi", PATH, after="nonsense")).status_code == 422


async def test_counts_tell_kinds_and_grades_of_the_day(people: People) -> None:
    await filed(people)
    await filed(people, running(grade="special", contractor="齐安检修"))
    await filed(people, running(kind="confined_space", grade="none"))
    day = datetime.fromisoformat((await filed(people))["plannedFrom"]).astimezone(ZONE).date()
    counts = (await people.get("city", f"{PATH}/counts", on=day.isoformat())).json()
    assert (counts["total"], counts["running"], counts["contractor"]) == (4, 4, 1)
    assert counts["byKind"]["hot_work"] == 3
    assert counts["byKind"]["excavation"] == 0
    assert counts["hotWork"] == {"special": 1, "grade_1": 2, "grade_2": 0}
