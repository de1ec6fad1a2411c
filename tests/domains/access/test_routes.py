from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from tortoise.exceptions import BaseORMException

from backend.domains.access.models import AccessContact, AccessEntry, AccessPhoto
from backend.domains.enterprises.service import make_tank
from backend.domains.monitoring.models import Gateway
from backend.kit import clock
from backend.kit.models import AuditRow
from tests.domains.media.pictures import send_photo
from tests.domains.monitoring.plant import BUILT_AT, Plant
from tests.people import People

pytestmark = pytest.mark.anyio
PATH, COVERAGE = "/access", "/access-coverage"


def day(back: int = 0) -> str:
    return (clock.now() + timedelta(hours=8) - timedelta(days=back)).date().isoformat()


def steps_of(line: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["step"]: step for step in line["steps"]}


async def set_step(people: People, who: str = "linzi", **body: Any) -> dict[str, Any]:
    answer = await people.post(who, f"{PATH}/{people.own.id}/steps", {"step": "surveyed", **body})
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_nobody_reads_or_writes_anonymously(client: AsyncClient) -> None:
    for path in (PATH, f"{PATH}/{uuid4()}", COVERAGE):
        assert (await client.get(f"/api/v1{path}")).status_code == 401
    assert (await client.get(f"/api/v1{COVERAGE}/contacts")).status_code == 401
    for path in (
        f"{PATH}/{uuid4()}/steps",
        f"{PATH}/{uuid4()}/blockers",
        f"{PATH}/{uuid4()}/photos",
        f"{COVERAGE}/contacts",
        f"{COVERAGE}/contacts/{uuid4()}/change",
    ):
        assert (await client.post(f"/api/v1{path}", json={})).status_code == 401


async def test_each_sees_the_lines_of_their_area(people: People) -> None:
    await Plant.build(people.own)
    for who, own, neighbour in (
        ("operator", True, False),
        ("stranger", False, True),
        ("linzi", True, False),
        ("huantai", False, True),
        ("city", True, True),
        ("admin", True, True),
    ):
        lines = (await people.get(who, PATH)).json()["lines"]
        assert {line["enterpriseId"] for line in lines} == {
            *([str(people.own.id)] if own else []),
            *([str(people.neighbour.id)] if neighbour else []),
        }, who
        assert (await people.get(who, f"{PATH}/{people.own.id}")).status_code == (200 if own else 404), who
        assert (await people.get(who, COVERAGE)).json()["all"]["hazards"] == own + neighbour, who
    assert (await people.get("city", PATH, adcode="370321")).json()["lines"][0]["hazardId"] is None


async def test_regulators_keep_the_ledger_and_enterprises_do_not(people: People) -> None:
    await Plant.build(people.own)
    path, body = f"{PATH}/{people.own.id}/steps", {"step": "surveyed", "doneOn": day()}
    for who, status in (("operator", 403), ("officer", 403), ("huantai", 404), ("linzi", 200), ("city", 200)):
        assert (await people.post(who, path, body)).status_code == status, who
    assert await AccessEntry.all().count() == 1
    assert await AuditRow.filter(verb="access.step_set").count() == 1, "said twice is filed once"


async def test_a_step_is_filed_with_its_days_and_what_stood_there_is_on_the_chain(people: People) -> None:
    plant = await Plant.build(people.own)
    hazard = str(plant.hazard.id)
    (line,) = (await set_step(people, hazardId=hazard, dueOn=day(3), blocker="防爆区布线等停车窗口", replaces=0))[
        "lines"
    ]
    step = steps_of(line)["surveyed"]
    assert (step["state"], step["blocker"], step["version"], line["overdue"]) == (
        "overdue", "防爆区布线等停车窗口", 1, 1,
    )  # fmt: skip
    (line,) = (await set_step(people, hazardId=hazard, doneOn=day(1), doneBy="韩雪", replaces=1))["lines"]
    assert (steps_of(line)["surveyed"]["state"], line["nextStep"]) == ("done", "conditions_checked")
    told = await AuditRow.filter(verb="access.step_set").order_by("id")
    assert told[1].detail["before"]["blocker"] == "防爆区布线等停车窗口"
    stale = {"step": "surveyed", "hazardId": hazard, "dueOn": day(), "replaces": 1}
    answer = await people.post("city", f"{PATH}/{people.own.id}/steps", stale)
    assert (answer.status_code, answer.json()["type"], answer.json()["version"]) == (409, "urn:anlan:ledger-changed", 2)
    with pytest.raises(BaseORMException, match="is a record"):
        await AccessEntry.all().delete()


