"""Rolling up: what is over, once; what came late, again; and a trend that sees every frame in between."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from backend.domains.monitoring.history.making import Made, roll_up_finished, set_progress
from backend.domains.monitoring.history.reading import HOURS, SLOTS, read_pieces
from backend.domains.monitoring.models import Layout
from backend.domains.monitoring.rules import NOT_THE_PROCESS
from backend.domains.monitoring.trends import read_trend
from tests.domains.monitoring.history.frames import at, connection, send_late
from tests.domains.monitoring.plant import BUILT_AT, Plant

pytestmark = pytest.mark.anyio


async def roll_up(now_h: float) -> Made:
    async with connection() as con:
        return await roll_up_finished(con, at(now_h), None)


async def rows(plant: Plant) -> list[dict[str, Any]]:
    async with connection() as con:
        found = await con.fetch("select * from rollup_hour where gateway_id = $1 order by hour", plant.gateway.id)
    return [dict(row) for row in found]


async def test_hours_that_are_over_are_rolled_up_once(plant: Plant) -> None:
    await plant.send_many((at(seconds=600 * n), [n, 1, None, 0], [0, 5, 0, 0]) for n in range(13))
    assert await roll_up(1.05) == Made(0, 0, more=False)
    assert await roll_up(2.1) == Made(2, 0, more=False)
    assert await roll_up(2.1) == Made(0, 0, more=False)
    first, second = await rows(plant)
    assert (first["n"], first["usable"], first["good"]) == ([6, 6, 0, 6], [6, 0, 0, 6], [6, 0, 0, 6])
    assert (first["min"], first["max"], first["last"]) == ([0, None, None, 0], [5, None, None, 0], [5, None, None, 0])
    assert (first["mean"][0], first["first_s"][0], first["last_s"][0]) == (2.5, 0, 3000)
    assert (second["min"][0], second["max"][0]) == (6, 11)


async def test_late_frames_are_in_the_trend_at_once_and_in_the_hours_soon(plant: Plant) -> None:
    await plant.send_many((at(seconds=60 * n), [50, 1, 0, 0], None) for n in range(60 * 48))
    await roll_up(48.1)
    await send_late(plant, [(at(hours=5, seconds=30), [77, 1, 0, 0], None)])
    for _ in range(2):
        for start, most, place in ((at(-200), 1000, 5), (at(), 1000, 60)):
            trend = await read_trend(plant.level, start, at(48), most, at(48.1))
            assert (max(trend.high), trend.high.index(77)) == (77, place)
        made = await roll_up(48.1)
    assert made == Made(0, 0, more=False)
    assert (await rows(plant))[5]["max"][0] == 77


async def test_a_mark_that_comes_while_hours_are_made_again_stays(plant: Plant) -> None:
    await roll_up(3.1)
    await send_late(plant, [(at(1, seconds=n), [5, 1, 0, 0], None) for n in range(3)])
    async with connection() as con:
        await con.execute("insert into rollup_dirty (gateway_id, hour) values ($1, $2)", plant.gateway.id, at(3))
    assert await roll_up(3.2) == Made(0, 1, more=False)
    async with connection() as con:
        assert await con.fetchval("select array_agg(hour) from rollup_dirty") == [at(3)]


async def test_two_layouts_of_an_hour_are_both_seen(plant: Plant) -> None:
    turned = await Layout.create(
        gateway_id=plant.gateway.id,
        number=2,
        tags=["PT-101", "LT-101"],
        point_ids=[plant.pressure.id, plant.level.id],
        received_at=BUILT_AT,
    )
    await plant.send_many((at(seconds=10 * n), [40, 1, 0, 0], None) for n in range(100))
    await plant.send_many([(at(seconds=1000 + 10 * n), [2, 60], None) for n in range(260)], layout=turned)
    await roll_up(1.1)
    trend = await read_trend(plant.level, at(-240), at(2), 100, at(2))
    assert (trend.low, trend.high, trend.mean) == ([40], [60], [pytest.approx(40 + 20 * 260 / 360)])
    assert trend.gaps == [(at(-240), at()), (at(seconds=3590), at(2))]


async def test_what_was_never_rolled_up_is_read_from_its_frames(plant: Plant) -> None:
    await plant.send_many((at(n), [n, 1, 0, 0], None) for n in range(30))
    trend = await read_trend(plant.level, at(), at(30), 1000, at(30))
    assert trend.high == [float(n) for n in range(30)]


async def test_slots_begin_where_they_were_first_made(plant: Plant) -> None:
    await plant.send_many((at(seconds=60 * n), [n, 1, 0, 0], None) for n in range(60 * 20))
    await roll_up(10.1)
    async with connection() as con:
        assert await con.fetchval("select count(*) from rollup_slot where gateway_id = $1", plant.gateway.id) == 120
        await set_progress(con, at(10))
        await con.execute("update rollup_slot set max[1] = 9999")
    await roll_up(20.1)
    trend = await read_trend(plant.level, at(), at(20), 1000, at(20))
    assert (len(trend.t), max(trend.high)) == (240, 1199)


async def test_gaps_of_hours_stay_gaps_and_bad_data_never_look_good(plant: Plant) -> None:
    kept = [n for n in range(6 * 24 * 2) if not 60 <= n < 80]
    await plant.send_many((at(seconds=600 * n), [50, 1, 0, 0], [9 if 120 <= n < 150 else 0, 0, 0, 0]) for n in kept)
    await roll_up(48.1)
    trend = await read_trend(plant.level, at(), at(48), 200, at(48))
    assert trend.gaps == [(at(seconds=600 * 59), at(seconds=600 * 80)), (at(seconds=600 * 119), at(seconds=600 * 150))]
    assert not [t for t in trend.t if at(20) <= t < at(25)]
    assert set(trend.good) == {1.0}
    wide = await read_trend(plant.level, at(), at(48), 8, at(48))
    assert (wide.bucket, wide.good[2:4]) == (timedelta(hours=6), [1, round(12 / 36, 4)])


@pytest.mark.parametrize("seed", range(6))
async def test_random_streams_with_late_arrivals_equal_their_frames(plant: Plant, seed: int) -> None:
    """Roll-ups with everything that happens to them, against extremes counted frame by frame."""
    dice, long = random.Random(seed), 240 if seed % 2 else 60
    instants = sorted(dice.sample(range(long * 3600), 900))
    sent = [
        (at(seconds=t), [dice.choice([None, dice.uniform(-9, 9)]), 1, 0, 0], dice.choice([0, 0, 2, 3, 5, 9]))
        for t in instants
    ]
    late = set(dice.sample(range(len(sent)), 200))
    frames = [(t, v, [q, 0, 0, 0]) for t, v, q in sent]
    await plant.send_many(frame for place, frame in enumerate(frames) if place not in late)
    await roll_up(dice.choice([20, 45, long - 1.5]))
    early = dice.sample(sorted(late), 100)
    await send_late(plant, [frames[place] for place in early])
    if dice.random() < 0.5:
        await roll_up(long - 1.5)
    await send_late(plant, [frames[place] for place in late.difference(early)])
    start, end = at(seconds=dice.randrange(3600)), at(long - 3, seconds=dice.randrange(3600))
    trend = await read_trend(plant.level, start, end, dice.choice([10, 37, 500]), at(long))
    usable = [(t, v[0]) for t, v, q in sent if v[0] is not None and q not in NOT_THE_PROCESS and start <= t < end]
    origin = (HOURS if long == 240 else SLOTS).floor(start)
    naive: dict[int, list[float]] = {}
    for t, value in usable:
        naive.setdefault((t - origin) // trend.bucket, []).append(value)
    found = {
        (t - origin) // trend.bucket: (low, high) for t, low, high in zip(trend.t, trend.low, trend.high, strict=True)
    }
    assert found == {
        number: (pytest.approx(min(each), rel=1e-6), pytest.approx(max(each), rel=1e-6))
        for number, each in naive.items()
    }


async def test_hours_are_exact_where_the_ends_cut_them(plant: Plant) -> None:
    await plant.send_many((at(seconds=60 * n), [n, 1, 0, 0], None) for n in range(60 * 40))
    await roll_up(40.1)
    pieces = await read_pieces(
        HOURS, plant.gateway.id, plant.level.id, at(seconds=1800), at(36) + timedelta(seconds=120), None
    )
    assert (pieces.low[0], pieces.high[0], pieces.n[0]) == (30, 59, 30)
    assert (pieces.low[-1], pieces.high[-1], len(pieces.n)) == (36 * 60, 36 * 60 + 1, 37)
