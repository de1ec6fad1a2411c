"""Gaps in sequence numbers, by themselves and across restarts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ingest.sequence import Gap, Sequence


def test_numbers_in_a_row_make_no_gap():
    sequence = Sequence()
    for n in (5, 6, 7):
        sequence.arrived(n, is_newest=True)
    assert sequence.open == []


def test_a_jump_is_a_gap_and_its_backfill_closes_it():
    sequence = Sequence()
    sequence.arrived(1, is_newest=True)
    sequence.arrived(5, is_newest=True)
    assert sequence.open == [Gap(2, 4, missing=3)]
    for n in (3, 2, 4):
        sequence.arrived(n, is_newest=False)
    assert sequence.open == []
    assert sequence.touched == [Gap(2, 4, missing=0)]


def test_a_gateway_that_counts_anew_has_no_gap():
    sequence = Sequence(last=900)
    sequence.arrived(0, is_newest=True)
    sequence.arrived(1, is_newest=True)
    assert sequence.open == []


def test_old_numbers_outside_every_gap_mean_nothing():
    sequence = Sequence(last=10)
    sequence.arrived(3, is_newest=False)
    assert (sequence.open, sequence.last) == ([], 10)


@given(missing=st.sets(st.integers(1, 29)), shuffled=st.randoms())
def test_whatever_is_missing_is_counted_and_comes_back(missing, shuffled):
    sequence = Sequence(last=0)
    for n in range(1, 31):
        if n not in missing:
            sequence.arrived(n, is_newest=True)
    assert sum(gap.missing for gap in sequence.open) == len(missing)
    late = sorted(missing)
    shuffled.shuffle(late)
    for n in late:
        sequence.arrived(n, is_newest=False)
    assert sequence.open == []


@pytest.mark.anyio
async def test_gaps_are_rows_and_survive_a_restart(plant, open_store, con, wire, clock):
    await plant.gateway("G1", "A")
    store = await open_store()
    start = clock.ms
    await store.take([wire.birth("G1", "A"), wire.frame("G1", 1, n=1)])
    clock.move(40)
    await store.take([wire.frame("G1", 1, n=4)])

    async def gaps():
        return [tuple(row) for row in await con.fetch("select from_n, to_n, missing, closed_at is null from frame_gap")]

    assert await gaps() == [(2, 3, 2, True)]
    store = await open_store()
    await store.take([wire.frame("G1", 1, t=start + 10_000, n=2)])
    assert await gaps() == [(2, 3, 1, True)]
    await store.take([wire.frame("G1", 1, t=start + 10_000, n=2)])
    assert await gaps() == [(2, 3, 1, True)]
    store = await open_store()
    await store.take([wire.frame("G1", 1, t=start + 20_000, n=3)])
    assert await gaps() == [(2, 3, 0, False)]
    clock.move(1)
    await store.take([wire.frame("G1", 1, n=5)])
    assert len(await gaps()) == 1
