"""GB 18218: S, R and grade worked out by hand, and how a hazard's grade follows its chemicals."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.domains.enterprises.chemicals import find_chemical
from backend.domains.enterprises.hazard_classes import CLASSES
from backend.domains.enterprises.major_hazards import Stock, alpha_of, assess, grade_of
from backend.domains.enterprises.models import HazardChemical, MajorHazard
from backend.domains.enterprises.service import make_hazard, regrade, set_quantities
from backend.domains.enterprises.service.hazards import Held
from backend.errors import Invalid
from backend.kit import audit
from backend.kit.models import AuditRow
from tests.people import People

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def stock(name: str, tonnes: float) -> Stock:
    """Tonnes of a chemical, or of a class of table 2."""
    known = find_chemical(name) or CLASSES[name]
    return Stock(tonnes, known.threshold_t, known.beta)


# Worked by hand: α by residents, then α · Σ β · q/Q.
CASES = [
    # 1.5 · 1.5 · 600/50 = 27: the worked example of standards 3.2.
    ([("液化石油气", 600)], 60, 12.0, 27.0, 3),
    # 2.0 · 4 · 125/5 = 200
    ([("液氯", 125)], 100, 25.0, 200.0, 1),
    # 1.0 · 4 · 3/5 = 2.4 with S 0.6: no major hazard at all.
    ([("氯", 3)], 12, 0.6, 2.4, 4),
    # 0.5 · 2 · 100/10 = 10, the least R of grade 3.
    ([("氨", 100)], 0, 10.0, 10.0, 3),
    # 1.2 · 1 · (2500/500 + 790/500) = 1.2 · 6.58 = 7.896
    ([("甲苯", 2500), ("甲醇", 790)], 30, 6.58, 7.896, 4),
    # 1.0 · 5 · 10/1 = 50, the least R of grade 2.
    ([("氟化氢", 10)], 29, 10.0, 50.0, 2),
    # 2.0 · 20 · 0.75/0.3 = 100, the least R of grade 1.
    ([("光气", 0.75)], 250, 2.5, 100.0, 1),
    # 1.5 · (1.5 · 400/50 + 1 · 9000/200) = 1.5 · (12 + 45) = 85.5
    ([("液化石油气", 400), ("汽油", 9000)], 99, 53.0, 85.5, 2),
    # 1.0 · 1.5 · 8/5 = 2.4
    ([("氢气", 8)], 5, 1.6, 2.4, 4),
    # 1.2 · (2 · 174/10 + 1.5 · 249/10) = 1.2 · (34.8 + 37.35) = 86.58
    ([("环氧乙烷", 174), ("环氧丙烷", 249)], 49, 42.3, 86.58, 2),
    # By class: 0.5 · (4 · 30/5 + 1 · 3000/1000) = 0.5 · 27 = 13.5
    ([("J1", 30), ("W5.3", 3000)], 0, 9.0, 13.5, 3),
    # 1.5 · 10 · 2.4/1 = 36
    ([("氰化氢", 2.4)], 50, 2.4, 36.0, 3),
    # Ten times 0.1 t of 1 t are a whole one, whatever binary fractions say: 1.0 · 10 · 1 = 10.
    ([("氰化氢", 0.1)] * 10, 1, 1.0, 10.0, 3),
]


@pytest.mark.parametrize(("held", "residents", "s", "r", "grade"), CASES)
def test_worked_examples(held: list[tuple[str, float]], residents: int, s: float, r: float, grade: int) -> None:
    found = assess([stock(*each) for each in held], residents)
    assert (found.s, found.r, found.grade) == (s, r, grade)
    assert found.is_major == (s >= 1)


RESIDENTS = [(0, 0.5), (1, 1), (29, 1), (30, 1.2), (49, 1.2), (50, 1.5), (99, 1.5), (100, 2)]


@pytest.mark.parametrize(("residents", "alpha"), RESIDENTS)
def test_alpha_of_residents(residents: int, alpha: float) -> None:
    assert alpha_of(residents) == alpha


@pytest.mark.parametrize(("r", "grade"), [(0, 4), (9.999999, 4), (10, 3), (49.99, 3), (50, 2), (99.99, 2), (100, 1)])
def test_grade_of_r(r: float, grade: int) -> None:
    assert grade_of(r) == grade


@pytest.mark.parametrize("quantity", [-1.0, float("nan"), float("inf")])
def test_a_quantity_that_cannot_be(quantity: float) -> None:
    with pytest.raises(ValueError, match="quantity"):
        assess([Stock(quantity, 50, 1)], 0)
    with pytest.raises(ValueError, match="residents"):
        alpha_of(-1)


async def lpg_farm(people: People) -> MajorHazard:
    """A farm with 600 t of LPG beside 60 residents."""
    people.own.residents_500m = 60
    await people.own.save()
    farm = await make_hazard(people.own, "370305001001", "液化气罐区", 4, NOW, by=None)
    await set_quantities(farm, [Held(chemical="液化石油气", quantity_t=600)], NOW, by=None, reason="备案")
    return farm


async def test_the_grade_follows_the_quantities_and_leaves_a_line(people: People) -> None:
    farm = await lpg_farm(people)
    assert (farm.grade, farm.r_value, farm.s_value) == (3, 27.0, 12.0)
    city = await people.viewer("city")
    more = [Held(chemical="液化石油气", quantity_t=600), Held(chemical="氯", quantity_t=40)]
    found = await set_quantities(farm, more, NOW, by=city, reason="新增液氯储槽")
    # 1.5 · (1.5 · 12 + 4 · 8) = 75
    assert (found.r, farm.grade, farm.r_value) == (75.0, 2, 75.0)
    line = await AuditRow.filter(verb="hazard.regraded", object_id=str(farm.id)).order_by("-id").first()
    assert line is not None
    assert (line.person_id, line.reason) == (city.id, "新增液氯储槽")
    assert (line.detail["before"]["grade"], line.detail["after"]["grade"]) == (3, 2)
    told = await AuditRow.filter(verb="hazard.quantities_set").order_by("-id").first()
    assert told is not None
    assert told.detail["before"] == [["液化石油气", "", "", 600.0]]
    assert await audit.first_broken() is None


async def test_the_same_quantities_again_leave_no_line(people: People) -> None:
    farm = await lpg_farm(people)
    lines = await AuditRow.all().count()
    await set_quantities(farm, [Held(chemical="液化石油气", quantity_t=600)], NOW, by=None, reason="再报")
    assert await AuditRow.all().count() == lines


async def test_the_grade_follows_the_neighbours(people: People) -> None:
    farm = await lpg_farm(people)
    people.own.residents_500m = 0
    await people.own.save()
    (moved,) = await regrade([farm.id], NOW, by=None, reason="搬迁")
    assert (moved.grade_before, moved.hazard.grade, moved.hazard.r_value) == (3, 4, 9.0)


async def test_a_hazard_without_chemicals_keeps_the_grade_it_was_entered_with(people: People) -> None:
    farm = await make_hazard(people.own, "370305001002", "老罐区", 2, NOW, by=None, r_value=61)
    assert await regrade([farm.id], NOW, by=None, reason="") == []
    await farm.refresh_from_db()
    assert (farm.grade, farm.r_value) == (2, 61)


@pytest.mark.parametrize(
    ("held", "field"),
    [
        ([], "chemicals"),
        ([Held(chemical="苯", quantity_t=1), Held(chemical="苯", quantity_t=2)], "chemicals"),
        ([Held(chemical="某新型助剂", quantity_t=1)], "hazardClass"),
        ([Held(chemical="某新型助剂", quantity_t=1, hazard_class="X9")], "hazardClass"),
        ([Held(chemical="苯", quantity_t=1, cas="108-88-3")], "cas"),
        ([Held(chemical="某新型助剂", quantity_t=1, hazard_class="W5.3", cas="71-43-3")], "cas"),
        ([Held(chemical="苯", quantity_t=-1)], "quantityT"),
        ([Held(chemical="苯", quantity_t=float("nan"))], "quantityT"),
    ],
)
async def test_what_a_hazard_cannot_hold(people: People, held: list[Held], field: str) -> None:
    farm = await lpg_farm(people)
    with pytest.raises(Invalid) as refused:
        await set_quantities(farm, held, NOW, by=None, reason="")
    assert refused.value.facts["field"] == field
    assert [row.chemical for row in await HazardChemical.filter(hazard_id=farm.id)] == ["液化石油气"]


async def test_a_chemical_of_no_list_counts_by_its_class(people: People) -> None:
    farm = await lpg_farm(people)
    await set_quantities(
        farm, [Held(chemical="某新型助剂", quantity_t=3000, hazard_class="W5.3")], NOW, by=None, reason=""
    )
    (row,) = await HazardChemical.filter(hazard_id=farm.id)
    assert (row.threshold_t, row.beta, farm.r_value) == (1000, 1, 4.5)
