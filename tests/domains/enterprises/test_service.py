"""Entering enterprises and what stands in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.domains.enterprises.enums import GasClass
from backend.domains.enterprises.service import make_detector, make_enterprise, make_hazard, make_tank
from backend.errors import Invalid
from backend.kit.models import AuditRow
from tests.people import LINZI, People

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


async def test_entering_makes_initials_and_a_line_in_the_chain(people: People) -> None:
    admin = await people.viewer("admin")
    made = await make_enterprise("370305002", "淄博某化工", LINZI, NOW, by=admin, uscc="91350100M000100Y43")
    assert (made.initials, made.short_name) == ("zbmhg", "淄博某化工")
    line = await AuditRow.get(verb="enterprise.entered", object_id=str(made.id))
    assert (line.person_name, line.detail) == (admin.name, {"code": "370305002", "name": "淄博某化工"})


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"code": "370305001"}, "code"),
        ({"code": "a/b"}, "code"),
        ({"code": ""}, "code"),
        ({"adcode": "370399"}, "adcode"),
        ({"uscc": "91350100M000100Y44"}, "uscc"),
    ],
)
async def test_what_cannot_be_entered(people: People, chosen: dict[str, str], field: str) -> None:
    given = {"code": "370305002", "name": "某", "adcode": LINZI, **chosen}
    with pytest.raises(Invalid) as refused:
        await make_enterprise(given.pop("code"), given.pop("name"), given.pop("adcode"), NOW, by=None, **given)  # type: ignore[arg-type]
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize("grade", [0, 5, -1])
async def test_grades_run_from_one_to_four(people: People, grade: int) -> None:
    with pytest.raises(Invalid):
        await make_hazard(people.own, "370305001001", "罐区", grade, NOW, by=None)


async def test_codes_of_tanks_are_unique_within_an_enterprise_only(people: People) -> None:
    own = await make_hazard(people.own, "370305001001", "罐区", 1, NOW, by=None)
    other = await make_hazard(people.neighbour, "370321001001", "罐区", 1, NOW, by=None)
    await make_tank(own, "TK-101", "储罐", "甲苯", NOW, by=None)
    await make_tank(other, "TK-101", "储罐", "甲苯", NOW, by=None)
    with pytest.raises(Invalid):
        await make_tank(own, "TK-101", "储罐", "苯", NOW, by=None)


async def test_detector_stands_at_a_hazard_of_its_own_enterprise(people: People) -> None:
    foreign = await make_hazard(people.neighbour, "370321001001", "罐区", 1, NOW, by=None)
    with pytest.raises(Invalid):
        await make_detector(people.own, "GT-1", "泵区", GasClass.TOXIC, NOW, by=None, hazard=foreign)
