"""Bad input into the store: it is refused with its reason, and what stands beside it is stored."""

from __future__ import annotations

import pytest

from backend.ingest.sorting import MOST_WAITING, Message
from tests.ingest.plant import NOW, REGION
from tests.ingest.reading import frames, reasons, rows

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"t": 17', "malformed"),
        (b"\xff\x00nonsense", "malformed"),
        ({"t": "noon", "v": [1, 2, 3]}, "malformed"),
        ({"t": 0}, "bad_time"),
        ({"t": 1_000, "layout": 1, "v": [1, 2, 3]}, "bad_time"),
        ({"t": -5, "layout": 1, "v": [1, 2, 3]}, "bad_time"),
        ({"t": 10**30, "layout": 1, "v": [1, 2, 3]}, "future_time"),
        ({"t": round(NOW.timestamp() * 1000) + 60_001, "layout": 1, "v": [1, 2, 3]}, "future_time"),
        ({"t": round(NOW.timestamp() * 1000), "layout": 1, "v": [1, 2]}, "wrong_length"),
        ({"t": round(NOW.timestamp() * 1000), "layout": 1, "v": [1, 2, 3], "q": [0]}, "wrong_length"),
        ({"t": round(NOW.timestamp() * 1000), "p": {"Z": 1}}, "unknown_tag"),
        ({"t": round(NOW.timestamp() * 1000), "p": {}}, "malformed"),
        ({"t": round(NOW.timestamp() * 1000)}, "malformed"),
        (b"[" + b" " * 10_000_000 + b"]", "too_large"),
    ],
)
async def test_it_is_refused_with_its_reason_and_its_neighbours_are_stored(store, con, wire, payload, reason):
    stored = await store.take(
        [wire.birth("G1", "A", "B", "C"), wire.send("G1", "frame", payload), wire.frame("G1", 1, 2, 3)]
    )
    assert (stored.frames, stored.refusals) == (1, 1)
    assert await frames(con) == [(1, [1, 2, 3], None, None, False)]
    assert await rows(con, "reject", "gateway_id", "reason") == [(1, reason)]
    ((kept,),) = await rows(con, "reject", "payload")
    assert len(kept) <= 1024


@pytest.mark.parametrize("layout", [9, -1])
async def test_a_frame_without_its_birth_waits_and_is_then_refused(store, con, wire, clock, layout):
    lonely = wire.frame("G1", 1, 2, 3, layout=layout)
    stored = await store.take([wire.birth("G1", "A", "B", "C"), lonely])
    assert (stored.frames, stored.refusals, stored.waiting) == (0, 0, [lonely])
    clock.move(5)
    stored = await store.take(stored.waiting)
    assert (stored.refusals, stored.waiting, stored.births_missing) == (1, [], True)
    assert await reasons(con) == ["unknown_layout"]


async def test_a_frame_ahead_of_its_birth_is_stored_once_the_birth_is_there(store, con, wire):
    early = wire.frame("G1", 1, 2, 3)
    waiting = (await store.take([early])).waiting
    waiting = (await store.take([*waiting, wire.birth("G1", "A", "B", "C")])).waiting
    stored = await store.take(waiting)
    assert (stored.frames, stored.waiting) == (1, [])
    assert await frames(con) == [(1, [1, 2, 3], None, None, False)]
    assert await reasons(con) == []


async def test_not_more_may_wait_than_a_broker_leaves_open(store, wire, clock):
    early = [wire.frame("G1", 1, 2, 3, t=clock.ms - n) for n in range(MOST_WAITING + 3)]
    stored = await store.take(early)
    assert (len(stored.waiting), stored.refusals) == (MOST_WAITING, 3)


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"1e400", b"-1e400", b"1e39", b'"12"', b"true"])
async def test_a_value_that_is_no_number_is_missing_and_named(store, con, wire, clock, value):
    payload = b'{"t": %d, "layout": 1, "v": [1, %b, 3]}' % (clock.ms, value)
    await store.take([wire.birth("G1", "A", "B", "C"), wire.send("G1", "frame", payload)])
    assert await frames(con) == [(1, [1, None, 3], None, None, False)]
    assert await rows(con, "reject", "reason", "detail") == [("not_finite", "B is no finite number")]


