"""Who may write for a region: one at a time, and whoever lost the right cannot commit."""

from __future__ import annotations

import asyncpg
import pytest

from backend.ingest.leases import LeaseLost, Leases
from backend.ingest.store import Store, StoreLost
from tests.ingest.plant import REGION
from tests.ingest.reading import frames, rows

pytestmark = pytest.mark.anyio

SPARKPLUG = "sparkplug"


@pytest.fixture
async def plant(plant, con):
    await con.execute("truncate ingest_owner")
    return plant


@pytest.fixture
async def second(ingest_database_url):
    connection = await asyncpg.connect(ingest_database_url)
    try:
        yield connection
    finally:
        await connection.close()


async def make_old(con, seconds):
    await con.execute(
        "update ingest_owner set renewed_at = clock_timestamp() - make_interval(secs => $1::float8)", seconds
    )


async def test_all_regions_are_taken_by_the_first_and_none_by_the_second(plant, con, second):
    first, other = Leases(con), Leases(second)
    assert REGION in await first.seek()
    assert SPARKPLUG in first.held
    assert await other.seek() == []
    assert await first.seek() == []


async def test_only_what_was_told_is_taken_at_once(plant, con, second):
    one, other = Leases(con, [REGION]), Leases(second, ["370399"])
    assert await one.seek() == [REGION]
    assert await other.seek() == [], "it stands in, and waits for those who were told to"


async def test_who_does_not_stand_in_takes_nothing_else(plant, con):
    strict = Leases(con, ["370399"], stands_in=False)
    assert await strict.seek() == []
    await make_old(con, 60)
    assert await strict.seek() == []


async def test_a_session_that_ends_frees_its_regions_for_who_waits(plant, con, second, ingest_database_url):
    gone = await asyncpg.connect(ingest_database_url)
    await Leases(gone, [REGION]).seek()
    told, stands_in = Leases(con, [REGION]), Leases(second, ["370399"])
    assert await told.seek() == []
    await gone.close()
    assert await stands_in.seek() == [], "three seconds are left to those who were told to hold it"
    await make_old(con, 3.1)
    assert await stands_in.seek() == [REGION]
    assert await rows(con, "ingest_owner", "token", "stands_in", order="region", where=f"region = '{REGION}'") == [
        (2, True)
    ]


async def test_one_that_hangs_is_ended_and_only_then_taken_over(plant, con, second):
    hung, waiting = Leases(second, [REGION]), Leases(con, [REGION])
    await hung.seek()
    await make_old(con, 5.9)
    assert await waiting.seek() == []
    await make_old(con, 6.1)
    while REGION not in waiting.held:
        await waiting.seek()
    # However asyncpg words it: told by the server, found closed, or closed in the middle of its own answer.
    ended = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
    with pytest.raises(ended):
        await second.fetchval("select 1")


async def test_renewing_keeps_the_lease_and_tells_who_wants_it(plant, con, second, ingest_database_url):
    stands_in, told = Leases(con, ["370399"]), Leases(second, [REGION])
    await con.execute(
        "insert into ingest_owner values ($1, '', 0, 0, false, now(), now() - interval '1 h', null)", REGION
    )
    assert await stands_in.seek() == [REGION]
    beside = await asyncpg.connect(ingest_database_url)
    await make_old(con, 5)
    await stands_in.renew(beside)
    assert stands_in.wanted_by_others == frozenset()
    assert await told.seek() == []
    await stands_in.renew(beside)
    assert stands_in.wanted_by_others == {REGION}
    await stands_in.give_back(stands_in.wanted_by_others)
    assert await told.seek() == [REGION]
    await beside.close()


async def test_a_lease_that_another_took_lets_nothing_be_committed(store, con, wire):
    await store.take([wire.birth("G1", "A", "B", "C")])
    await con.execute("update ingest_owner set token = token + 1 where region = $1", REGION)
    with pytest.raises(StoreLost, match="does not hold"):
        await store.take([wire.frame("G1", 95, 1, 1)])
    assert (await frames(con), await rows(con, "alarm", "id")) == ([], [])


async def test_check_passes_while_all_is_ours(plant, con):
    leases = Leases(con)
    await leases.check()
    await leases.seek()
    await leases.check()
    await con.execute("update ingest_owner set token = 99 where region = $1", REGION)
    with pytest.raises(LeaseLost):
        await leases.check()


async def test_a_second_store_stands_by_with_all_loaded(store, con, wire, clock, redis, ingest_database_url):
    await store.take([wire.birth("G1", "A", "B", "C")])
    second = await Store.open(ingest_database_url, redis, clock)
    assert (second.leases.held, second.city.our_gateways(), list(second.city.gateways)) == ({}, [], ["G1"])
    # What the first stores meanwhile is read when the second takes over: an alarm, a delay, layouts, the stream.
    await store.take([wire.frame("G1", 95, 1, 1, n=4)])
    clock.move(1)
    await store.close()
    assert await second.seek()
    stored = await second.take([wire.frame("G1", 50, 1, 1, n=6)])
    assert (stored.frames, stored.refusals) == (1, 0)
    assert await rows(con, "alarm_event", "kind") == [("raised",), ("cleared",)]
    assert await rows(con, "frame_gap", "from_n", "to_n") == [(5, 5)]
    await second.close()
