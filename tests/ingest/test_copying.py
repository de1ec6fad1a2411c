"""A large batch is handed over in one piece: what is stored is what row by row would store."""

from __future__ import annotations

import pytest

from backend.ingest.copying import WORTH_IT
from tests.ingest.reading import frames, rows

pytestmark = pytest.mark.anyio

ODD = [
    {"v": [1.5, None, -0.25]},
    {"v": [None, None, None], "n": 2**62},
    {"v": [1e-38, 99.99, 3], "q": [0, 10, 2], "n": 0},
    {"v": [0, 0, 0], "q": [0, 0, 0]},
    {"v": [4, 5, None], "q": [11, 0, 4]},
]


def batch(wire, clock, count):
    now = clock.ms
    return [
        wire.send("G1", "frame", {"t": now - 70_000 * (n % 2) - n, "layout": 1, **ODD[n % len(ODD)]})
        for n in range(count)
    ]


async def whole(con):
    return await rows(con, "frame", "gateway_id", "t", "layout_id", "n", "received_at", "late", "v", "q", order="t")


async def test_in_one_piece_as_one_by_one(store, con, wire, clock):
    birth, sent = wire.birth("G1", "A", "B", "C"), batch(wire, clock, 2 * WORTH_IT)
    stored = await store.take([birth, *sent])
    assert (stored.frames, stored.refusals) == (2 * WORTH_IT, 0)
    in_one_piece = await whole(con)
    await con.execute("truncate frame")
    for message in sent:
        await store.take([message])
    assert await whole(con) == in_one_piece


async def test_what_is_there_already_is_not_new(store, con, wire, clock):
    sent = batch(wire, clock, WORTH_IT)
    await store.take([wire.birth("G1", "A", "B", "C"), *sent])
    clock.move(1)
    more = batch(wire, clock, 3)
    assert (await store.take([*sent, *more])).frames == 3
    assert len(await frames(con)) == WORTH_IT + 3


async def test_two_batches_of_one_session_do_not_mix(store, con, wire, clock):
    await store.take([wire.birth("G1", "A", "B", "C"), *batch(wire, clock, WORTH_IT)])
    clock.move(500)
    assert (await store.take(batch(wire, clock, WORTH_IT))).frames == WORTH_IT
    assert await con.fetchval("select count(*) from frame") == 2 * WORTH_IT
