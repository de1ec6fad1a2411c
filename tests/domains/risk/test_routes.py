from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from backend.domains.enterprises.models import Enterprise, MajorHazard
from backend.domains.risk.models import RiskParamSet, RiskScore, RiskState
from backend.domains.risk.service import score_hazards
from backend.kit import clock
from backend.kit.paging import encode_cursor
from tests.domains.risk.world import Plant, build_plant, run
from tests.people import HUANTAI, LINZI, People, make_enterprise

pytestmark = pytest.mark.anyio


@dataclass
class Scene:
    """Own: one hazard with an HH alarm and one quiet; neighbour: one with an H; a third enterprise has no hazard."""

    people: People
    red: Plant
    quiet: Plant
    other: Plant
    bare: Enterprise


@pytest.fixture
async def scene(people: People) -> Scene:
    now = clock.now()
    red = await build_plant(people.own, now, "A", grade=1)
    quiet = await build_plant(people.own, now, "B", grade=4)
    other = await build_plant(people.neighbour, now, "C", grade=3)
    bare = await make_enterprise("370305099", "临淄无源化工有限公司", LINZI, initials="lzwyhgyxgs")
    await red.send(now, 92.0, 45.0, 50.0)
    await red.alarm(now - timedelta(minutes=40), level=2)
    await quiet.send(now, 50.0, 20.0, 60.0)
    await other.send(now, 86.0, 20.0, 60.0)
    await score_hazards(now)
    return Scene(people, red, quiet, other, bare)


PATHS = [
    "/risk/hazards",
    "/risk/enterprises",
    "/risk/marks",
    "/risk/counts",
    f"/risk/hazards/{uuid4()}",
    f"/risk/scores/{uuid4()}",
]


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_sees_risks(client: AsyncClient, path: str) -> None:
    assert (await client.get(f"/api/v1{path}")).status_code == 401


@pytest.mark.parametrize("who", ["stranger", "huantai"])
async def test_the_neighbour_finds_nothing_of_it(scene: Scene, who: str) -> None:
    state = await RiskState.get(object_id=scene.red.hazard.id)
    for path in (f"/risk/hazards/{scene.red.hazard.id}", f"/risk/scores/{state.score_id}"):
        answer = await scene.people.get(who, path)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:anlan:not-found")
    listed = (await scene.people.get(who, "/risk/hazards")).json()["items"]
    assert [item["hazardId"] for item in listed] == [str(scene.other.hazard.id)]
    asked = await scene.people.get(who, "/risk/hazards", enterpriseId=str(scene.people.own.id))
    assert asked.json() == {"items": [], "next": None}
    enterprises = (await scene.people.get(who, "/risk/enterprises")).json()["items"]
    assert [item["enterpriseId"] for item in enterprises] == [str(scene.people.neighbour.id)]
    assert (await scene.people.get(who, "/risk/counts")).json()["all"]["total"] == 1


async def test_an_operator_sees_their_hazards_worst_first_with_reasons(scene: Scene) -> None:
    items = (await scene.people.get("operator", "/risk/hazards")).json()["items"]
    assert [item["hazardName"] for item in items] == ["A 罐区", "B 罐区"]
    worst, quiet = items
    assert (worst["level"], worst["isStale"], worst["grade"], worst["model"]) == (3, False, 1, "tank_farm")
    top = worst["why"][0]
    assert top["sentence"] == f"LI-A1 超限程度 液位 92 %，高于高高限 90 %，贡献 {top['points']} 分"
    assert top["sentenceEn"].startswith("LI-A1 past the limit: level 92 %, above the high-high limit 90 %, adds")
    assert len(worst["why"]) == 2
    assert (quiet["level"], quiet["score"]) == (0, 3.0)


async def test_the_regulator_sees_who_is_red_and_why_and_the_unscored_last(scene: Scene) -> None:
    items = (await scene.people.get("city", "/risk/enterprises")).json()["items"]
    assert [(item["code"], item["level"]) for item in items] == [
        ("370305001", 3),
        ("370321001", 1),
        ("370305099", None),
    ]
    first, _, last = items
    assert (first["hazardName"], first["hazardCount"], first["regionName"]) == ("A 罐区", 2, "临淄区")
    assert "高于高高限" in first["why"][0]["evidence"]
    assert (first["gravestGrade"], last["gravestGrade"]) == (1, None)
    assert (last["score"], last["why"], last["isStale"], last["hazardCount"]) == (None, [], True, 0)


async def test_marks_are_of_those_in_view_and_agree_with_the_list(scene: Scene) -> None:
    listed = (await scene.people.get("city", "/risk/enterprises")).json()["items"]
    marks = (await scene.people.get("city", "/risk/marks")).json()
    assert {mark["enterpriseId"]: (mark["level"], mark["isStale"], mark["adcode"]) for mark in marks["items"]} == {
        item["enterpriseId"]: (item["level"], item["isStale"], item["adcode"]) for item in listed
    }
    assert marks["next"] is None
    first = (await scene.people.get("city", "/risk/marks", limit=2)).json()
    second = (await scene.people.get("city", "/risk/marks", limit=2, after=first["next"])).json()
    assert first["items"] + second["items"] == marks["items"]
    near = (await scene.people.get("huantai", "/risk/marks")).json()["items"]
    assert [mark["enterpriseId"] for mark in near] == [str(scene.people.neighbour.id)]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"adcode": LINZI}, ["370305001", "370305099"]),
        ({"adcode": "370300"}, ["370305001", "370321001", "370305099"]),
        ({"level": 1}, ["370321001"]),
        ({"grade": 1}, ["370305001"]),
        ({"grade": 4}, []),
        ({"q": "lzwy"}, ["370305099"]),
        ({"q": "云栈"}, ["370321001"]),
        ({"q": "%"}, []),
        ({"adcode": "999999"}, []),
    ],
)
async def test_the_list_is_narrowed_by_area_level_and_words(
    scene: Scene, asked: dict[str, Any], codes: list[str]
) -> None:
    items = (await scene.people.get("city", "/risk/enterprises", **asked)).json()["items"]
    assert [item["code"] for item in items] == codes