@pytest.mark.parametrize(
    "odd",
    [
        {"doneOn": day(-1)},
        {"dueOn": "1999-01-01"},
        {"doneOn": day(), "blocker": "等停车"},
        {"step": "dreamed"},
        {"blocker": "a\x00b"},
    ],
)
async def test_what_cannot_be_is_refused(people: People, odd: dict[str, Any]) -> None:
    answer = await people.post("linzi", f"{PATH}/{people.own.id}/steps", {"step": "surveyed", **odd})
    assert answer.status_code in (400, 422)
    assert await AccessEntry.all().count() == 0


async def test_a_hazard_of_another_enterprise_is_not_there(people: People) -> None:
    other = await Plant.build(people.neighbour)
    body = {"step": "surveyed", "doneOn": day(), "hazardId": str(other.hazard.id)}
    assert (await people.post("city", f"{PATH}/{people.own.id}/steps", body)).status_code == 404


async def test_the_system_says_what_it_sees_beside_what_was_filed(people: People) -> None:
    plant = await Plant.build(people.own)
    (line,) = (await set_step(people, step="integrated", doneOn=day(2)))["lines"]
    steps = steps_of(line)
    assert (steps["gateway_installed"]["seen"], steps["gateway_installed"]["contradiction"]) == (True, "seen_not_filed")
    assert (steps["integrated"]["seen"], steps["integrated"]["contradiction"]) == (False, "filed_not_seen")
    assert (steps["limits_signed"]["seen"], line["facts"]["pointsLimited"]) == (False, 3)
    assert steps["surveyed"]["seen"] is None
    await Gateway.filter(id=plant.gateway.id).update(last_frame_at=clock.now())
    (line,) = (await people.get("linzi", PATH)).json()["lines"]
    assert (steps_of(line)["integrated"]["contradiction"], line["facts"]["connected"]) == (None, True)
    await make_tank(plant.hazard, "TK-102", "苯储罐", "苯", BUILT_AT, by=None)
    (line,) = (await people.get("linzi", PATH)).json()["lines"]
    assert (steps_of(line)["integrated"]["contradiction"], line["facts"]["tanksMeasured"]) == ("filed_not_seen", 1)


async def test_an_enterprise_says_what_holds_it_up_and_nothing_else(people: People) -> None:
    await Plant.build(people.own)
    await set_step(people, step="powered", dueOn=day(-5), note="区里定的日子")
    path, body = f"{PATH}/{people.own.id}/blockers", {"step": "powered", "blocker": "等停车检修布线"}
    for who, status in (("operator", 403), ("linzi", 403), ("stranger", 404), ("officer", 200)):
        assert (await people.post(who, path, body)).status_code == status, who
    (line,) = (await people.get("linzi", PATH)).json()["lines"]
    step = steps_of(line)["powered"]
    assert (step["state"], step["blocker"], step["dueOn"], step["note"]) == (
        "blocked", "等停车检修布线", day(-5), "区里定的日子",
    )  # fmt: skip
    assert (await people.post("officer", path, {**body, "blocker": ""})).status_code == 200
    assert (await AccessEntry.get(step="powered")).blocker == ""


async def test_lines_with_overdue_steps_come_first(people: People) -> None:
    await Plant.build(people.own)
    answer = await people.post("city", f"{PATH}/{people.neighbour.id}/steps", {"step": "surveyed", "dueOn": day(9)})
    assert answer.status_code == 200
    lines = (await people.get("city", PATH)).json()["lines"]
    assert [(line["enterpriseId"], line["overdue"]) for line in lines] == [
        (str(people.neighbour.id), 1),
        (str(people.own.id), 0),
    ]


