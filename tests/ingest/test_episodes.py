"""Alarms in the database: one episode a point, its life line by line, live and late, across restarts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.ingest.store import FARTHEST_EVERY_MS
from tests.ingest.plant import NOW, Clock, Wire

pytestmark = pytest.mark.anyio
SECOND = timedelta(seconds=1)


@pytest.fixture
async def store(plant, open_store):
    await plant.gateway("G1", "A", h=80, hh=90, l=10, deadband=2)
    return await open_store()


async def alarms(con, *columns, order="raised_at"):
    return [tuple(row) for row in await con.fetch(f"select {', '.join(columns)} from alarm order by {order}")]


async def lives(con):
    return [
        (row["kind"], row["level"], row["value"], "late" in row["detail"])
        for row in await con.fetch("select * from alarm_event order by id")
    ]


class Tank:
    """Sends one value a second."""

    def __init__(self, store, wire: Wire, clock: Clock) -> None:
        self.store, self.wire, self.clock = store, wire, clock
        self.born = False

    async def send(self, *values, every_s: float = 1, age_s: float = 0, together: bool = False):
        batch = [] if self.born else [self.wire.birth("G1", "A")]
        self.born, stored = True, []
        for value in values:
            batch.append(self.wire.frame("G1", value, t=self.clock.ms - round(age_s * 1000)))
            self.clock.move(every_s)
            if not together:
                stored.append(await self.store.take(batch))
                batch = []
        if batch:
            stored.append(await self.store.take(batch))
        return [ring.level for each in stored for ring in each.episodes.rings]


@pytest.fixture
def tank(store, wire, clock):
    return Tank(store, wire, clock)


@pytest.mark.parametrize("together", [False, True], ids=["frame by frame", "in one batch"])
class TestOneEpisode:
    async def test_h_hh_h_normal(self, tank, con, together):
        rings = await tank.send(50, 85, 95, 97, 86, 50, together=together)
        assert rings == [1, 2]
        assert await alarms(
            con, "side", "start_level", "worst_level", "level", "start_value", "worst_value", "raised_at", "cleared_at"
        ) == [("high", 1, 2, None, 85, 97, NOW + SECOND, NOW + 5 * SECOND)]
        assert await lives(con) == [
            ("raised", 1, 85, False),
            ("worsened", 2, 95, False),
            ("eased", 1, 86, False),
            ("cleared", None, 50, False),
        ]

    async def test_trembling_on_the_limit_is_one(self, tank, con, together):
        assert await tank.send(*[80.1, 79.9, 78.5] * 20, together=together) == [1]
        assert await alarms(con, "level", "cleared_at") == [(1, None)]

    async def test_from_high_to_low_is_two(self, tank, con, together):
        await tank.send(95, 5, together=together)
        assert await alarms(con, "side", "cleared_at") == [("high", NOW + SECOND), ("low", None)]

    async def test_again_and_again_is_one_each_time(self, tank, con, together):
        assert await tank.send(85, 50, 86, 50, 87, together=together) == [1, 1, 1]
        assert [cleared is None for (cleared,) in await alarms(con, "cleared_at")] == [False, False, True]


async def test_what_an_alarm_says(tank, con, plant):
    await tank.send(95.1)
    ((*said, point, gateway, adcode, hazard, enterprise),) = await alarms(
        con,
        *("start_value", "limit_value", "risk_level", "rises_at", "late", "limit_set_id"),
        *("point_id", "gateway_id", "adcode", "hazard_id", "enterprise_id"),
    )
    # HH at a hazard of grade 1: orange, and red after five minutes.
    assert said == [95.1, 90, 2, NOW + timedelta(minutes=5), False, 1]
    assert (point, gateway, adcode) == (plant.points["A"], plant.gateways["G1"], "370305")
    assert (hazard, enterprise) == (plant.hazard_id, plant.enterprise_id)


async def test_getting_worse_asks_for_a_new_acknowledgement(tank, con):
    await tank.send(85)
    await con.execute("update alarm set acknowledged_at = now()")
    await tank.send(86)
    assert await alarms(con, "acknowledged_at is null") == [(False,)]
    await tank.send(95)
    assert await alarms(con, "acknowledged_at is null", "limit_value", "risk_level") == [(True, 90, 2)]
    await con.execute("update alarm set acknowledged_at = now()")
    await tank.send(86, 50)
    assert await alarms(con, "acknowledged_at is null", "rises_at") == [(False, None)]


async def test_easing_keeps_counting_from_the_beginning(tank, con):
    """A level 1 that began 31 minutes ago as HH is yellow at once."""
    await tank.send(95, every_s=31 * 60)
    await tank.send(85)
    assert await alarms(con, "level", "risk_level") == [(1, 1)]


async def test_the_farthest_value_is_stored_now_and_then(tank, con, clock):
    await tank.send(95, 98, 97)
    clock.move(FARTHEST_EVERY_MS / 1000)
    await tank.send(96)
    assert await alarms(con, "worst_value") == [(98,)]
    assert len(await lives(con)) == 1


class TestRestart:
    async def test_an_open_episode_goes_on(self, tank, con, open_store):
        await tank.send(85)
        tank.store = await open_store()
        assert await tank.send(86, 95, 50) == [2]
        assert await alarms(con, "worst_level", "cleared_at is null") == [(2, False)]

    async def test_a_delay_of_60_s_survives(self, tank, con, plant, open_store):
        await plant.limits("A", version=2, h=80, on_delay_s=60, off_delay_s=60)
        tank.store = await open_store()
        await tank.send(85, every_s=30)
        tank.store = await open_store()
        await tank.send(85, every_s=29)
        assert await alarms(con, "id") == []
        tank.store = await open_store()
        tank.clock.move(1)
        assert await tank.send(85, every_s=30) == [1]
        await tank.send(50, every_s=59)
        tank.store = await open_store()
        await tank.send(50)
        assert await alarms(con, "cleared_at") == [(None,)]
        await tank.send(50)
        assert await alarms(con, "cleared_at is null") == [(False,)]
        assert await con.fetchval("select count(*) from judging_delay") == 0


class TestLate:
    async def test_late_frames_make_a_late_alarm_that_rings_nobody(self, tank, con):
        assert await tank.send(85, 95, 50, age_s=3600) == []
        assert await alarms(con, "late", "worst_level", "cleared_at is null") == [(True, 2, False)]
        assert all(late for *_, late in await lives(con))

    async def test_a_live_frame_still_beyond_turns_it_live_and_rings_once(self, tank, con):
        await tank.send(85, 86, age_s=3600)
        assert await tank.send(87, 88) == [1]
        assert await alarms(con, "late", "raised_at") == [(False, NOW - timedelta(hours=1))]
        assert [kind for kind, *_ in await lives(con)] == ["raised", "went_live"]

    async def test_late_frames_do_not_clear_a_live_alarm(self, tank, con, clock):
        await tank.send(95)
        clock.move(3600)
        await tank.send(85, 50, 5, age_s=1800)
        assert await alarms(con, "level", "late") == [(2, False)]
        assert await tank.send(50) == []
        assert await alarms(con, "level") == [(None,)]

    async def test_late_frames_that_were_worse_are_recorded_and_ring_nobody(self, tank, con, clock):
        await tank.send(85)
        clock.move(3600)
        assert await tank.send(97, age_s=1800) == []
        assert await alarms(con, "level", "worst_level", "worst_value", "risk_level") == [(1, 2, 97, 0)]
        assert (await lives(con))[-1] == ("worsened", 2, 97, True)


class TestBackfill:
    """Frames behind what was judged already: recorded as closed, late alarms; the live state never moves."""

    async def backfill(self, tank, *values, age_s, every_s=1, together=True):
        """Values measured from `age_s` ago on, arriving now."""
        frames = [
            tank.wire.frame("G1", value, t=tank.clock.ms - round(1000 * (age_s - place * every_s)))
            for place, value in enumerate(values)
        ]
        for batch in [frames] if together else [[frame] for frame in frames]:
            stored = await tank.store.take(batch)
            assert stored.episodes.rings == []

    @pytest.mark.parametrize("together", [True, False], ids=["in one batch", "frame by frame"])
    async def test_a_stretch_is_one_record_not_a_burst(self, tank, con, together):
        await tank.send(50)
        await self.backfill(tank, 50, *[85, 95, 50] * 10, age_s=600, together=together)
        assert await alarms(con, "late", "level", "worst_level", "worst_value", "cleared_at - raised_at") == [
            (True, None, 2, 95, timedelta(seconds=28))
        ]
        assert await con.fetchval("select count(*) from frame") == 32

    async def test_a_backfill_sent_twice_is_recorded_once(self, tank, con):
        await tank.send(50)
        await self.backfill(tank, 85, 86, age_s=600)
        await self.backfill(tank, 85, 86, age_s=600)
        assert len(await alarms(con, "id")) == 1
        assert await con.fetchval("select count(*) from alarm_event") == 2

    async def test_what_an_episode_overlaps_is_known(self, tank, con, clock):
        await tank.send(85, every_s=1000)
        await tank.send(86)
        await self.backfill(tank, 87, 95, age_s=500)
        assert await alarms(con, "late") == [(False,)]

    async def test_a_delay_counts_as_it_would_have_counted_then(self, tank, con, plant):
        await plant.limits("A", version=2, h=80, on_delay_s=60)
        await tank.store.follow_configuration()
        await tank.send(50)
        await self.backfill(tank, *[85] * 6, age_s=7200, every_s=10)
        assert await alarms(con, "id") == []
        # The frames that were still missing show that it lasted.
        await self.backfill(tank, *[85] * 6, age_s=7140, every_s=10)
        assert await alarms(con, "late", "raised_at", "cleared_at - raised_at") == [
            (True, NOW + SECOND - timedelta(seconds=7140), timedelta(seconds=50))
        ]

    async def test_frames_that_come_again_during_a_live_delay_record_nothing(self, tank, con, plant, clock):
        await plant.limits("A", version=2, h=80, on_delay_s=60)
        await tank.store.follow_configuration()
        await tank.send(85, every_s=30)
        await tank.send(85)
        await self.backfill(tank, 85, 86, age_s=20)
        assert await alarms(con, "id") == []
        clock.move(30)
        assert await tank.send(85) == [1]
        await self.backfill(tank, 85, 86, age_s=25)
        assert await alarms(con, "late") == [(False,)]

    async def test_far_apart_is_two(self, tank, con):
        await tank.send(50)
        await self.backfill(tank, 85, 85, age_s=7200, every_s=3600)
        assert len(await alarms(con, "id")) == 2

    async def test_a_stretch_beside_a_live_episode_is_a_record_of_its_own(self, tank, con, clock):
        await tank.send(85, 50, every_s=300)
        await self.backfill(tank, 95, age_s=200)
        assert await alarms(con, "late", "worst_level") == [(False, 1), (True, 2)]

    async def test_low_and_high_are_two(self, tank, con):
        await tank.send(50)
        await self.backfill(tank, 85, 5, 86, 4, age_s=600)
        assert sorted(await alarms(con, "side", "worst_value")) == [("high", 86), ("low", 4)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.integers(1, 90), st.sampled_from([5, 50, 79, 81, 85, 95])), min_size=1, max_size=12),
    restarts=st.lists(st.integers(0, 12), max_size=4),
)
async def test_never_two_open_and_the_life_tells_the_row(steps, restarts, open_store, plant, con, clock, wire):
    """Whatever comes and wherever it restarts: at most one open alarm, and its last line says where it stands."""
    await plant_again(plant)
    tank = Tank(await open_store(), wire, clock)
    for place, (seconds, value) in enumerate(steps):
        if place in restarts:
            tank.store = await open_store()
        clock.move(seconds)
        await tank.send(value, age_s=120 if seconds > 80 else 0)
    found = await con.fetch(
        "select a.level, a.cleared_at, a.worst_level, (select level from alarm_event e where e.alarm_id = a.id and"
        " kind <> 'went_live' order by id desc limit 1) as told, (select max(level) from alarm_event e where"
        " e.alarm_id = a.id) as worst from alarm a"
    )
    assert sum(row["cleared_at"] is None for row in found) <= 1
    assert all(row["level"] == row["told"] or row["worst_level"] > (row["level"] or 0) for row in found)
    assert all(row["worst"] == row["worst_level"] for row in found)


async def plant_again(plant) -> None:
    """Put the enterprise, one gateway and its point into an emptied database."""
    fresh = await type(plant).build(plant.con)
    plant.enterprise_id, plant.hazard_id = fresh.enterprise_id, fresh.hazard_id
    await plant.gateway("G1", "A", h=80, hh=90, l=10, deadband=2, on_delay_s=30, off_delay_s=20)
