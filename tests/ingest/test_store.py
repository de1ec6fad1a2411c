"""Batches into the database: what is stored, and that repeating changes nothing."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from backend.domains.monitoring.last_values import read_last_values, write_last_values
from backend.ingest.announcing import last_values_of
from tests.ingest.plant import NOW
from tests.ingest.reading import frames, rows

pytestmark = pytest.mark.anyio


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

    async def test_frames_of_hours_that_are_over_ask_for_them_again(self, store, con, wire, clock):
        hour = 3_600_000
        ages = (0, hour + 130_000, 5 * hour, 5 * hour + 1000, 30)
        await store.take([wire.birth("G1", "A", "B", "C")] + [wire.frame("G1", 1, 2, 3, t=clock.ms - a) for a in ages])
        assert await rows(con, "rollup_dirty", "gateway_id", "hour") == [
            (1, NOW - timedelta(hours=6)),
            (1, NOW - timedelta(hours=5)),
            (1, NOW - timedelta(hours=2)),
        ]
        await store.take([wire.frame("G1", 1, 2, 3, t=clock.ms - 5 * hour)])
        assert len(await rows(con, "rollup_dirty", "hour")) == 3

    async def test_a_frame_just_before_the_hour_waits_for_its_turn(self, store, con, wire, clock):
        clock.move(110)
        await store.take([wire.birth("G1", "A", "B", "C"), wire.frame("G1", 1, 2, 3, t=clock.ms - 111_000)])
        assert await rows(con, "rollup_dirty", "hour") == []

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
