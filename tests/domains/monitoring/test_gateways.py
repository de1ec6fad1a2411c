from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx import AsyncClient
from tortoise.connection import get_connection

from backend.domains.monitoring.models import Gateway, GatewayEvent, PointFreeze, Reject
from backend.domains.monitoring.queries import GatewayLoginRow, gateway_logins
from backend.kit import clock
from backend.kit.models import AuditRow
from tests.domains.monitoring.plant import Plant
from tests.people import People

pytestmark = pytest.mark.anyio
PATH = "/gateways"
REASON = {"reason": "网关柜更换"}


class FakeDoor:
    """A broker that remembers whom it was told of."""

    def __init__(self) -> None:
        self.told: list[list[str]] = []

    async def admit(self, logins: Sequence[GatewayLoginRow]) -> bool:
        self.told.append([login.code for login in logins])
        return True


@pytest.fixture
def door(people: People) -> FakeDoor:
    found = FakeDoor()
    people.client._transport.app.state["door"] = found  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("path", ["/gateways/1", "/gateways/1/rejects", "/gateways/1/setup"])
async def test_nobody_reads_anonymously(client: AsyncClient, path: str) -> None:
    assert (await client.get(f"/api/v1{path}")).status_code == 401


async def test_a_gateway_is_seen_where_it_stands(people: People) -> None:
    plant = await Plant.build(people.own)
    path = f"{PATH}/{plant.gateway.id}"
    for who, status in (("operator", 200), ("linzi", 200), ("city", 200), ("admin", 200), ("stranger", 404), ("huantai", 404)):  # fmt: skip  # noqa: E501
        assert (await people.get(who, path)).status_code == status, who
        assert (await people.get(who, f"{path}/rejects")).status_code == status, who
    assert (await people.get("admin", f"{PATH}/{2**40}")).status_code == 404


async def test_only_those_who_may_enter_a_secret_get_the_setup_and_it_holds_none(people: People) -> None:
    plant = await Plant.build(people.own)
    path = f"{PATH}/{plant.gateway.id}/setup"
    for who, status in (("admin", 200), ("officer", 200), ("operator", 403), ("linzi", 403), ("stranger", 404)):
        assert (await people.get(who, path)).status_code == status, who
    setup = (await people.get("officer", path)).json()
    assert setup["branch"] == f"anlan/v1/{people.own.adcode}/{people.own.code}/{plant.gateway.code}"
    assert setup["host"] == "test"
    assert setup["address"] == f"mqtt://{plant.gateway.code}@test:1883/{setup['branch']}"
    assert ': "${ANLAN_SECRET:?}"' in setup["script"]
    assert "<ANLAN_SECRET>" in setup["config"]


