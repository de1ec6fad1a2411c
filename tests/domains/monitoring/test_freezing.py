from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from backend.domains.monitoring.enums import PointKind, Quality
from backend.domains.monitoring.freezing import frozen_columns, standing_still
from backend.domains.monitoring.models import PointFreeze
from backend.domains.monitoring.service import look_for_frozen
from tests.domains.monitoring.plant import Plant
from tests.people import People

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEVEL, PRESSURE, GAS, OXYGEN = PointKind.LEVEL, PointKind.PRESSURE, PointKind.COMB_GAS, PointKind.OXYGEN


def test_a_column_stands_still_over_its_own_stretch_only() -> None:
    values = np.array([[1.0, 5.0, np.nan], [2.0, 5.0, 7.0], [2.0, 5.0, 7.0], [2.0, 5.0, 7.0]])
    assert standing_still(values, [3, 3, 3]).tolist() == [True, True, True]
    assert standing_still(values, [4, 4, 4]).tolist() == [False, True, False]
    assert standing_still(values, [5, 5, 5]).tolist() == [False, False, False]


@pytest.mark.parametrize(
    ("kinds", "columns", "frozen"),
    [
        ((LEVEL, PRESSURE), ([7, 7, 7], [1, 2, 3]), [True, False]),
        ((LEVEL, PRESSURE), ([7, 7, 7], [1, 1, 1]), [False, False]),
        ((GAS, PRESSURE), ([0, 0, 0], [1, 2, 3]), [False, False]),
        ((GAS, PRESSURE), ([4, 4, 4], [1, 2, 3]), [True, False]),
        ((OXYGEN, PRESSURE), ([20.9, 20.9, 20.9], [1, 2, 3]), [False, False]),
        ((LEVEL, PRESSURE), ([7, 7, 7], [np.nan, np.nan, np.nan]), [False, False]),
    ],
)
def test_frozen_is_what_stands_still_while_its_neighbour_moves(
    kinds: tuple[PointKind, ...], columns: tuple[list[float], ...], frozen: list[bool]
) -> None:
    values = np.array(columns, dtype=float).T
    assert frozen_columns(values, kinds, ["tank"] * len(kinds), [3] * len(kinds)).tolist() == frozen


def test_neighbours_are_those_of_the_same_place_and_the_gateways_others_where_there_are_none() -> None:
    values = np.array([[7.0, 5.0, 1.0], [7.0, 5.0, 2.0], [7.0, 5.0, 3.0]])
    kinds, needed = [LEVEL, PRESSURE, PRESSURE], [3, 3, 3]
    assert frozen_columns(values, kinds, ["a", "a", "b"], needed).tolist() == [False, False, False]
    assert frozen_columns(values, kinds, ["a", "c", "b"], needed).tolist() == [True, True, False]
    assert frozen_columns(values, kinds, [None, None, None], needed).tolist() == [True, True, False]


async def sent_for(plant: Plant, hours: float, until: datetime, *, level: float | None = None) -> None:
    """A frame each 15 min: pressure and gas move, the level too unless it is given."""
    steps = int(hours * 4)
    await plant.send_many(
        (
            until - timedelta(minutes=15 * (steps - i)),
            [50 + i % 7 if level is None else level, 1 + i % 5 / 10, 0.0, 3 + i % 2],
            None,
        )
        for i in range(steps + 1)
    )


async def test_a_level_that_stood_for_72_h_is_found_once_and_let_go_when_it_moves(people: People) -> None:
    plant = await Plant.build(people.own)
    await sent_for(plant, 73, NOW, level=41.5)
    assert await look_for_frozen(NOW) == (1, 0)
    assert await look_for_frozen(NOW) == (0, 0)
    row = await PointFreeze.get()
    assert (row.point_id, row.since, row.ended_at) == (plant.level.id, NOW - timedelta(hours=72), None)
    await plant.send(NOW + timedelta(minutes=10), [42.0, 1.1, 0.0, 3.0])
    later = NOW + timedelta(minutes=30)
    assert await look_for_frozen(later) == (0, 1)
    assert (await PointFreeze.get()).ended_at == later


async def test_a_level_may_stand_for_a_day_and_a_pressure_may_not(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.send_many(
        (NOW - timedelta(minutes=15 * i), [41.5 if i < 120 else 30.0, 2.5, 0.0, float(i % 3)], None) for i in range(300)
    )
    assert await look_for_frozen(NOW) == (0, 0), "neither neighbour of the tank moves within its stretch"
    await PointFreeze.all().delete()
    await plant.send_many(
        (NOW + timedelta(minutes=15 * i), [41.5 + i % 3, 2.5, 0.0, float(i % 3)], None) for i in range(1, 5)
    )
    await look_for_frozen(NOW + timedelta(hours=1))
    assert [row.point_id for row in await PointFreeze.filter(ended_at=None)] == [plant.pressure.id]


async def test_a_change_between_two_looks_is_seen(people: People) -> None:
    plant = await Plant.build(people.own)
    await sent_for(plant, 73, NOW, level=41.5)
    await plant.send(NOW - timedelta(hours=5, minutes=7), [41.6, 1.0, 0.0, 3.0])
    assert await look_for_frozen(NOW) == (0, 0)


async def test_a_silent_gateway_says_nothing_new(people: People) -> None:
    plant = await Plant.build(people.own)
    await sent_for(plant, 73, NOW, level=41.5)
    await look_for_frozen(NOW)
    assert await look_for_frozen(NOW + timedelta(hours=3)) == (0, 0)
    assert await PointFreeze.filter(ended_at=None).count() == 1


async def test_values_that_are_not_the_process_do_not_stand_still(people: People) -> None:
    plant = await Plant.build(people.own)
    bad = [int(Quality.BAD_SENSOR), 0, 0, 0]
    await plant.send_many((NOW - timedelta(minutes=15 * i), [41.5, 1 + i % 5, 0.0, 0.0], bad) for i in range(300))
    assert await look_for_frozen(NOW) == (0, 0)
