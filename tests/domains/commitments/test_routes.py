from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from msgspec import convert

from backend.domains.accounts.models import Person
from backend.domains.commitments.models import Commitment
from backend.domains.commitments.schemas import Filing
from backend.domains.commitments.service import file_commitment
from backend.domains.enterprises.models import Enterprise
from backend.domains.permits.service import file_report
from backend.kit import clock
from tests.domains.commitments.filings import (
    ZONE,
    content,
    due_since_midnight,
    filing,
    hours,
    of_now,
    open_all_day,
)
from tests.domains.permits.reports import draft as work
from tests.people import HUANTAI, LINZI, People

pytestmark = pytest.mark.anyio
PATH = "/commitments"


def today() -> date:
    return clock.plant_day(clock.now(), ZONE)


async def filed(people: People, who: str = "head", **changes: Any) -> dict[str, Any]:
    answer = await people.post(who, PATH, of_now(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


READS = ["", "/draft", "/counts", "/mine", f"/month?enterpriseId={uuid4()}", f"/{uuid4()}"]


@pytest.mark.parametrize("path", READS)
async def test_nobody_reads_anonymously(client: AsyncClient, path: str) -> None:
    assert (await client.get(f"/api/v1{PATH}{path}")).status_code == 401


async def test_nobody_files_anonymously(client: AsyncClient) -> None:
    assert (await client.post(f"/api/v1{PATH}", json=of_now())).status_code == 401
    assert (await client.post("/api/v1/commitment-hours", json={})).status_code == 401


@pytest.mark.parametrize(
    ("who", "status"),
    [("operator", 403), ("linzi", 403), ("city", 403), ("admin", 403), ("officer", 201), ("head", 201)],
)
async def test_only_those_who_sign_for_the_enterprise_file(people: People, who: str, status: int) -> None:
    await open_all_day()
    assert (await people.post(who, PATH, of_now())).status_code == status


@pytest.mark.parametrize("path", ["/draft", "/mine"])
async def test_what_is_the_enterprises_own_is_not_for_regulators(people: People, path: str) -> None:
    assert (await people.get("linzi", f"{PATH}{path}")).status_code == 403
    assert (await people.get("operator", f"{PATH}{path}")).status_code == 200


async def test_a_commitment_is_seen_by_its_people_and_its_regulators_only(people: People) -> None:
    await open_all_day()
    commitment = await filed(people)
    for who, status in (("operator", 200), ("linzi", 200), ("city", 200), ("stranger", 404), ("huantai", 404)):
        assert (await people.get(who, f"{PATH}/{commitment['id']}")).status_code == status


async def test_a_filing_answers_the_day_with_its_version_and_its_warnings(people: People) -> None:
    await open_all_day()
    answer = await people.post("head", PATH, of_now(content=content(unitsMaintenance=1)))
    body = answer.json()
    assert (answer.status_code, answer.headers["etag"], body["version"]) == (201, '"1"', 1)
    assert (body["state"], body["commitOn"], body["enterpriseName"]) == (
        "on_time",
        today().isoformat(),
        people.own.name,
    )
    assert body["versions"][0]["signerName"] == people.persons["head"].name
    assert [warning["kind"] for warning in body["warnings"]] == ["units_do_not_add_up"]


async def test_sending_again_answers_the_same(people: People) -> None:
    await open_all_day()
    body = of_now()
    first = await people.post("head", PATH, body)
    again = await people.post("head", PATH, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = await people.post("head", PATH, {**body, "signature": ""})
    assert (other.status_code, other.json()["type"]) == (409, "urn:anlan:same-id-other-body")


async def test_a_change_carries_if_match_and_a_reason_and_both_versions_stay(people: People) -> None:
    await open_all_day()
    commitment = await filed(people)
    refused = await people.post("officer", PATH, of_now())
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:anlan:already-filed")
    assert refused.json()["currentVersion"] == 1
    headers = {**await people.sign_in("officer"), "if-match": '"1"'}
    changed = await people.client.post(f"/api/v1{PATH}", json=of_now(changeReason="增加一处吊装"), headers=headers)
    assert (changed.status_code, changed.headers["etag"]) == (201, '"2"')
    stale = await people.client.post(f"/api/v1{PATH}", json=of_now(changeReason="再改"), headers=headers)
    assert (stale.status_code, stale.json()["type"], stale.json()["currentVersion"]) == (412, "urn:anlan:stale", 2)
    kept = (await people.get("linzi", f"{PATH}/{commitment['id']}")).json()["versions"]
    assert [version["version"] for version in kept] == [2, 1]
    odd = await people.client.post(f"/api/v1{PATH}", json=of_now(), headers={**headers, "if-match": "latest"})
    assert (odd.status_code, odd.json()["field"]) == (422, "If-Match")


async def test_an_unchanged_commitment_is_not_sent_again(people: People) -> None:
    await open_all_day()
    commitment = await filed(people)
    headers = {**await people.sign_in("linzi"), "if-none-match": '"1"'}
    answer = await people.client.get(f"/api/v1{PATH}/{commitment['id']}", headers=headers)
    assert (answer.status_code, answer.content) == (304, b"")


async def test_after_the_deadline_the_phone_learns_that_a_reason_is_needed(people: People) -> None:
    await due_since_midnight()
    draft = (await people.get("head", f"{PATH}/draft")).json()
    assert (draft["state"], draft["lateReasonRequired"]) == ("overdue", True)
    body = of_now()
    refused = await people.post("head", PATH, body)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:anlan:late-reason-required")
    given = await people.post("head", PATH, {**body, "lateReason": "forgotten"})
    assert (given.status_code, given.json()["state"], given.json()["lateReason"]) == (201, "late", "forgotten")


async def test_before_the_hours_nothing_is_taken(people: People) -> None:
    await hours("370300", time(23, 59, 59, 999_998), time(23, 59, 59, 999_999))
    refused = await people.post("head", PATH, of_now())
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:anlan:window-not-open")
    assert (await people.get("head", f"{PATH}/draft")).json()["isOpen"] is False


@pytest.mark.parametrize(
    "changes",
    [
        {"content": content(lifting=-1)},
        {"content": content(riskLevel=5)},
        {"content": {**content(), "luck": 1}},
        {"content": {key: value for key, value in content().items() if key != "hazardsSafe"}},
        {"signedAt": "2026-11-24T07:53:06"},
        {"signedAt": "0001-01-01T00:00:00+14:00"},
        {"content": content(dutyLeader="\x00周")},
        {"changeReason": "\x00"},
        {"commitOn": "9999-12-31"},
        {"lateReason": "weather"},
        {"commitOn": "yesterday"},
    ],
)
async def test_what_cannot_be_read_is_refused(people: People, changes: dict[str, Any]) -> None:
    await open_all_day()
    assert (await people.post("head", PATH, of_now(**changes))).status_code in (400, 422)
    assert await Commitment.all().count() == 0


async def test_a_draft_brings_the_last_filing_and_todays_work_and_can_be_sent_back(people: People) -> None:
    await open_all_day()
    now = clock.now()
    yesterday = clock.day_span(today(), ZONE)[0] - timedelta(hours=1)
    await file_old(people, yesterday, content(tankTransfers=2))
    report, _ = await file_report(work(now), await people.viewer("operator"), now, ZONE)
    draft = (await people.get("operator", f"{PATH}/draft")).json()
    assert draft["basis"]["commitOn"] == yesterday.astimezone(ZONE).date().isoformat()
    assert (draft["content"]["tankTransfers"], draft["content"]["hotWork1"]) == (2, 1)
    hot = next(piece for piece in draft["evidence"] if piece["field"] == "hotWork1")
    assert (hot["yesterday"], hot["proposed"], hot["source"]) == (0, 1, "work_reports")
    assert hot["detail"]["reportNumbers"] == [report.number]
    assert set(draft["changed"]) == {"hotWork1", "riskLevel"}
    assert (draft["version"], draft["warnings"]) == (None, [])
    sent = await people.post("head", PATH, of_now(content=draft["content"]))
    assert sent.status_code == 201
    after = (await people.get("operator", f"{PATH}/draft")).json()
    assert (after["version"], after["commitmentId"], after["changed"]) == (1, sent.json()["id"], [])


async def file_old(people: People, signed_at: datetime, said: dict[str, Any]) -> None:
    old = convert(filing(signed_at, content=said, lateReason="forgotten"), Filing)
    await file_commitment(old, await people.viewer("head"), None, signed_at, ZONE)


async def test_a_regulator_sees_who_has_not_filed_with_the_phone_to_call(people: People) -> None:
    await open_all_day()
    await Person.filter(username="head").update(phone="13900001111")
    before = (await people.get("linzi", PATH)).json()["items"]
    assert [(row["enterpriseName"], row["state"]) for row in before] == [(people.own.name, "not_due")]
    assert (before[0]["responsiblePhone"], before[0]["commitmentId"]) == ("13900001111", None)
    assert datetime.fromisoformat(before[0]["dueAt"]) == clock.at_plant(today(), time(23, 59, 59, 999_999), ZONE)
    await filed(people)
    (row,) = (await people.get("linzi", PATH)).json()["items"]
    assert (row["state"], row["version"], row["riskLevel"], row["signerName"]) == ("on_time", 1, 4, "head·人")


async def test_a_list_can_be_asked_for_a_state(people: People) -> None:
    await due_since_midnight(LINZI)
    await open_all_day(HUANTAI)
    await filed(people, lateReason="power_cut")

    async def codes(**asked: str) -> list[str]:
        items = (await people.get("city", PATH, **asked)).json()["items"]
        return [row["enterpriseCode"] for row in items]

    own, neighbour = people.own.code, people.neighbour.code
    assert await codes() == [own, neighbour]
    assert (await codes(state="late"), await codes(state="missing")) == ([own], [neighbour])
    assert (await codes(state="overdue"), await codes(state="on_time")) == ([], [])
    assert (await codes(state="not_due"), await codes(adcode=HUANTAI)) == ([neighbour], [neighbour])
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert await codes(on=yesterday, state="missing") == [own, neighbour]
    assert await codes(on="2025-12-01") == []


async def test_a_neighbour_sees_none_of_it(people: People) -> None:
    items = (await people.get("huantai", PATH)).json()["items"]
    assert [row["enterpriseName"] for row in items] == [people.neighbour.name]
    assert (await people.get("huantai", f"{PATH}/counts", adcode=LINZI)).json()["should"] == 0


async def test_pages_show_every_enterprise_once(people: People) -> None:
    for number in range(3):
        await Enterprise.create(
            code=f"37030590{number}",
            name=f"企业{number}",
            short_name="企业",
            adcode=LINZI,
            created_at=people.own.created_at,
        )
    seen, after = [], None
    for _ in range(3):
        page = (await people.get("city", PATH, limit=2, **({"after": after} if after else {}))).json()
        seen += [row["enterpriseCode"] for row in page["items"]]
        after = page["next"]
    assert (len(seen), seen == sorted(set(seen)), after) == (5, True, None)


async def test_counts_add_up_over_areas(people: People) -> None:
    await due_since_midnight(HUANTAI)
    await open_all_day(LINZI)
    await filed(people)
    counts = (await people.get("city", f"{PATH}/counts")).json()
    assert {key: counts[key] for key in ("should", "filed", "onTime", "late", "missing", "overdue")} == {
        "should": 2,
        "filed": 1,
        "onTime": 1,
        "late": 0,
        "missing": 1,
        "overdue": 1,
    }
    assert counts["byRiskLevel"] == {"1": 0, "2": 0, "3": 0, "4": 1}
    assert [(area["adcode"], area["filed"], area["overdue"]) for area in counts["areas"]] == [
        (LINZI, 1, 0),
        (HUANTAI, 0, 1),
    ]
    assert counts["areas"][0]["name"] == "临淄区"


async def test_ones_own_month_ends_today_and_tells_every_day(people: People) -> None:
    await open_all_day()
    commitment = await filed(people)
    month = (await people.get("operator", f"{PATH}/mine")).json()
    assert month["month"] == f"{today():%Y-%m}"
    assert [day["on"] for day in month["days"]][-1] == today().isoformat()
    assert len(month["days"]) == today().day
    assert (month["days"][-1]["state"], month["days"][-1]["commitmentId"]) == ("on_time", commitment["id"])
    assert {day["state"] for day in month["days"][:-1]} <= {"missed"}
    assert (await people.get("operator", f"{PATH}/mine", month="2025-12")).json()["days"] == []
    assert (await people.get("operator", f"{PATH}/mine", month="2026-13")).status_code == 422


async def test_a_month_of_an_enterprise_is_for_its_regulators_and_its_own_people(people: People) -> None:
    await open_all_day()
    commitment = await filed(people)
    path = f"{PATH}/month"
    asked = {"enterpriseId": str(people.own.id)}
    for who, status in (("stranger", 404), ("huantai", 404), ("expert", 403), ("operator", 200), ("city", 200)):
        assert (await people.get(who, path, **asked)).status_code == status
    days = (await people.get("linzi", path, **asked)).json()["days"]
    assert (days[-1]["on"], days[-1]["commitmentId"]) == (today().isoformat(), commitment["id"])
    other = await people.get("city", path, enterpriseId=str(people.neighbour.id))
    assert {day["commitmentId"] for day in other.json()["days"]} == {None}
    assert (await people.get("linzi", path)).status_code == 422


async def test_hours_are_listed_for_every_area_and_set_by_its_regulators(people: People) -> None:
    change = {
        "adcode": LINZI,
        "windowOpens": "06:00",
        "due": "09:00",
        "effectiveFrom": (today() + timedelta(days=1)).isoformat(),
        "reason": "统一提前到九点",
    }
    for who, status in (("head", 403), ("huantai", 404), ("linzi", 201)):
        assert (await people.post(who, "/commitment-hours", change)).status_code == status
    now_in_force = {row["adcode"]: row for row in (await people.get("head", "/commitment-hours")).json()}
    later = {
        row["adcode"]: row for row in (await people.get("head", "/commitment-hours", on=change["effectiveFrom"])).json()
    }
    assert (now_in_force[LINZI]["due"], now_in_force[LINZI]["id"]) == ("10:00", None)
    assert (later[LINZI]["due"], later[LINZI]["setByAdcode"], later[HUANTAI]["due"]) == ("09:00", LINZI, "10:00")


@pytest.mark.parametrize("asked", [{"on": "0001-01-01"}, {"on": "9999-12-31"}, {"month": "9999-12"}])
async def test_days_that_no_record_can_be_of_are_refused(people: People, asked: dict[str, str]) -> None:
    path = f"{PATH}/mine" if "month" in asked else PATH
    assert (await people.get("head", path, **asked)).status_code == 422


@pytest.mark.parametrize("adcode", ["3703", "370305\x00", "nonsense", "%"])
async def test_an_area_that_does_not_exist_has_nothing(people: People, adcode: str) -> None:
    assert (await people.get("city", PATH, adcode=adcode)).json()["items"] == []
    assert (await people.get("city", f"{PATH}/counts", adcode=adcode)).json()["should"] == 0
