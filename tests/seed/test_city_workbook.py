"""The demo city's workbook: it says what the simulator's city says, and importing what was exported changes nothing."""

from __future__ import annotations

import pytest

from backend.domains.enterprises.models import MajorHazard
from backend.domains.enterprises.workbook.exporting import export_workbook
from backend.domains.enterprises.workbook.importing import check_workbook, import_workbook
from backend.domains.enterprises.workbook.reading import read_workbook
from backend.domains.monitoring.models import LimitSet
from backend.domains.passports.models import LimitProposal
from backend.kit import clock
from backend.kit.models import AuditRow
from backend.seed.city_workbook import FILE, city_rows, city_workbook
from backend.seed.signing import FIRST_SIGNING
from backend.simulator.city import make_city
from tests.seed.conftest import Seeded

pytestmark = pytest.mark.anyio


def test_the_committed_workbook_is_the_simulators_city() -> None:
    """`python -m backend.seed.city_workbook` writes it anew when this fails."""
    committed, made = read_workbook(FILE.read_bytes()), read_workbook(city_workbook(make_city()))
    assert committed.faults == []
    assert {slug: len(rows) for slug, rows in committed.rows.items()} == {
        slug: len(rows) for slug, rows in city_rows(make_city()).items()
    }
    for slug, rows in made.rows.items():
        assert [row.values for row in committed.rows[slug]] == [row.values for row in rows], slug


async def test_the_grades_are_those_of_the_plan(seeded: Seeded) -> None:
    plans = {hazard.code: hazard for enterprise in make_city().enterprises for hazard in enterprise.hazards}
    hazards = await MajorHazard.all()
    assert len(hazards) == len(plans)
    for hazard in hazards:
        plan = plans[hazard.code]
        assert (hazard.grade, hazard.r_value) == (plan.grade, pytest.approx(plan.r_value, abs=0.01)), hazard.code
        assert hazard.s_value is not None
        assert hazard.s_value >= 1


async def test_importing_the_city_again_changes_nothing(seeded: Seeded) -> None:
    rows = await AuditRow.all().count()
    exported = await export_workbook(clock.now(), by=None)
    report = await check_workbook(exported, clock.now(), by=None)
    assert (report.faults, report.changes) == ([], [])
    report = await import_workbook(exported, "again.xlsx", clock.now(), by=None)
    assert (report.changes, report.secrets, report.regraded) == ([], [], [])
    assert not any(count.created or count.removed for count in report.sheets)
    assert await AuditRow.all().count() == rows


async def test_of_the_file_it_came_from_only_limits_that_were_approved_since_differ_and_are_kept(
    seeded: Seeded,
) -> None:
    report = await check_workbook(FILE.read_bytes(), clock.now(), by=None)
    assert {(fault.sheet, fault.kind) for fault in report.faults} == {("监测点", "limits_approved")}
    later = await LimitProposal.exclude(reason=FIRST_SIGNING).get(state="approved")
    assert report.fault_count == await LimitSet.filter(proposal_id=later.id).count(), "a basis each"
    assert not any(count.created or count.removed for count in report.sheets)