async def test_a_district_does_not_reach_beyond_itself_by_asking(scene: Scene) -> None:
    assert (await scene.people.get("linzi", "/risk/enterprises", adcode=HUANTAI)).json()["items"] == []


@pytest.mark.parametrize("path", ["/risk/enterprises", "/risk/hazards"])
async def test_pages_follow_each_other(scene: Scene, path: str) -> None:
    key = "code" if path.endswith("enterprises") else "hazardCode"
    whole = [item[key] for item in (await scene.people.get("city", path)).json()["items"]]
    paged: list[str] = []
    after: dict[str, str] = {}
    for _ in range(len(whole)):
        page = (await scene.people.get("city", path, limit=1, **after)).json()
        paged += [item[key] for item in page["items"]]
        after = {"after": page["next"]} if page["next"] else {}
    assert paged == whole
    assert len(whole) == 3
    assert after == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("after", "bm90IG91cnM"),
        ("after", encode_cursor(1, 2.0, "x\x00")),
        ("after", encode_cursor(10**12, 2.0, "x")),
        ("after", encode_cursor(1, 2.0)),
        ("level", 7),
        ("grade", 0),
        ("limit", 0),
        ("limit", 201),
        ("adcode", "37\x000305"),
        ("q", "\x00"),
        ("q", "x" * 61),
    ],
)
async def test_what_cannot_be_asked_is_refused(scene: Scene, name: str, value: object) -> None:
    answer = await scene.people.get("city", "/risk/enterprises", **{name: value})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_counts_by_colour_and_area_agree_with_the_list(scene: Scene) -> None:
    counts = (await scene.people.get("city", "/risk/counts")).json()
    assert counts["all"] == {"red": 1, "orange": 0, "yellow": 1, "blue": 0, "unscored": 1, "total": 3}
    assert [(d["name"], d["red"], d["yellow"], d["unscored"], d["total"]) for d in counts["districts"]] == [
        ("临淄区", 1, 0, 1, 2),
        ("桓台县", 0, 1, 0, 1),
    ]
    assert (await scene.people.get("city", "/risk/counts", adcode=HUANTAI)).json()["all"]["total"] == 1


async def test_an_explanation_adds_up_in_parts_waterfall_and_tree(scene: Scene) -> None:
    told = (await scene.people.get("linzi", f"/risk/hazards/{scene.red.hazard.id}")).json()
    tenths = round(told["score"] * 10)
    assert sum(round(points * 10) for points in told["parts"].values()) == tenths
    assert sum(round(bar["points"] * 10) for bar in told["waterfall"]) == tenths
    starts = [round(bar["start"] * 10) for bar in told["waterfall"]]
    ends = [start + round(bar["points"] * 10) for start, bar in zip(starts, told["waterfall"], strict=True)]
    assert starts == [0, *ends[:-1]]
    assert ends[-1] == tenths

    def check(branch: dict[str, Any]) -> None:
        if branch["children"]:
            assert sum(round(c["points"] * 10) for c in branch["children"]) == round(branch["points"] * 10)
        for child in branch["children"]:
            check(child)

    check(told["tree"])
    assert told["tree"]["points"] == told["score"]
    assert (told["level"], told["levelRaw"], told["paramVersion"], told["isReproduced"]) == (3, 3, "rm-1.0.0", True)
    assert (told["hazardName"], told["enterpriseName"]) == ("A 罐区", scene.people.own.name)


async def test_a_stored_score_is_explained_under_the_parameters_of_its_time(scene: Scene) -> None:
    state = await RiskState.get(object_id=scene.red.hazard.id)
    params = (await RiskParamSet.get(version="rm-1.0.0")).params
    now = clock.now()
    newer = {**params, "version": "rm-1.0.1", "haz": {"m_step": 0.0, "b_step": 0.0}}
    await RiskParamSet.create(version="rm-1.0.1", params=newer, sha256="-", author_name="专家", effective_from=now)
    await score_hazards(now)
    old = (await scene.people.get("city", f"/risk/scores/{state.score_id}")).json()
    assert (old["id"], old["paramVersion"], old["isReproduced"]) == (str(state.score_id), "rm-1.0.0", True)
    assert old["parts"]["base"] == 12.0
    new = (await scene.people.get("city", f"/risk/hazards/{scene.red.hazard.id}")).json()
    assert (new["paramVersion"], new["parts"]["base"], new["isReproduced"]) == ("rm-1.0.1", 0.0, True)
    assert await RiskScore.filter(object_id=scene.red.hazard.id).count() == 2


async def test_a_score_nobody_looked_after_is_stale(scene: Scene) -> None:
    await run("update risk_state set checked_at = now() - interval '6 minutes'")
    items = (await scene.people.get("city", "/risk/enterprises")).json()["items"]
    assert all(item["isStale"] for item in items)


async def test_a_hazard_that_was_never_scored_is_listed_without_a_colour(scene: Scene) -> None:
    await MajorHazard.create(enterprise_id=scene.bare.id, code="new", name="新罐区", grade=2)
    items = (await scene.people.get("linzi", "/risk/hazards", enterpriseId=str(scene.bare.id))).json()["items"]
    assert [(item["hazardName"], item["level"], item["isStale"]) for item in items] == [("新罐区", None, True)]
    missing = await scene.people.get("linzi", f"/risk/hazards/{items[0]['hazardId']}")
    assert missing.status_code == 404
