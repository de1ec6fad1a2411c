"""Batches into the database: what is stored, what is refused, and that repeating changes nothing."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from backend.domains.monitoring.last_values import read_last_values, write_last_values
from backend.ingest.announcing import last_values_of
from backend.ingest.sorting import Message
from tests.ingest.plant import NOW, REGION

pytestmark = pytest.mark.anyio


async def rows(con, table, *columns, order="id", where="true"):
    found = await con.fetch(f"select {', '.join(columns)} from {table} where {where} order by {order}")
    return [tuple(row) for row in found]


async def frames(con):
    return await rows(con, "frame", "gateway_id", "v", "q", "n", "late", order="gateway_id, t")


async def reasons(con):
    return [reason for (reason,) in await rows(con, "reject", "reason")]


@pytest.fixture
async def store(plant, open_store):
    await plant.gateway("G1", "A", "B", "C", h=80, hh=90, deadband=2)
    return await open_store()


class TestGoodFrames:
    async def test_by_position(self, store, con, wire):
        stored = await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, None, 0, n=7, q=[0, 4, 0])])
        assert stored.frames == 1
        assert await frames(con) == [(1, [1, None, 0], [0, 4, 0], 7, False)]
        assert await rows(con, "layout", "number", "tags", "point_ids") == [(1, ["A", "B", "C"], [1, 2, 3])]
        assert await rows(con, "gateway", "online", "layout", "last_frame_at") == [(True, 1, NOW)]

    async def test_all_good_qualities_are_not_stored(self, store, con, wire):
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 2, 3, q=[0, 0, 0])])
        assert await frames(con) == [(1, [1, 2, 3], None, None, False)]

    async def test_by_name_runs_along_the_current_layout(self, store, con, wire, clock):
        frame = wire.send("G1", "frame", {"t": clock.ms, "p": {"C": 3, "A": 1}})
        await store.take([wire.birth("G1", "A", "B", "C"), frame])
        assert await frames(con) == [(1, [1, None, 3], None, None, False)]

    async def test_by_name_without_a_birth_gets_a_layout_of_all_points(self, store, con, wire, clock):
        await store.take([wire.send("G1", "frame", {"t": clock.ms, "p": {"B": 2}})])
        assert await frames(con) == [(1, [None, 2, None], None, None, False)]
        assert await rows(con, "layout", "number", "tags") == [(-1, ["A", "B", "C"])]

    async def test_by_name_with_a_point_that_the_birth_left_out(self, store, con, wire, clock):
        await store.take([wire.birth("G1", "A"), wire.send("G1", "frame", {"t": clock.ms, "p": {"A": 1, "C": 3}})])
        assert await frames(con) == [(1, [1, None, 3], None, None, False)]

    async def test_a_list_in_messagepack(self, store, con, wire, clock):
        both = [{"t": clock.ms - 1000 * back, "layout": 1, "v": [back, 0, 0]} for back in (1, 0)]
        await store.take([wire.birth("G1", "A", "B", "C"), wire.send("G1", "frame", msgspec.msgpack.encode(both))])
        assert [v for _, v, *_ in await frames(con)] == [[1, 0, 0], [0, 0, 0]]

    async def test_out_of_range_is_marked(self, store, con, wire):
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 103.5, -20, 50)])
        assert await frames(con) == [(1, [103.5, -20, 50], [3, 3, 0], None, False)]

    async def test_a_day_nobody_sent_for_gets_its_partition(self, store, con, wire, clock):
        old = clock.ms - 40 * 86_400_000
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 2, 3, t=old)])
        assert await frames(con) == [(1, [1, 2, 3], None, None, True)]

    async def test_a_new_layout_under_an_old_number(self, store, con, wire, clock):
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 2, 3)])
        clock.move(1)
        await store.take([wire.birth("G1", "B", "A"), wire.frame("G1", 2, 1)])
        assert await rows(con, "frame", "layout_id", "v", order="t") == [(1, [1, 2, 3]), (2, [2, 1])]

    async def test_births_that_say_nothing_new_leave_no_trace(self, store, con, wire, open_store):
        await store.take([wire.birth("G1", "A", "B", "C")])
        await store.take([wire.birth("G1", "A", "B", "C")])
        await (await open_store()).take([wire.birth("G1", "A", "B", "C")])
        assert len(await rows(con, "layout", "id")) == 1
        assert await rows(con, "gateway_event", "kind") == [("birth",)]

    async def test_a_retained_birth_that_is_taken_back_stays_told(self, store, con, wire):
        taken_back = [wire.send("G1", "birth", b""), wire.send("G1", "state", b"")]
        stored = await store.take([wire.birth("G1", "A", "B", "C"), *taken_back, wire.frame("G1", 1, 2, 3)])
        assert (stored.frames, stored.refusals) == (1, 0)

    async def test_events_of_the_edge_are_kept_once(self, store, con, wire, clock):
        event = wire.send(
            "G1", "event", {"t": clock.ms, "id": "e1", "type": "loading.earth_lost", "bay": "B2", "on": True}
        )
        await store.take([event])
        await store.take([event])
        assert await rows(con, "edge_event", "event_id", "kind", "bay", "is_on") == [
            ("e1", "loading.earth_lost", "B2", True)
        ]


class TestBadInput:
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
            ({"t": round(NOW.timestamp() * 1000), "layout": 9, "v": [1, 2, 3]}, "unknown_layout"),
            ({"t": round(NOW.timestamp() * 1000), "layout": -1, "v": [1, 2, 3]}, "unknown_layout"),
            ({"t": round(NOW.timestamp() * 1000), "layout": 1, "v": [1, 2]}, "wrong_length"),
            ({"t": round(NOW.timestamp() * 1000), "layout": 1, "v": [1, 2, 3], "q": [0]}, "wrong_length"),
            ({"t": round(NOW.timestamp() * 1000), "p": {"Z": 1}}, "unknown_tag"),
            ({"t": round(NOW.timestamp() * 1000), "p": {}}, "malformed"),
            ({"t": round(NOW.timestamp() * 1000)}, "malformed"),
            (b"[" + b" " * 10_000_000 + b"]", "too_large"),
        ],
    )
    async def test_it_is_refused_with_its_reason_and_its_neighbours_are_stored(self, store, con, wire, payload, reason):
        stored = await store.take(
            [wire.birth("G1", "A", "B", "C"), wire.send("G1", "frame", payload), wire.frame("G1", 1, 2, 3)]
        )
        assert (stored.frames, stored.refusals) == (1, 1)
        assert await frames(con) == [(1, [1, 2, 3], None, None, False)]
        assert await rows(con, "reject", "gateway_id", "reason") == [(1, reason)]
        ((kept,),) = await rows(con, "reject", "payload")
        assert len(kept) <= 1024

    @pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"1e400", b"-1e400", b"1e39", b'"12"', b"true"])
    async def test_a_value_that_is_no_number_is_missing_and_named(self, store, con, wire, clock, value):
        payload = b'{"t": %d, "layout": 1, "v": [1, %b, 3]}' % (clock.ms, value)
        await store.take([wire.birth("G1", "A", "B", "C"), wire.send("G1", "frame", payload)])
        assert await frames(con) == [(1, [1, None, 3], None, None, False)]
        assert await rows(con, "reject", "reason", "detail") == [("not_finite", "B is no finite number")]

    async def test_an_unknown_quality_counts_as_bad_and_is_named(self, store, con, wire):
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 95, 3, q=[0, 192, 0])])
        assert await frames(con) == [(1, [1, 95, 3], [0, 8, 0], None, False)]
        assert await rows(con, "reject", "reason", "detail") == [("bad_quality", "B: no quality 192")]
        assert await rows(con, "alarm", "id") == []

    async def test_unknown_tags_in_a_birth_keep_their_place_and_are_named(self, store, con, wire, clock, plant):
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

    async def test_unknown_names_beside_known_ones(self, store, con, wire, clock):
        await store.take([wire.send("G1", "frame", {"t": clock.ms, "p": {"A": 1, "Y": 2, "Z": 3}})])
        assert await frames(con) == [(1, [1, None, None], None, None, False)]
        assert await rows(con, "reject", "reason", "detail") == [("unknown_tag", "Y"), ("unknown_tag", "Z")]

    async def test_strangers_and_foreign_branches(self, store, con, wire, plant):
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

    async def test_a_retired_gateway_is_unknown(self, store, con, wire):
        await con.execute("update gateway set active = false, updated_at = updated_at + interval '1 s'")
        await store.follow_configuration()
        await store.take([wire.birth("G1", "A")])
        assert await reasons(con) == ["unknown_gateway"]

    async def test_what_the_database_refuses_takes_no_neighbour_along(self, store, con, wire, clock):
        poison = wire.send("G1", "event", {"t": clock.ms, "id": "e", "type": "x", "detail": {"text": "\0"}})
        batch = [wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 2, 3), poison]
        clock.move(1)
        stored = await store.take([*batch, wire.frame("G1", 95, 2, 3)])
        assert stored.frames == 2
        assert len(await frames(con)) == 2
        assert await reasons(con) == ["not_storable"]
        assert len(stored.episodes.rings) == len(await rows(con, "alarm", "id")) == 1

    async def test_refusals_of_a_gateway_are_bounded(self, store, con, wire):
        store.allowance._per_hour = 5
        stored = await store.take([wire.send("G1", "frame", b"{") for _ in range(20)])
        assert stored.refusals == 20
        assert len(await reasons(con)) == 5
        assert store.allowance.dropped == 15


class TestAgain:
    async def dump(self, con):
        tables = ("frame", "alarm", "alarm_event", "judging_delay", "frame_gap", "gateway_event", "layout", "gateway")
        return {table: sorted(map(repr, await con.fetch(f"select * from {table}"))) for table in tables}

    async def test_the_same_messages_twice_change_nothing(self, store, con, wire, clock, plant):
        await plant.limits("C", version=2, h=80, on_delay_s=60)
        await store.follow_configuration()
        batch = [wire.birth("G1", "A", "B", "C")]
        for n, value in enumerate((50, 85, 95, 50, 92)):
            clock.move(5)
            batch.append(wire.frame("G1", value, None, 85, n=n * 2))
        await store.take(batch)
        before = await self.dump(con)
        assert before["judging_delay"]
        assert len(before["alarm"]) == 2
        for again in (batch, batch[::-1], [each for each in batch for _ in range(2)]):
            stored = await store.take(again)
            assert stored.frames == 0
            assert stored.episodes.rings == []
            assert await self.dump(con) == before

    async def test_the_same_messages_after_a_restart_change_nothing(self, store, con, wire, clock, open_store):
        batch = [wire.birth("G1", "A", "B", "C"), wire.frame("G1", 95, 85, 1)]
        await store.take(batch)
        before = await self.dump(con)
        await (await open_store()).take(batch)
        assert await self.dump(con) == before

    async def test_reordered_frames_of_one_batch_are_judged_in_order(self, store, con, wire, clock):
        first = wire.frame("G1", 85, 1, 1)
        clock.move(1)
        second = wire.frame("G1", 50, 1, 1)
        await store.take([wire.birth("G1", "A", "B", "C"), second, first])
        assert await rows(con, "alarm", "raised_at", "cleared_at") == [(NOW, NOW + timedelta(seconds=1))]

    async def test_two_frames_of_one_instant_keep_the_first(self, store, con, wire):
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 1, 1), wire.frame("G1", 95, 95, 95)])
        assert [v for _, v, *_ in await frames(con)] == [[1, 1, 1]]
        assert await rows(con, "alarm", "id") == []


class TestConfiguration:
    async def test_new_limits_are_judged_by_and_named(self, store, con, wire, clock, plant):
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 70, 70, 70)])
        await plant.limits("A", version=2, h=60, deadband=1)
        await store.follow_configuration()
        clock.move(1)
        await store.take([wire.frame("G1", 70, 70, 70)])
        ((limit_value, version),) = await con.fetch(
            "select a.limit_value, l.version from alarm a join limit_set l on l.id = a.limit_set_id"
        )
        assert (limit_value, version) == (60, 2)

    async def test_limits_wait_for_their_time(self, store, con, wire, clock, plant):
        await plant.limits("A", version=2, h=60, effective_from=NOW + timedelta(seconds=30))
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 70, 70, 70)])
        await store.follow_configuration()
        clock.move(29)
        await store.follow_configuration()
        await store.take([wire.frame("G1", 70, 70, 70)])
        assert await rows(con, "alarm", "id") == []
        clock.move(2)
        await store.follow_configuration()
        await store.take([wire.frame("G1", 70, 70, 70)])
        assert len(await rows(con, "alarm", "id")) == 1

    async def test_a_change_keeps_alarms_and_delays(self, store, con, wire, clock, plant):
        await plant.limits("B", version=2, h=80, on_delay_s=60)
        await store.follow_configuration()
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 85, 85, 1)])
        await plant.gateway("G2", "X")
        await store.follow_configuration()
        clock.move(60)
        await store.take([wire.frame("G1", 85, 85, 1)])
        assert await rows(con, "alarm", "point_id", order="point_id") == [(1,), (2,)]

    async def test_a_gateway_made_a_moment_ago_is_known(self, store, con, wire, plant):
        await plant.gateway("G2", "X", "Y")
        stored = await store.take([wire.birth("G2", "X", "Y"), wire.frame("G2", 1, 2)])
        assert (stored.frames, stored.refusals) == (1, 0)

    async def test_a_point_made_a_moment_ago_is_known(self, store, con, wire, clock, plant):
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 85, 1, 1)])
        await plant.point("G1", "D", h=80)
        clock.move(1)
        named = wire.send("G1", "frame", {"t": clock.ms, "p": {"D": 95, "Z": 1}})
        stored = await store.take([wire.birth("G1", "A", "B", "C", "D", layout=2), named])
        assert (stored.frames, stored.refusals, len(stored.episodes.rings)) == (1, 1, 1)
        assert await rows(con, "layout", "point_ids", where="number = 2") == [([1, 2, 3, 4],)]
        assert len(await rows(con, "alarm", "id", where="cleared_at is null")) == 2

    async def test_births_of_strangers_are_asked_for_again_when_they_become_known(self, store, wire, plant):
        await store.take([wire.birth("G2", "X")])
        assert not await store.follow_configuration()
        await plant.gateway("G3", "Y")
        assert not await store.follow_configuration()
        await plant.gateway("G2", "X")
        assert await store.follow_configuration()
        assert not await store.follow_configuration()


class TestLastValues:
    async def test_live_frames_write_them_and_late_ones_do_not(self, store, wire, clock, redis, plant):
        late = wire.frame("G1", 9, 9, 9, t=clock.ms - 61_000)
        named = wire.send("G1", "frame", {"t": clock.move(1), "p": {"B": 22.2}})
        batch = [wire.birth("G1", "A", "B", "C"), late, wire.frame("G1", 1, 2, None, t=clock.ms - 1000), named]
        stored = await store.take(batch)
        await write_last_values(redis, {each.id: last_values_of(store.city, each) for each in stored.gateways})
        found = await read_last_values(redis, [plant.gateways["G1"]])
        assert {point: (value.value, value.at - NOW) for point, value in found.items()} == {
            1: (1, timedelta(0)),
            2: (22.2, timedelta(seconds=1)),
            3: (None, timedelta(0)),
        }

    async def test_a_restart_reads_them_from_redis_and_else_from_the_newest_frame(self, store, wire, redis, open_store):
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 2, 3)])
        await redis.flushdb()
        store = await open_store()
        values = last_values_of(store.city, store.city.gateways["G1"])
        assert values.v == [1, 2, 3]