async def test_coverage_says_what_is_missing_by_district_and_grade(people: People) -> None:
    plant = await Plant.build(people.own, grade=1)
    await Plant.build(people.neighbour, grade=3)
    await Gateway.filter(id=plant.gateway.id).update(last_frame_at=clock.now())
    told = (await people.get("city", COVERAGE)).json()
    assert {key: told["all"][key] for key in ("hazards", "connected", "tanks", "points", "pointsMissing")} == {
        "hazards": 2, "connected": 1, "tanks": 2, "points": 8, "pointsMissing": 4,
    }  # fmt: skip
    assert told["all"]["limitsMissing"] == 2
    assert (told["all"]["tanksUnsigned"], told["all"]["detectorsUnsigned"]) == (2, 4)
    assert [(row["adcode"], row["connected"]) for row in told["districts"]] == [("370305", 1), ("370321", 0)]
    assert [(row["grade"], row["connected"]) for row in told["grades"]] == [(1, 1), (3, 0)]
    assert (await people.get("city", COVERAGE, adcode="370321")).json()["all"]["hazards"] == 1


async def contact(people: People, who: str, **changes: Any) -> Any:
    body = {"id": str(uuid4()), "adcode": "370305", "name": "韩雪", "phone": "0533-7100000", "duty": "专班联络员"}
    return await people.post(who, f"{COVERAGE}/contacts", {**body, **changes})


async def test_contacts_of_district_and_enterprise(people: People) -> None:
    own = {"enterpriseId": str(people.own.id)}
    assert (await contact(people, "linzi")).status_code == 201
    assert (await contact(people, "officer", **own)).status_code == 201
    for who, changes, status in (
        ("operator", own, 403),
        ("officer", {}, 404),
        ("huantai", {}, 404),
        ("stranger", own, 404),
        ("city", {"adcode": "999999"}, 422),
        ("city", {**own, "adcode": "370321"}, 422),
        ("linzi", {"name": " "}, 422),
    ):
        assert (await contact(people, who, **changes)).status_code in ({400, 422} if status == 422 else {status}), who
    shown = (await people.get("operator", f"{PATH}/{people.own.id}")).json()["contacts"]
    assert [row["enterpriseId"] for row in shown] == [None, str(people.own.id)]
    assert (await people.get("stranger", f"{PATH}/{people.neighbour.id}")).json()["contacts"] == []
    assert len((await people.get("city", COVERAGE)).json()["contacts"]) == 1


async def test_a_contact_sent_twice_is_entered_once_and_leaves_without_a_trace_lost(people: People) -> None:
    body_id = str(uuid4())
    first = await contact(people, "linzi", id=body_id)
    assert (await contact(people, "linzi", id=body_id)).status_code == 200
    assert (await contact(people, "linzi", id=body_id, name="别人")).status_code == 409
    path = f"{COVERAGE}/contacts/{first.json()['id']}/leave"
    for who, status in (("operator", 403), ("officer", 404), ("huantai", 404), ("linzi", 204)):
        assert (await people.post(who, path, {"reason": "岗位调整"})).status_code == status, who
    assert (await people.get("linzi", COVERAGE)).json()["contacts"] == []
    assert (await AccessContact.get()).left_by_name == people.persons["linzi"].name
    with pytest.raises(BaseORMException, match="is a record"):
        await AccessContact.all().delete()


async def test_contacts_are_kept_by_their_own_and_every_change_is_on_record(people: People) -> None:
    district = (await contact(people, "linzi")).json()["id"]
    own = (await contact(people, "officer", enterpriseId=str(people.own.id))).json()["id"]
    change = {"name": "韩雪", "phone": "0533-7100009", "duty": "专班联络员", "reason": "换了座机"}
    for who, who_is, status in (
        ("operator", own, 403), ("officer", district, 404), ("huantai", district, 404), ("stranger", own, 404),
        ("expert", district, 403), ("linzi", district, 200), ("city", district, 200), ("head", own, 200),
    ):  # fmt: skip
        answer = await people.post(who, f"{COVERAGE}/contacts/{who_is}/change", change)
        assert answer.status_code == status, (who, answer.text)
    (row,) = await AuditRow.filter(verb="access.contact_changed", object_id=district)
    assert (row.reason, row.detail["before"]["phone"], row.detail["after"]["phone"]) == (
        "换了座机", "0533-7100000", "0533-7100009",
    )  # fmt: skip
    assert (await people.post("linzi", f"{COVERAGE}/contacts/{district}/change", {**change, "reason": " "})).is_error
    assert (await people.post("linzi", f"{COVERAGE}/contacts/{district}/leave", {"reason": "岗位调整"})).is_success
    later = await people.post("linzi", f"{COVERAGE}/contacts/{district}/change", change | {"phone": "110"})
    assert later.status_code == 404, "who left is not corrected any more"
    for who, former, seen in (
        ("linzi", False, [own]), ("linzi", True, [district, own]), ("huantai", True, []), ("operator", False, [own]),
    ):  # fmt: skip
        shown = (await people.get(who, f"{COVERAGE}/contacts", former=former)).json()
        assert [each["id"] for each in shown] == seen, who
    left = (await people.get("linzi", f"{COVERAGE}/contacts", former=True)).json()[0]
    assert (left["leftByName"], left["leftReason"], left["mayKeep"]) == (
        people.persons["linzi"].name, "岗位调整", False,
    )  # fmt: skip
    assert [
        (await people.get(who, f"{COVERAGE}/contacts")).json()[0]["mayKeep"] for who in ("operator", "head", "linzi")
    ] == [False, True, True]


