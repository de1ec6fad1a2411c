"""Texts that PostgreSQL cannot hold are refused, wherever they stand."""

import pytest

from tests.domains.monitoring.plant import Plant
from tests.domains.passports.proposals import draft
from tests.people import People

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("path", "name"), [("/enterprises", "q"), ("/detectors", "area")])
async def test_nul_in_a_question(people: People, path: str, name: str) -> None:
    answer = await people.get("operator", path, **{name: "\0"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")


async def test_nul_in_a_body(people: People) -> None:
    plant = await Plant.build(people.own)
    answer = await people.post("officer", "/limit-proposals", draft(plant, reason="a\0b"))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")
