"""Verified on site, approved, in force; withdrawn and rejected are ends."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.transactions import in_transaction

from backend.domains.monitoring.models import LimitSet
from backend.domains.monitoring.queries import limits_in_force
from backend.domains.passports.models import LimitProposal
from backend.kit import audit, clock
from backend.kit.models import AuditRow
from tests.domains.monitoring.plant import Plant
from tests.domains.passports.proposals import SIGNATURE, competing, photo, propose, signed, verified
from tests.people import People

pytestmark = pytest.mark.anyio
PATH = "/limit-proposals"


async def test_nobody_takes_a_step(people: People) -> None:
    made = await propose(people, await Plant.build(people.own))
    for step in ("verify", "approve", "reject", "withdraw"):
        assert (await people.client.post(f"/api/v1{PATH}/{made['id']}/{step}", json={})).status_code == 401


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 403), ("linzi", 403), ("city", 403), ("admin", 403), ("stranger", 403), ("far", 404), ("expert", 200)],
)
async def test_who_may_verify(people: People, who: str, status: int) -> None:
    plant = await Plant.build(people.own)
    made = await propose(people, plant)
    body = signed(await photo(people, plant))
    answer = await people.post(who, f"{PATH}/{made['id']}/verify", body)
    assert answer.status_code == status, answer.text


async def test_a_verification_keeps_place_basis_photos_and_signature(people: People) -> None:
    plant = await Plant.build(people.own)
    await people.own.update_from_dict({"lon": 118.305, "lat": 36.813}).save()
    made = await verified(people, plant)
    proposed, step = made["steps"]
    assert (made["state"], made["verifiedByName"], step["personName"]) == ("verified", "expert·人", "expert·人")
    assert (step["basis"], step["signature"], step["lon"], step["accuracyM"]) == (
        "设计文件 SD-101",
        SIGNATURE,
        118.305,
        4,
    )
    assert (len(step["photoIds"]), step["distanceM"]) == (1, 111)
    assert proposed["basis"] == ""
    row = await AuditRow.get(verb="limit_proposal.verified", object_id=made["id"])
    assert (row.person_name, row.detail["photos"]) == ("expert·人", step["photoIds"])


async def test_signed_twice_by_the_same_hand_is_one_signature(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await propose(people, plant)
    body = signed(await photo(people, plant))
    first = await people.post("expert", f"{PATH}/{made['id']}/verify", body)
    again = await people.post("expert", f"{PATH}/{made['id']}/verify", body)
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    other = await people.post("expert", f"{PATH}/{made['id']}/verify", {**body, "signature": "M1 1h.1"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:anlan:already-decided")
    assert "expert" in other.json()["detail"]


async def test_what_lacks_its_proof_is_not_verified(people: People) -> None:
    plant, neighbour = await Plant.build(people.own), await Plant.build(people.neighbour)
    made = await propose(people, plant)
    good = await photo(people, plant)
    foreign, others = await photo(people, neighbour, "far"), await photo(people, plant, "officer")
    later = (clock.now() + timedelta(hours=1)).isoformat()
    bodies = [
        signed(),
        signed(str(uuid4())),
        signed(foreign),
        signed(others),
        signed(good, basis=" "),
        signed(good, signature=""),
        signed(good, signedAt=later),
        signed(good, lat=95),
        {**signed(good), "lon": None},
    ]
    for body in bodies:
        answer = await people.post("expert", f"{PATH}/{made['id']}/verify", body)
        assert answer.status_code in (400, 422), answer.text
    assert (await people.get("expert", f"{PATH}/{made['id']}")).json()["state"] == "proposed"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 403),
        ("expert", 403),
        ("admin", 403),
        ("stranger", 403),
        ("huantai", 404),
        ("linzi", 200),
        ("city", 200),
    ],
)
async def test_who_may_approve(people: People, who: str, status: int) -> None:
    made = await verified(people, await Plant.build(people.own))
    answer = await people.post(who, f"{PATH}/{made['id']}/approve", {})
    assert answer.status_code == status, answer.text


async def test_approval_brings_all_limits_into_force_with_their_audit_rows(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await verified(people, plant)
    answer = (await people.post("linzi", f"{PATH}/{made['id']}/approve", {"note": "同意"})).json()
    assert (answer["state"], answer["steps"][-1]["reason"], answer["mayReject"]) == ("approved", "同意", False)
    now = clock.now()
    force = await limits_in_force([plant.level.id, plant.pressure.id], now)
    level, pressure = force[plant.level.id], force[plant.pressure.id]
    assert (level.version, level.limit_h, level.limit_hh, level.deadband) == (2, 82, 88, 5)
    assert (pressure.version, pressure.limit_h, pressure.deadband) == (1, 1.5, 0.1)
    assert (level.author_name, level.reason, level.basis) == ("officer·人", made["reason"], "设计文件 SD-101")
    assert (str(level.proposal_id), level.effective_from) == (made["id"], pressure.effective_from)
    rows = await AuditRow.filter(verb="limits.set", object_id=str(plant.level.id))
    (row,) = [each for each in rows if each.detail.get("proposal") == made["id"]]
    assert (row.person_name, row.detail["version"], row.detail["before"]["hh"]) == ("linzi·人", 2, 90)
    assert await audit.first_broken() is None
    version = (await people.get("operator", f"/points/{plant.level.id}/limits")).json()["items"][0]
    assert (version["version"], version["proposalId"]) == (2, made["id"])


async def test_nobody_approves_what_they_proposed_or_verified(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await verified(people, plant, "linzi")
    assert not (await people.get("linzi", f"{PATH}/{made['id']}")).json()["mayApprove"]
    own = await people.post("linzi", f"{PATH}/{made['id']}/approve", {})
    assert (own.status_code, "their own" in own.json()["detail"]) == (403, True)
    assert (await people.post("city", f"{PATH}/{made['id']}/approve", {})).status_code == 200


async def test_an_unverified_proposal_is_not_approved(people: People) -> None:
    made = await propose(people, await Plant.build(people.own))
    answer = await people.post("linzi", f"{PATH}/{made['id']}/approve", {})
    assert (answer.status_code, answer.json()["state"]) == (409, "proposed")


async def test_limits_wait_for_their_time(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await verified(people, plant)
    start = clock.now() + timedelta(hours=24)
    answer = await people.post("linzi", f"{PATH}/{made['id']}/approve", {"effectiveFrom": start.isoformat()})
    assert answer.status_code == 200, answer.text
    ids = [plant.level.id]
    assert (await limits_in_force(ids, clock.now()))[plant.level.id].version == 1
    assert (await limits_in_force(ids, start))[plant.level.id].version == 2


@pytest.mark.parametrize("hours", [-1, 24 * 91])
async def test_limits_are_not_backdated_nor_set_for_next_year(people: People, hours: int) -> None:
    plant = await Plant.build(people.own)
    made = await verified(people, plant)
    start = clock.now() + timedelta(hours=hours)
    answer = await people.post("linzi", f"{PATH}/{made['id']}/approve", {"effectiveFrom": start.isoformat()})
    assert answer.status_code == 422
    assert await LimitSet.filter(point_id=plant.level.id).count() == 1


async def test_a_point_that_changed_meanwhile_is_a_conflict_that_shows_the_newer_version(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await verified(people, plant)
    await competing(plant)
    answer = await people.post("linzi", f"{PATH}/{made['id']}/approve", {})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:anlan:limits-changed")
    assert answer.json()["conflicts"][0]["inForce"] == 2
    shown = (await people.get("linzi", f"{PATH}/{made['id']}")).json()
    assert (shown["state"], shown["lines"][0]["newer"]["hh"], shown["lines"][1]["newer"]) == ("verified", 85, None)
    assert not await LimitSet.filter(point_id=plant.pressure.id).exists()


async def test_withdrawing_is_the_proposers_and_an_end(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await propose(people, plant)
    body = {"reason": "仪表要换"}
    assert (await people.post("linzi", f"{PATH}/{made['id']}/withdraw", body)).status_code == 403
    assert (await people.post("stranger", f"{PATH}/{made['id']}/withdraw", body)).status_code == 404
    done = await people.post("officer", f"{PATH}/{made['id']}/withdraw", body)
    assert (done.status_code, done.json()["state"], done.json()["steps"][-1]["reason"]) == (
        200,
        "withdrawn",
        "仪表要换",
    )
    for who, step, sent in (
        ("officer", "withdraw", body),
        ("linzi", "reject", body),
        ("linzi", "approve", {}),
        ("expert", "verify", signed(await photo(people, plant))),
    ):
        answer = await people.post(who, f"{PATH}/{made['id']}/{step}", sent)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:anlan:already-decided"), step


async def test_rejecting_needs_a_reason_and_is_an_end(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await propose(people, plant)
    assert (await people.post("expert", f"{PATH}/{made['id']}/reject", {"reason": " "})).status_code in (400, 422)
    assert (await people.post("officer", f"{PATH}/{made['id']}/reject", {"reason": "不行"})).status_code == 403
    assert (await people.post("far", f"{PATH}/{made['id']}/reject", {"reason": "不行"})).status_code == 404
    done = await people.post("expert", f"{PATH}/{made['id']}/reject", {"reason": "现场铭牌不符"})
    assert (done.json()["state"], done.json()["steps"][-1]["personName"]) == ("rejected", "expert·人")
    other = await verified(people, plant)
    late = await people.post("expert", f"{PATH}/{other['id']}/reject", {"reason": "现场铭牌不符"})
    assert late.status_code == 409
    assert (await people.post("city", f"{PATH}/{other['id']}/reject", {"reason": "依据不足"})).status_code == 200


@pytest.mark.parametrize(
    "sql",
    [
        "delete from limit_proposal",
        "update limit_proposal set state = 'proposed'",
        "update limit_proposal set reason = 'another'",
        "update limit_proposal set effective_from = now() - interval '1 year'",
        "update limit_proposal_line set limit_h = 1",
        "delete from limit_proposal_line",
        "update limit_proposal_step set person_name = 'nobody'",
        "delete from limit_proposal_step",
        "update photo set lon = 0",
        "delete from photo",
    ],
)
async def test_records_refuse_to_be_changed(people: People, sql: str) -> None:
    made = await verified(people, await Plant.build(people.own))
    await people.post("linzi", f"{PATH}/{made['id']}/approve", {})
    with pytest.raises((OperationalError, IntegrityError), match=r"is a record|only moves forward"):
        async with in_transaction():
            await get_connection("default").execute_query(sql)
    assert (await LimitProposal.get(id=made["id"])).state == "approved"