async def add_photos(people: People, who: str, *photo_ids: str, **changes: Any) -> Any:
    body = {"step": "gateway_installed", "photoIds": list(photo_ids), **changes}
    return await people.post(who, f"{PATH}/{people.own.id}/photos", body)


async def sent(people: People, who: str, enterprise: Any = None) -> str:
    answer = await send_photo(people, who, (enterprise or people.own).id)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_step_carries_photos_with_time_and_author_for_those_who_may_look(people: People) -> None:
    plant = await Plant.build(people.own)
    hazard = str(plant.hazard.id)
    first, second = await sent(people, "officer"), await sent(people, "linzi")
    assert (await add_photos(people, "officer", first, hazardId=hazard)).status_code == 200
    answer = await add_photos(people, "linzi", second, hazardId=hazard)
    (line,) = answer.json()["lines"]
    photos = steps_of(line)["gateway_installed"]["photos"]
    assert [(each["id"], each["addedByName"]) for each in photos] == [
        (first, people.persons["officer"].name),
        (second, people.persons["linzi"].name),
    ]
    assert photos[0]["takenAt"].startswith("2026-01-03T")
    assert steps_of(line)["powered"]["photos"] == []
    for who, status in (("operator", 200), ("city", 200), ("stranger", 404), ("huantai", 404)):
        assert (await people.get(who, f"{PATH}/{people.own.id}")).status_code == status, who
        picture = await people.client.get(photos[0]["url"], headers=await people.sign_in(who))
        assert picture.status_code == status, who
    (line,) = (await people.get("city", PATH)).json()["lines"][:1]
    shown = steps_of(line)["gateway_installed"]
    assert (shown["photoCount"], shown["photos"]) == (2, None), "the board counts them only"
    assert (await people.get("huantai", PATH)).json()["lines"][0]["enterpriseId"] != str(people.own.id)


async def test_a_photo_is_added_once_and_stays(people: People) -> None:
    await Plant.build(people.own)
    photo_id = await sent(people, "officer")
    for _ in range(2):
        assert (await add_photos(people, "officer", photo_id, photo_id)).status_code == 200
    assert await AccessPhoto.all().count() == 1
    assert await AuditRow.filter(verb="access.photos_added").count() == 1
    with pytest.raises(BaseORMException, match="is a record"):
        await AccessPhoto.all().delete()


async def test_photos_that_cannot_be_added(people: People) -> None:
    plant = await Plant.build(people.own)
    other = await Plant.build(people.neighbour)
    mine, theirs = await sent(people, "officer"), await sent(people, "linzi")
    elsewhere = await sent(people, "city", people.neighbour)
    assert (await add_photos(people, "operator", mine)).status_code == 403
    assert (await add_photos(people, "expert", mine)).status_code == 403
    assert (await add_photos(people, "huantai", mine)).status_code == 404
    for who, photo_id in (("officer", theirs), ("officer", str(uuid4())), ("city", elsewhere), ("officer", elsewhere)):
        assert (await add_photos(people, who, photo_id)).status_code == 422
    assert (await add_photos(people, "officer", mine, hazardId=str(other.hazard.id))).status_code == 404
    for row in range(12):
        await AccessPhoto.create(
            enterprise_id=people.own.id, adcode="370305", hazard_id=plant.hazard.id, step="gateway_installed",
            photo_id=await sent(people, "officer"), added_at=clock.now(), added_by_id=uuid4(), added_by_name=str(row),
        )  # fmt: skip
    full = await add_photos(people, "officer", mine)
    assert (full.status_code, full.json()["there"]) == (422, 12)
