from datetime import UTC, date, datetime, timedelta

import pytest

from backend.domains.permits.enums import WorkGrade, WorkKind
from backend.domains.permits.queries import counts_for_day
from backend.domains.permits.service import cancel_report, file_report
from tests.domains.permits.reports import NOON, ZONE, draft
from tests.people import People

pytestmark = pytest.mark.anyio
TODAY = date(2026, 11, 24)


async def test_the_day_begins_at_midnight_of_the_plant_not_of_utc(people: People) -> None:
    by = await people.viewer("operator")
    seven = datetime(2026, 11, 23, 23, tzinfo=UTC)  # 07:00 of the 24th in Shanghai, still the 23rd in UTC
    report, _ = await file_report(draft(seven), by, seven, ZONE)
    assert report.number == "DH-1124-001"
    assert (await counts_for_day(people.own.id, TODAY, ZONE, NOON)).count(WorkKind.HOT_WORK) == 1
    assert (await counts_for_day(people.own.id, date(2026, 11, 23), ZONE, NOON)).counts.total() == 0


async def test_work_over_midnight_counts_on_both_days_and_touching_does_not(people: People) -> None:
    by = await people.viewer("operator")
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)  # 24 November 00:00 in Shanghai
    now = midnight - timedelta(hours=3)
    await file_report(draft(midnight - timedelta(hours=2), 4), by, now, ZONE)
    await file_report(draft(midnight - timedelta(hours=2), 2), by, now, ZONE)
    yesterday = await counts_for_day(people.own.id, date(2026, 11, 23), ZONE, NOON)
    today = await counts_for_day(people.own.id, TODAY, ZONE, NOON)
    assert (yesterday.counts.total(), today.counts.total()) == (2, 1)
    assert today.numbers_of(WorkKind.HOT_WORK) == ["DH-1123-001"]


async def test_counts_keep_grades_apart_and_leave_cancelled_work_out(people: People) -> None:
    by = await people.viewer("operator")
    await file_report(draft(NOON, grade="special"), by, NOON, ZONE)
    await file_report(draft(NOON - timedelta(hours=1), contractor="齐安检修"), by, NOON, ZONE)
    off, _ = await file_report(draft(NOON), by, NOON, ZONE)
    await cancel_report(off.id, "大风", by, NOON)
    work = await counts_for_day(people.own.id, TODAY, ZONE, NOON)
    assert work.count(WorkKind.HOT_WORK) == 2
    assert work.count(WorkKind.HOT_WORK, WorkGrade.SPECIAL) == 1
    assert work.numbers_of(WorkKind.HOT_WORK, WorkGrade.GRADE_1) == ["DH-1124-002"]
    assert (work.running, work.cancelled, work.contractor_numbers) == (2, 1, ["DH-1124-002"])


async def test_long_work_counts_on_its_last_day_too(people: People) -> None:
    by = await people.viewer("operator")
    power = draft(NOON - timedelta(hours=20), 15 * 24, kind="temporary_power", grade="none")
    await file_report(power, by, NOON, ZONE)
    last = await counts_for_day(people.own.id, date(2026, 12, 8), ZONE, NOON)
    after = await counts_for_day(people.own.id, date(2026, 12, 9), ZONE, NOON)
    assert (last.counts.total(), after.counts.total()) == (1, 0)
