"""Batches over HTTP in the stream: closed in the transaction that stores their frames, or not at all."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from backend.ingest.inbox import Inbox
from backend.ingest.store import StoreLost
from tests.ingest.plant import REGION
from tests.ingest.reading import frames, rows

pytestmark = pytest.mark.anyio


@pytest.fixture
def inbox(store):
    return Inbox(store.con, asyncio.Event())


async def send(con, plant, clock, *frames):
    return await con.fetchval(
        "insert into upload (gateway_id, received_at, payload, stored, known, refused) values ($1, $2, $3, 0, 0, '[]')"
        " returning id",
        plant.gateways["G1"],
        clock(),
        msgspec.json.encode(list(frames)),
    )


async def outcome(con):
    found = await rows(con, "upload", "payload is null", "done_at is not null", "stored", "known", "refused")
    return [(*told, msgspec.json.decode(refused)) for *told, refused in found]


async def test_it_is_judged_like_any_frame_and_closed_with_it(store, con, plant, clock, inbox):
    await send(con, plant, clock, {"t": clock.ms, "p": {"A": 95, "Z": 1}}, {"t": 5, "p": {"A": 1}})
    stored = await store.take(await inbox.take(store))
    assert (stored.frames, stored.refusals, len(stored.episodes.rings)) == (1, 2, 1)
    ((*told, refused),) = await outcome(con)
    assert told == [True, True, 1, 0]
    assert [reason for reason, _ in refused] == ["unknown_tag", "bad_time"]


async def test_nothing_is_closed_when_nothing_is_committed(store, con, plant, clock, inbox):
    await send(con, plant, clock, {"t": clock.ms, "p": {"A": 1}})
    await con.execute("update ingest_owner set token = token + 1 where region = $1", REGION)
    with pytest.raises(StoreLost):
        await store.take(await inbox.take(store))
    assert (await outcome(con), await frames(con)) == ([(False, False, 0, 0, [])], [])


async def test_the_same_again_is_known(store, con, plant, clock, inbox):
    for _ in range(2):
        await send(con, plant, clock, {"t": clock.ms, "p": {"A": 1}}, {"t": clock.ms - 1, "p": {"A": 1}})
        inbox._told()
        await store.take(await inbox.take(store))
    assert [told[2:4] for told in await outcome(con)] == [(2, 0), (0, 2)]


async def test_one_that_waits_for_a_birth_is_taken_once_and_closed_later(store, con, wire, plant, clock, inbox):
    await send(con, plant, clock, {"t": clock.ms, "layout": 1, "v": [1, 2, 3]})
    waiting = (await store.take(await inbox.take(store))).waiting
    inbox._told()
    assert (len(waiting), await inbox.take(store)) == (1, [])
    assert (await outcome(con))[0][1] is False
    await store.take([wire.birth("G1", "A", "B", "C"), *waiting])
    assert (await outcome(con))[0][:3] == (True, True, 1)


async def test_what_the_database_refuses_is_closed_with_its_reason(store, con, plant, clock, inbox):
    await con.execute(
        "insert into upload (gateway_id, received_at, payload, stored, known, refused) values ($1, $2, $3, 0, 0, '[]')",
        plant.gateways["G1"],
        clock(),
        b"\xc1",
    )
    await store.take(await inbox.take(store))
    assert [told[-1][0][0] for told in await outcome(con)] == ["malformed"]


async def test_only_those_of_our_regions_are_taken(store, con, plant, clock, inbox):
    await send(con, plant, clock, {"t": clock.ms, "p": {"A": 1}})
    store.leases.held.pop(REGION)
    assert await inbox.take(store) == []
