"""Trends: every sample or extremes, gaps, layouts, and spans that are not read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.monitoring.models import Layout
from backend.domains.monitoring.trends import LONGEST_TREND, read_trend
from backend.errors import Invalid
from tests.domains.monitoring.plant import BUILT_AT, Plant
from tests.people import People

pytestmark = pytest.mark.anyio
T = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T + timedelta(seconds=seconds)


async def trend(people: People, plant: Plant, start: float, end: float, **more: object) -> dict[str, object]:
    answer = await people.get(
        "operator",
        f"/points/{plant.level.id}/trend",
        **{"from": at(start).isoformat(), "to": at(end).isoformat(), **more},
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


async def test_few_samples_are_all_shown(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send_many((at(10 * n), [80.1 + n, 1, 0, 0], None) for n in range(4))
    body = await trend(people, plant, 0, 40)
    assert (body["t"], body["min"], body["max"]) == ([0, 10000, 20000, 30000], *[[80.1, 81.1, 82.1, 83.1]] * 2)
    assert (body["gaps"], body["bucketMs"], body["intervalMs"], body["unit"]) == ([], 0, 10000, "%")
    assert body["limits"] == {"ll": 10, "l": 15, "h": 85, "hh": 90, "version": 1}


async def test_the_span_is_half_open(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send_many((at(10 * n), [n, 1, 0, 0], None) for n in range(4))
    assert (await trend(people, plant, 10, 30))["min"] == [1, 2]


async def test_many_samples_become_extremes_of_buckets(people: People) -> None:
    plant = await Plant.build(people.own)
    values = [80.0 + (5 if n == 57 else 0) - (3 if n == 111 else 0) for n in range(360)]
    await plant.send_many((at(10 * n), [value, 1, 0, 0], None) for n, value in enumerate(values))
    body = await trend(people, plant, 0, 3600, maxPoints=60)
    assert (body["bucketMs"], body["intervalMs"], body["gaps"]) == (60000, 10000, [])
    assert body["t"] == [60000 * n for n in range(60)]
    assert {n: v for n, v in enumerate(body["max"]) if v != 80} == {57 // 6: 85}  # type: ignore[arg-type]
    assert {n: v for n, v in enumerate(body["min"]) if v != 80} == {111 // 6: 77}  # type: ignore[arg-type]


@pytest.mark.parametrize("most", [10, 2000])
async def test_gap_is_told_alike_in_both_ways(people: People, most: int) -> None:
    plant = await Plant.build(people.own)
    kept = [n for n in range(180) if not 60 <= n < 84]
    await plant.send_many((at(10 * n), [50, 1, 0, 0], None) for n in kept)
    body = await trend(people, plant, 0, 1800, maxPoints=most)
    assert (body["bucketMs"] == 0) is (most == 2000)
    assert body["gaps"] == [[590_000, 840_000]]


@pytest.mark.parametrize("most", [10, 2000])
async def test_a_change_of_pace_is_no_gap_and_a_gap_beside_it_is_one(people: People, most: int) -> None:
    plant = await Plant.build(people.own)
    slow = [300.0 * n for n in range(12)]
    fast = [3300.0 + 5 * n for n in range(1, 120) if not 40 <= n < 60]
    await plant.send_many((at(second), [50, 1, 0, 0], None) for second in slow + fast)
    body = await trend(people, plant, 0, 3900, maxPoints=most)
    assert body["gaps"] == [[3_495_000, 3_600_000]]


async def test_one_missed_frame_is_no_gap(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send_many((at(10 * n), [50, 1, 0, 0], None) for n in range(20) if n not in (7, 12, 13))
    assert (await trend(people, plant, 0, 200))["gaps"] == []


async def test_missing_and_bad_values_make_a_gap_though_frames_came(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send_many((at(10 * n), [None if 10 <= n < 15 else 50, 1, 0, 0], None) for n in range(20))
    await plant.send_many((at(10 * n), [50, 1, 0, 0], [5, 0, 0, 0] if n < 25 else None) for n in range(20, 40))
    assert (await trend(people, plant, 0, 400))["gaps"] == [[90_000, 150_000], [190_000, 250_000]]


async def test_doubtful_values_are_drawn(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send(at(0), [103.5, 1, 0, 0], [3, 0, 0, 0])
    assert (await trend(people, plant, 0, 60))["max"] == [103.5]


async def test_silence_at_the_edges_is_a_gap_up_to_now(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send_many((at(10 * n), [50, 1, 0, 0], None) for n in range(100, 110))
    found = await read_trend(plant.level, at(0), at(3600), 600, now=at(2000))
    assert found.gaps == [(at(0), at(1000)), (at(1090), at(2000))]


async def test_nothing_at_all_is_one_gap(people: People) -> None:
    plant = await Plant.build(people.own)
    body = await trend(people, plant, 0, 600)
    assert (body["t"], body["gaps"], body["intervalMs"]) == ([], [[0, 600_000]], None)
    ahead = await read_trend(plant.level, at(10), at(20), 600, now=at(0))
    assert ahead.gaps == []


async def test_each_frame_is_read_by_its_own_layout(people: People) -> None:
    plant = await Plant.build(people.own)
    turned = await Layout.create(
        gateway_id=plant.gateway.id,
        number=2,
        tags=["PT-101", "LT-101"],
        point_ids=[plant.pressure.id, plant.level.id],
        received_at=BUILT_AT,
    )
    without = await Layout.create(
        gateway_id=plant.gateway.id, number=3, tags=["PT-101"], point_ids=[plant.pressure.id], received_at=BUILT_AT
    )
    await plant.send(at(0), [50, 1, 0, 0])
    await plant.send(at(10), [1, 51], layout=turned)
    await plant.send(at(20), [1], layout=without)
    await plant.send(at(30), [1, 52], layout=turned)
    assert (await trend(people, plant, 0, 60))["min"] == [50, 51, 52]


async def test_last_hour_is_the_usual_trend(people: People) -> None:
    plant = await Plant.build(people.own)
    now = datetime.now(UTC)
    await plant.send_many((now - timedelta(seconds=s), [50, 1, 0, 0], None) for s in (4000, 3000, 10))
    body = (await people.get("operator", f"/points/{plant.level.id}/trend")).json()
    assert len(body["t"]) == 2


@pytest.mark.parametrize(
    "span",
    [
        {"from": "2026-11-24T02:00:00Z", "to": "2026-11-24T01:00:00Z"},
        {"from": "2026-11-24T02:00:00Z", "to": "2026-11-24T02:00:00Z"},
        {"from": "2020-10-01T00:00:00Z", "to": "2026-11-24T00:00:00Z"},
        {"from": "0001-01-01T00:00:00+14:00", "to": "0001-01-02T00:00:00Z"},
        {"to": "0001-01-01T00:00:00+14:00"},
        {"from": "9999-12-31T23:59:59-14:00"},
        {"from": "yesterday"},
        {"from": "2026-11-24T02:00:00"},
        {"maxPoints": "9"},
        {"maxPoints": "2001"},
    ],
)
async def test_spans_that_are_not_read(people: People, span: dict[str, str]) -> None:
    plant = await Plant.build(people.own)
    answer = await people.get("operator", f"/points/{plant.level.id}/trend", **span)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid"), answer.text


async def test_five_years_are_the_longest(people: People) -> None:
    plant = await Plant.build(people.own)
    with pytest.raises(Invalid):
        await read_trend(plant.level, T, T + LONGEST_TREND + timedelta(seconds=1), 600, T)
    assert (await read_trend(plant.level, T, T + LONGEST_TREND, 600, T)).t == []


async def test_mean_and_share_of_good_quality_are_told(people: People) -> None:
    plant = await Plant.build(people.own)
    codes = {1: 3, 2: 5}  # One beyond the range, which is drawn, and one of a broken sensor, which is not.
    await plant.send_many((at(10 * n), [n, 1, 0, 0], [codes.get(n, 0), 0, 0, 0]) for n in range(4))
    body = await trend(people, plant, 0, 40)
    assert (body["min"], body["mean"], body["good"]) == ([0, 1, 3], [0, 1, 3], [1, 0, 1])
    await plant.send_many((at(40 + n), [7, 1, 0, 0], None) for n in range(60))
    body = await trend(people, plant, 0, 100, maxPoints=10)
    assert (body["min"][0], body["max"][0], body["mean"][2]) == (0, 0, 3)
    assert body["good"] == [1, 0, 1, 1, 1, 1, 1, 1, 1]
