"""Drafts and days at hours of our choosing, above all at seven in the morning, when UTC still has yesterday."""

from datetime import date, timedelta

import pytest

from backend.domains.commitments.enums import CommitmentState, WarningKind
from backend.domains.commitments.queries import own_month, rows_of_day
from backend.domains.commitments.service import file_commitment
from backend.domains.commitments.showing import show_draft
from backend.domains.permits.service import file_report
from tests.domains.commitments.filings import TODAY, ZONE, at, content, taken
from tests.domains.monitoring.plant import Plant
from tests.domains.permits.reports import draft as work
from tests.people import People

pytestmark = pytest.mark.anyio
YESTERDAY = date(2026, 11, 23)
SEVEN = at(7)


async def file_at(people: People, hour: int, on: date, expected: int | None = None, **changes: object) -> None:
    moment = at(hour, on=on)
    await file_commitment(taken(moment, **changes), await people.viewer("head"), expected, moment, ZONE)


async def test_the_draft_at_seven_is_of_the_plants_today(people: People) -> None:
    assert SEVEN.date() == YESTERDAY
    await file_at(people, 9, YESTERDAY, content=content(drainings=3))
    operator = await people.viewer("operator")
    await file_report(work(at(9)), operator, SEVEN, ZONE)
    await file_report(work(at(9, on=YESTERDAY)), operator, at(8, on=YESTERDAY), ZONE)
    draft = await show_draft(operator, SEVEN, ZONE)
    assert (draft.commit_on, draft.state, draft.is_open) == (TODAY, CommitmentState.NOT_DUE, True)
    assert (draft.opens_at, draft.due_at) == (at(6), at(10))
    assert draft.basis is not None
    assert (draft.basis.commit_on, draft.content.drainings, draft.content.hot_work_1) == (YESTERDAY, 3, 1)


async def test_the_draft_says_what_the_hour_asks_for(people: People) -> None:
    operator = await people.viewer("operator")
    early, late = await show_draft(operator, at(5), ZONE), await show_draft(operator, at(11), ZONE)
    assert (early.is_open, early.late_reason_required) == (False, False)
    assert (late.is_open, late.late_reason_required, late.state) == (True, True, CommitmentState.OVERDUE)


async def test_a_further_draft_starts_from_the_newest_version_of_today(people: People) -> None:
    await file_at(people, 7, TODAY)
    await file_at(people, 8, TODAY, expected=1, content=content(changes=2), changeReason="工艺变更")
    draft = await show_draft(await people.viewer("operator"), at(11), ZONE)
    assert (draft.version, draft.state, draft.late_reason_required) == (2, CommitmentState.ON_TIME, False)
    assert draft.content.changes == 2
    assert draft.changed == []


async def test_open_grave_alarms_contradict_a_safe_state(people: People) -> None:
    plant = await Plant.build(people.own)
    await plant.alarm(plant.level, SEVEN, level=2)
    draft = await show_draft(await people.viewer("operator"), SEVEN, ZONE)
    assert [warning.kind for warning in draft.warnings] == [WarningKind.OPEN_ALARMS]


async def test_a_day_goes_from_not_due_to_missed_for_those_who_do_not_file(people: People) -> None:
    city = await people.viewer("city")
    await file_at(people, 9, YESTERDAY)

    async def states(on: date, hour: int) -> list[str]:
        return [row.state.value for row in await rows_of_day(city, on, None, at(hour), ZONE)]

    assert await states(TODAY, 7) == ["not_due", "not_due"]
    assert await states(TODAY, 11) == ["overdue", "overdue"]
    assert await states(YESTERDAY, 7) == ["on_time", "missed"]


async def test_days_before_an_enterprise_was_registered_ask_nothing_of_it(people: People) -> None:
    before = people.own.created_at.date() - timedelta(days=1)
    assert await rows_of_day(await people.viewer("city"), before, None, at(7), ZONE) == []


async def test_ones_own_month_at_seven_ends_with_the_plants_today(people: People) -> None:
    await file_at(people, 9, YESTERDAY)
    days = await own_month(await people.viewer("operator"), TODAY, SEVEN, ZONE)
    assert [day.on for day in days][-2:] == [YESTERDAY, TODAY]
    assert [day.state.value for day in days][-3:] == ["missed", "on_time", "not_due"]
