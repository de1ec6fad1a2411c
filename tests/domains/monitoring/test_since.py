"""Since when a point is in its state, as its tank's page tells it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.domains.monitoring.models import PointFreeze
from backend.kit import clock
from tests.domains.monitoring.plant import Plant
from tests.people import People

pytestmark = pytest.mark.anyio
STEP = timedelta(seconds=10)


async def point_of(people: People, plant: Plant, tag: str = "LT-101") -> dict[str, Any]:
    points = (await people.get("operator", f"/tanks/{plant.tank.id}")).json()["points"]
    (point,) = [each for each in points if each["tag"] == tag]
    return point  # type: ignore[no-any-return]


def same(told: str | None, at: datetime) -> bool:
    return told is not None and abs(datetime.fromisoformat(told) - at) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("value", "quality", "condition"),
    [(None, 5, "bad"), (50.0, 2, "bad"), (104.0, 0, "out_of_range"), (50.0, 7, "out_of_service")],
)
async def test_what_began_with_an_unusable_value_is_found_in_the_frames(
    people: People, value: float | None, quality: int, condition: str
) -> None:
    plant, now = await Plant.build(people.own), clock.now()
    good = [(now - n * STEP, [50.0, 1.0, 0.0, 0.0], None) for n in (9, 8, 7, 6)]
    bad = [(now - n * STEP, [value, 1.0, 0.0, 0.0], [quality, 0, 0, 0]) for n in (5, 4, 3, 2, 1)]
    await plant.send_many([*good, *bad])
    point = await point_of(people, plant)
    assert (point["condition"], same(point["since"], now - 5 * STEP)) == (condition, True)
    assert (await point_of(people, plant, "PT-101"))["since"] is None, "what is live says nothing"
    alone = (await people.get("operator", f"/points/{plant.level.id}")).json()
    assert alone["since"] == point["since"]
    (listed,) = [row for row in (await people.get("operator", "/points")).json()["items"] if row["tag"] == "LT-101"]
    assert (listed["condition"], listed["since"]) == (condition, None), "lists do not look into history"


async def test_a_point_that_was_never_good_has_no_since(people: People) -> None:
    plant, now = await Plant.build(people.own), clock.now()
    await plant.send_many([(now - n * STEP, [None, 1.0, 0.0, 0.0], [5, 0, 0, 0]) for n in (2, 1)])
    assert (await point_of(people, plant))["since"] is None


async def test_stale_frozen_and_filed_say_since_when(people: People) -> None:
    plant, now = await Plant.build(people.own), clock.now()
    await plant.send(now - timedelta(minutes=20), [50.0, 1.0, 0.0, 0.0])
    point = await point_of(people, plant)
    assert (point["condition"], same(point["since"], now - timedelta(minutes=20))) == ("stale", True)
    await plant.send(now, [50.0, 1.0, 0.0, 0.0])
    await PointFreeze.create(point_id=plant.level.id, since=now - timedelta(days=3), found_at=now)
    point = await point_of(people, plant)
    assert (point["condition"], same(point["since"], now - timedelta(days=3))) == ("frozen", True)
    begins, ends = now - timedelta(minutes=5), now + timedelta(hours=2)
    stop = {
        "id": str(uuid4()), "scope": "point", "pointId": plant.level.id, "cause": "maintenance",
        "startsAt": begins.isoformat(), "endsAt": ends.isoformat(), "reason": "送检标定",
    }  # fmt: skip
    assert (await people.post("officer", "/stops", stop)).status_code == 201
    point = await point_of(people, plant)
    assert (point["condition"], point["filingId"], same(point["since"], begins), same(point["filedUntil"], ends)) == (
        "filed", stop["id"], True, True,
    )  # fmt: skip
    counts = (await people.get("linzi", "/points/states", enterpriseId=str(people.own.id))).json()["all"]
    assert (counts["filed"], counts["outOfService"], counts["live"]) == (1, 0, 3)
    filed = (await people.get("operator", "/points", condition="filed")).json()["items"]
    assert [row["tag"] for row in filed] == ["LT-101"]
