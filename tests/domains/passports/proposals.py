"""Proposals for tests, one step after the other over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from httpx import Response

from backend.domains.monitoring.rules import LimitValues
from backend.domains.monitoring.service import set_limits
from tests.domains.media.pictures import send_photo
from tests.domains.monitoring.plant import BUILT_AT, Plant
from tests.people import People

SIGNED_AT = datetime(2026, 1, 3, 2, 32, tzinfo=UTC)
SIGNATURE = "M10 10h.1L20 20L30 15"


def draft(plant: Plant, **changed: Any) -> dict[str, Any]:
    """The limits of the plant's tank: H 82 and HH 88 of the level, a first version of the pressure."""
    return {
        "id": str(uuid4()),
        "tankId": str(plant.tank.id),
        "reason": "呼吸阀整定值已改",
        "lines": [
            {"pointId": plant.level.id, "replaces": 1, "ll": 10, "l": 15, "h": 82, "hh": 88},
            {"pointId": plant.pressure.id, "replaces": 0, "h": 1.5, "hh": 1.8},
        ],
        **changed,
    }


async def competing(plant: Plant) -> None:
    """Version 2 of the level's limits, come in by a tool while a proposal was under way."""
    await set_limits(plant.level, LimitValues(10, 15, 80, 85), BUILT_AT, by=None, reason="另一处改动", replaces=1)


async def propose(people: People, plant: Plant, who: str = "officer", **changed: Any) -> dict[str, Any]:
    """A proposal as it was answered."""
    answer = await people.post(who, "/limit-proposals", draft(plant, **changed))
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def photo(people: People, plant: Plant, who: str = "expert") -> str:
    """The id of a photo of the plant."""
    answer = await send_photo(people, who, plant.enterprise.id)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def signed(*photo_ids: str | UUID, **changed: Any) -> dict[str, Any]:
    """What an expert signs."""
    return {
        "basis": "设计文件 SD-101",
        "photoIds": [str(each) for each in photo_ids],
        "lon": 118.305,
        "lat": 36.812,
        "accuracyM": 4,
        "signature": SIGNATURE,
        "signedAt": SIGNED_AT.isoformat(),
        **changed,
    }


async def verify(people: People, plant: Plant, proposal_id: str, who: str = "expert") -> Response:
    """Verify with a fresh photo."""
    body = signed(await photo(people, plant, who))
    return await people.post(who, f"/limit-proposals/{proposal_id}/verify", body)


async def verified(people: People, plant: Plant, who: str = "officer", **changed: Any) -> dict[str, Any]:
    """A proposal that an expert has verified."""
    made = await propose(people, plant, who, **changed)
    answer = await verify(people, plant, made["id"])
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]
