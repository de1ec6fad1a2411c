"""How often would this have rung: over HTTP, on stored frames."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.domains.monitoring.models import Layout
from backend.kit import clock
from tests.domains.monitoring.plant import Plant
from tests.domains.passports.proposals import propose
from tests.people import People

pytestmark = pytest.mark.anyio
PATH = "/limit-proposals"


async def filled(plant: Plant) -> None:
    """Two days ago the level stood at 83 for ten minutes and the pressure at 1.6, on two layouts; one value was bad."""
    start = clock.now().replace(microsecond=0) - timedelta(days=2)
    rows = []
    for minute in range(31):
        high = 10 <= minute < 20
        level = 83.0 if high else 50.0
        quality = [0, 0, 0, 0] if minute != 25 else [5, 0, 0, 0]
        rows.append((start + timedelta(minutes=minute), [99.0 if minute == 25 else level, None, 1.0, 2.0], quality))
    await plant.send_many(rows)
    other = await Layout.create(
        gateway_id=plant.gateway.id,
        number=2,
        tags=["PT-101", "LT-101"],
        point_ids=[plant.pressure.id, plant.level.id],
        received_at=start,
    )
    later = start + timedelta(hours=1)
    await plant.send_many(
        [(later + timedelta(minutes=m), [1.6 if m < 5 else 1.0, 50.0], None) for m in range(11)], other
    )


async def test_a_proposal_is_tried_beside_the_limits_in_force(people: People) -> None:
    plant = await Plant.build(people.own)
    await filled(plant)
    made = await propose(people, plant)
    shown = (await people.get("operator", f"{PATH}/{made['id']}/preview")).json()
    level, pressure = shown["lines"]
    # On-delay and off-delay of a level are 60 s: from minute 11 to minute 21.
    assert (level["tag"], level["samples"]) == ("LT-101", 41)
    assert level["before"] == {"level1": 0, "level2": 0, "minutes": 0}
    assert level["after"] == {"level1": 1, "level2": 0, "minutes": 10}
    assert (pressure["samples"], pressure["before"]["level1"]) == (11, 0)
    assert pressure["after"] == {"level1": 1, "level2": 0, "minutes": 5}
    assert shown["leftOut"] == 0


async def test_limits_being_typed_are_tried_as_well(people: People) -> None:
    plant = await Plant.build(people.own)
    await filled(plant)
    lines: list[dict[str, Any]] = [{"pointId": plant.level.id, "replaces": 1, "h": 80, "hh": 82, "onDelayS": 0}]
    shown = (await people.post("expert", f"{PATH}/preview", {"lines": lines})).json()
    assert shown["lines"][0]["after"]["level2"] == 1
    wrong = await people.post("expert", f"{PATH}/preview", {"lines": [{**lines[0], "h": 90}]})
    assert (wrong.status_code, "H must be below HH" in wrong.text) == (422, True)
    assert (await people.post("far", f"{PATH}/preview", {"lines": lines})).status_code == 422
    assert (await people.post("operator", f"{PATH}/preview", {"lines": lines})).status_code == 403
    assert (await people.client.post(f"/api/v1{PATH}/preview", json={"lines": lines})).status_code == 401


async def test_no_frames_say_nothing(people: People) -> None:
    plant = await Plant.build(people.own)
    made = await propose(people, plant)
    shown = (await people.get("linzi", f"{PATH}/{made['id']}/preview")).json()
    assert [(line["samples"], line["after"]["level1"]) for line in shown["lines"]] == [(0, 0), (0, 0)]