async def test_an_unknown_quality_counts_as_bad_and_is_named(store, con, wire):
    await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 95, 3, q=[0, 192, 0])])
    assert await frames(con) == [(1, [1, 95, 3], [0, 8, 0], None, False)]
    assert await rows(con, "reject", "reason", "detail") == [("bad_quality", "B: no quality 192")]
    assert await rows(con, "alarm", "id") == []


async def test_unknown_tags_in_a_birth_keep_their_place_and_are_named(store, con, wire, clock, plant):
    await store.take([wire.birth("G1", "A", "Z", "B"), wire.frame("G1", 1, 55, 95)])
    assert await frames(con) == [(1, [1, 55, 95], None, None, False)]
    assert await rows(con, "reject", "reason", "detail") == [("unknown_tag", "Z")]
    assert await rows(con, "alarm", "point_id") == [(plant.points["B"],)]
    # Once the point exists, its history becomes readable and it is judged.
    await plant.point("G1", "Z", h=60)
    await store.follow_configuration()
    clock.move(1)
    await store.take([wire.frame("G1", 1, 65, 50)])
    assert await rows(con, "layout", "point_ids") == [([1, 4, 2],)]
    assert (plant.points["Z"],) in await rows(con, "alarm", "point_id")


async def test_unknown_names_beside_known_ones(store, con, wire, clock):
    await store.take([wire.send("G1", "frame", {"t": clock.ms, "p": {"A": 1, "Y": 2, "Z": 3}})])
    assert await frames(con) == [(1, [1, None, None], None, None, False)]
    assert await rows(con, "reject", "reason", "detail") == [("unknown_tag", "Y"), ("unknown_tag", "Z")]


async def test_strangers_and_foreign_branches(store, con, wire, plant):
    await plant.gateway("G2", "X")
    await store.follow_configuration()
    await store.take(
        [
            wire.birth("G1", "A", "B", "C"),
            wire.frame("nobody", 1),
            wire.send("G2", "frame", {"t": 1}, enterprise="E-002"),
            Message(f"anlan/v1/{REGION}/E-001/G1/cmd", b"{}", False, wire.clock.ms),
            Message("elsewhere/x", b"{}", False, wire.clock.ms),
            wire.frame("G1", 1, 2, 3),
        ]
    )
    assert await rows(con, "reject", "gateway_id", "reason") == [
        (None, "unknown_gateway"),
        (2, "foreign_topic"),
        (None, "foreign_topic"),
        (None, "foreign_topic"),
    ]
    assert len(await frames(con)) == 1


async def test_a_retired_gateway_is_unknown(store, con, wire):
    await con.execute("update gateway set active = false, updated_at = updated_at + interval '1 s'")
    await store.follow_configuration()
    await store.take([wire.birth("G1", "A")])
    assert await reasons(con) == ["unknown_gateway"]


async def test_what_the_database_refuses_takes_no_neighbour_along(store, con, wire, clock):
    poison = wire.send("G1", "event", {"t": clock.ms, "id": "e", "type": "x", "detail": {"text": "\0"}})
    batch = [wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 2, 3), poison]
    clock.move(1)
    stored = await store.take([*batch, wire.frame("G1", 95, 2, 3)])
    assert stored.frames == 2
    assert len(await frames(con)) == 2
    assert await reasons(con) == ["not_storable"]
    assert len(stored.episodes.rings) == len(await rows(con, "alarm", "id")) == 1


async def test_refusals_of_a_gateway_are_bounded(store, con, wire):
    store.allowance._per_hour = 5
    stored = await store.take([wire.send("G1", "frame", b"{") for _ in range(20)])
    assert stored.refusals == 20
    assert len(await reasons(con)) == 5
    assert store.allowance.dropped == 15