async def test_an_administrator_lets_a_gateway_in_and_its_secret_is_told_once(people: People, door: FakeDoor) -> None:
    body = {"enterpriseId": str(people.own.id), "code": "gw-new", "name": "罐区二期"}
    for who in ("operator", "officer", "linzi", "city"):
        assert (await people.post(who, PATH, body)).status_code == 403, who
    answer = await people.post("admin", PATH, body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    secret = made["secret"]
    assert made["brokerTold"] is True
    assert "gw-new" in door.told[-1]
    assert secret in made["setup"]["script"]
    assert f"--pw {secret}" in made["setup"]["config"]
    assert secret in made["setup"]["address"]
    row = await Gateway.get(code="gw-new")
    assert secret not in (row.secret_bcrypt, row.secret_pbkdf2)
    assert secret not in (await people.get("admin", f"{PATH}/{row.id}/setup")).text
    audited = await AuditRow.get(verb="gateway.entered", object_id=str(row.id))
    assert audited.person_name == people.persons["admin"].name
    assert secret not in str(audited.detail)
    assert (await people.post("admin", PATH, body)).status_code == 422
    assert (await people.post("admin", PATH, {**body, "enterpriseId": str(uuid4()), "code": "x"})).status_code == 404
    assert (await people.post("admin", PATH, {**body, "code": "no/slash"})).status_code == 422


async def test_a_broker_that_is_anothers_is_not_said_to_know(people: People) -> None:
    body = {"enterpriseId": str(people.own.id), "code": "gw-new"}
    assert (await people.post("admin", PATH, body)).json()["brokerTold"] is False


async def test_the_safety_officer_renews_the_secret_of_an_own_gateway(people: People, door: FakeDoor) -> None:
    plant = await Plant.build(people.own)
    path, before = f"{PATH}/{plant.gateway.id}/rotate", plant.gateway.secret_bcrypt
    for who, status in (("operator", 403), ("head", 403), ("linzi", 403), ("city", 403), ("stranger", 404)):
        assert (await people.post(who, path, REASON)).status_code == status, who
    assert (await people.post("officer", path, {"reason": " "})).status_code == 422
    answer = await people.post("officer", path, REASON)
    assert answer.status_code == 200, answer.text
    row = await Gateway.get(id=plant.gateway.id)
    assert row.secret_bcrypt != before
    assert answer.json()["secret"] in answer.json()["setup"]["script"]
    assert [login.bcrypt_hash for login in await gateway_logins() if login.code == row.code] == [row.secret_bcrypt]
    audited = await AuditRow.get(verb="gateway.secret_renewed", object_id=str(row.id))
    assert (audited.reason, audited.person_name) == (REASON["reason"], people.persons["officer"].name)
    assert len(door.told) == 1


async def test_a_retired_gateway_is_shut_out_and_may_come_back(people: People, door: FakeDoor) -> None:
    plant = await Plant.build(people.own)
    path = f"{PATH}/{plant.gateway.id}"
    for who in ("officer", "linzi", "city"):
        assert (await people.post(who, f"{path}/retire", REASON)).status_code == 403, who
    answer = await people.post("admin", f"{path}/retire", REASON)
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert plant.gateway.code not in door.told[-1]
    assert (await people.get("officer", path)).status_code == 404
    assert (await people.get("city", PATH, retired=True)).json()["items"] == []
    assert [row["id"] for row in (await people.get("admin", PATH, retired=True)).json()["items"]] == [plant.gateway.id]
    assert (await people.get("admin", PATH)).json()["items"] == []
    assert (await people.post("admin", f"{path}/retire", REASON)).status_code == 200
    assert await AuditRow.filter(verb="gateway.shut_out").count() == 1, "saying it twice shuts it out once"
    assert (await people.post("admin", f"{path}/restore", REASON)).json()["active"] is True
    assert plant.gateway.code in door.told[-1]


async def frames_behind(plant: Plant, *seconds: float) -> None:
    """Frames of the last moments that came so many seconds after their own time."""
    now = clock.now()
    con = get_connection("default")
    for i, behind in enumerate(seconds):
        came = now - timedelta(seconds=30 - i)
        t = came - timedelta(seconds=behind)
        await con.execute_query("select ensure_frame_day($1)", [t.date()])
        await con.execute_query(
            "insert into frame (gateway_id, t, layout_id, n, received_at, v) values ($1, $2, $3, $4, $5, $6)",
            [plant.gateway.id, t, plant.layout.id, i + 1, came, [1.0, None, 0.0, 0.0]],
        )


@pytest.mark.parametrize(
    ("seconds", "behind", "wrong"),
    [((0.2, 0.3, 1.9), 0.2, False), ((12.4, 15.0, 30.0), 12.4, True), ((-8.0, -7.5), -8.0, True)],
)
async def test_the_clock_is_told_by_the_frame_that_was_quickest(
    people: People, seconds: tuple[float, ...], behind: float, wrong: bool
) -> None:
    plant = await Plant.build(people.own)
    await frames_behind(plant, *seconds)
    told = (await people.get("linzi", f"{PATH}/{plant.gateway.id}")).json()["clock"]
    assert (told["behindS"], told["isWrong"]) == (behind, wrong)


async def test_old_frames_say_nothing_about_the_clock(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send(clock.now() - timedelta(hours=1), [1.0, 2.0, 0.0, 0.0])
    row = (await people.get("linzi", f"{PATH}/{plant.gateway.id}")).json()
    assert row["clock"] is None
    assert row["frames"][0]["values"] == 4


async def test_the_page_shows_frames_events_and_refusals_with_their_reasons(people: People) -> None:
    plant = await Plant.build(people.own)
    now = clock.now()
    await frames_behind(plant, 0.1, 0.1)
    await GatewayEvent.create(gateway_id=plant.gateway.id, kind="lost", at=now, detail="silent for 181 s")
    for i, reason in enumerate(("unknown_tag", "unknown_tag", "future_time")):
        await Reject.create(
            gateway_id=plant.gateway.id, topic="anlan/v1/x", reason=reason, detail="LT-999", payload=b"\xff{",
            received_at=now - timedelta(minutes=i),
        )  # fmt: skip
    shown = (await people.get("operator", f"{PATH}/{plant.gateway.id}")).json()
    assert [(frame["n"], frame["points"], frame["values"]) for frame in shown["frames"]] == [(2, 4, 3), (1, 4, 3)]
    assert shown["events"][0]["detail"] == "silent for 181 s"
    assert [(row["reason"], row["count"]) for row in shown["rejects"]] == [("unknown_tag", 2), ("future_time", 1)]
    page = (await people.get("operator", f"{PATH}/{plant.gateway.id}/rejects", limit=2)).json()
    assert [row["reason"] for row in page["items"]] == ["unknown_tag", "unknown_tag"]
    assert page["items"][0]["payload"] == "�{"
    rest = (await people.get("operator", f"{PATH}/{plant.gateway.id}/rejects", after=page["next"])).json()
    assert ([row["reason"] for row in rest["items"]], rest["next"]) == (["future_time"], None)


async def test_points_are_listed_and_counted_by_state(people: People) -> None:
    plant = await Plant.build(people.own)
    await Plant.build(people.neighbour)
    await plant.send(clock.now(), [50.0, 9.0, 0.0, None])
    await PointFreeze.create(point_id=plant.level.id, since=clock.now() - timedelta(days=3), found_at=clock.now())
    listed = (await people.get("operator", "/points")).json()["items"]
    assert {row["tag"]: (row["condition"], row["state"]) for row in listed} == {
        "LT-101": ("frozen", "bad"),
        "PT-101": ("out_of_range", "bad"),
        "GT-2107": ("live", "good"),
        "GT-2109": ("bad", "missing"),
    }
    frozen = (await people.get("operator", "/points", condition="frozen")).json()["items"]
    assert [row["tag"] for row in frozen] == ["LT-101"]
    for who, seen in (("operator", 4), ("linzi", 4), ("stranger", 4), ("city", 8), ("admin", 8)):
        counts = (await people.get(who, "/points/states")).json()
        assert sum(counts["all"].values()) == seen, who
    city = (await people.get("city", "/points/states")).json()
    assert [(row["enterpriseId"], row["counts"]["live"]) for row in city["enterprises"]] == [
        (str(people.neighbour.id), 0),
        (str(people.own.id), 1),
    ]
    assert city["enterprises"][0]["counts"]["neverSeen"] == 4
    own = (await people.get("city", "/points/states", adcode="370305")).json()
    assert own["all"]["frozen"] == 1
    assert (await people.get("linzi", "/points/states", enterpriseId=str(people.neighbour.id))).json()[
        "enterprises"
    ] == []
