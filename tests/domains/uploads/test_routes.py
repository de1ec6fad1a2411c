"""Frames over HTTP: who may send, what is kept, and how wrong secrets are slowed down. Nobody stores them here."""

from __future__ import annotations

import base64

import pytest
from redis.asyncio import Redis

from backend.domains.monitoring.service import make_gateway, set_gateway_active
from backend.domains.uploads.inbox import Closed
from backend.domains.uploads.models import Upload
from backend.domains.uploads.service import FAILURES, MOST_BYTES, MOST_OPEN
from backend.kit import clock

pytestmark = pytest.mark.anyio

CODE, OTHER = "370305001-G1", "370321001-G1"
PATH = f"/api/v1/gateways/{CODE}/frames"
FRAME = {"t": 1_700_000_000_000, "p": {"LI-1": 12.5}}
AT_ONCE = {"prefer": "respond-async"}


@pytest.fixture
async def made(people, services):
    redis = Redis.from_url(services.redis_url)
    await redis.delete("gateway-failures:127.0.0.1")
    own = await make_gateway(people.own.id, CODE, clock.now(), by=None)
    other = await make_gateway(people.neighbour.id, OTHER, clock.now(), by=None)
    yield {CODE: own.secret, OTHER: other.secret}
    await redis.delete("gateway-failures:127.0.0.1")
    await redis.aclose()


def basic(code, secret):
    return {"authorization": "Basic " + base64.b64encode(f"{code}:{secret}".encode()).decode()}


async def test_nobody_gets_in(client, made):
    answer = await client.post(PATH, json=FRAME)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:anlan:not-signed-in")
    assert await Upload.all().count() == 0


@pytest.mark.parametrize("who", ["operator", "linzi", "huantai", "admin"])
async def test_people_do_not_send_frames(people, made, who):
    answer = await people.client.post(PATH, json=FRAME, headers=await people.sign_in(who))
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:anlan:not-allowed")


async def test_another_enterprises_gateway_may_not_send_in_its_name(client, made):
    answer = await client.post(PATH, json=FRAME, headers=basic(OTHER, made[OTHER]))
    assert answer.status_code == 403
    assert "its own frames only" in answer.json()["detail"]


async def test_a_batch_is_kept_and_nothing_more_is_promised(client, made):
    answer = await client.post(PATH, json=[FRAME], headers=basic(CODE, made[CODE]) | AT_ONCE)
    assert answer.status_code == 202
    kept = await Upload.get()
    assert answer.json() == {"id": kept.id, "done": False, "stored": 0, "known": 0, "refused": []}
    assert b'"LI-1"' in kept.payload


async def test_the_answer_tells_what_became_of_it(client, made):
    headers = basic(CODE, made[CODE])
    sent = (await client.post(PATH, json=[FRAME], headers=headers | AT_ONCE)).json()
    closed = Closed(sent["id"], 3, 1, [("unknown_tag", "LI-9")])
    await Upload.filter(id=closed.id).update(
        done_at=clock.now(), stored=closed.stored, known=closed.known, refused=closed.refused
    )
    answer = await client.get(f"{PATH}/{sent['id']}", headers=headers)
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "id": sent["id"],
            "done": True,
            "stored": 3,
            "known": 1,
            "refused": [{"reason": "unknown_tag", "detail": "LI-9"}],
        },
    )


async def test_another_gateways_batch_is_not_there(client, made):
    sent = (await client.post(PATH, json=[FRAME], headers=basic(CODE, made[CODE]) | AT_ONCE)).json()
    answer = await client.get(f"/api/v1/gateways/{OTHER}/frames/{sent['id']}", headers=basic(OTHER, made[OTHER]))
    assert answer.status_code == 404
    assert (await client.get(f"{PATH}/{2**70}", headers=basic(CODE, made[CODE]))).status_code == 404


async def test_a_gateway_that_was_shut_out_may_not_send(client, made):
    await set_gateway_active(CODE, False, clock.now(), by=None, reason="stolen")
    assert (await client.post(PATH, json=FRAME, headers=basic(CODE, made[CODE]))).status_code == 401


@pytest.mark.parametrize(
    "authorization", ["Basic", "Basic !!!", "Basic AAAA", "Basic " + "x" * 5000, "basic OjpAAA==", "Basic w6Q6w6Q="]
)
async def test_credentials_of_no_form(client, made, authorization):
    assert (await client.post(PATH, json=FRAME, headers={"authorization": authorization})).status_code == 401


async def test_wrong_secrets_are_slowed_down(client, made):
    for _ in range(FAILURES):
        assert (await client.post(PATH, json=FRAME, headers=basic(CODE, "wrong"))).status_code == 401
    answer = await client.post(PATH, json=FRAME, headers=basic(CODE, "wrong"))
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:anlan:too-many-requests")


async def test_too_large(client, made):
    answer = await client.post(PATH, content=b" " * (MOST_BYTES + 1), headers=basic(CODE, made[CODE]))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_what_piles_up_is_sent_back(client, made):
    headers = basic(CODE, made[CODE]) | AT_ONCE
    for _ in range(MOST_OPEN):
        assert (await client.post(PATH, json=FRAME, headers=headers)).status_code == 202
    assert (await client.post(PATH, json=FRAME, headers=headers)).status_code == 503
