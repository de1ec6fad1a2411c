from datetime import date, datetime, time, timedelta

import pytest

from backend.domains.commitments.deadlines import hours_of_day, set_hours
from backend.domains.commitments.enums import CommitmentState
from backend.domains.commitments.hours import DayHours, signed_offline_note, state_of_day
from backend.domains.commitments.schemas import DeadlineChange
from backend.errors import Invalid, NotVisible
from backend.kit.models import AuditRow
from tests.domains.commitments.filings import TODAY, ZONE, at, hours
from tests.people import People

DAY = DayHours(TODAY, opens_at=at(6), due_at=at(10), ends_at=at(0, on=date(2026, 11, 25)))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(5, 59), CommitmentState.NOT_DUE),
        (at(10), CommitmentState.NOT_DUE),
        (at(10) + timedelta(milliseconds=1), CommitmentState.OVERDUE),
        (at(23, 59), CommitmentState.OVERDUE),
        (at(0, on=date(2026, 11, 25)), CommitmentState.MISSED),
    ],
)
def test_a_day_without_a_filing_runs_from_not_due_over_overdue_to_missed(now: datetime, state: CommitmentState) -> None:
    assert state_of_day(None, DAY, now) is state


@pytest.mark.parametrize(("on_time", "state"), [(True, CommitmentState.ON_TIME), (False, CommitmentState.LATE)])
def test_a_filed_day_keeps_how_it_was_filed(on_time: bool, state: CommitmentState) -> None:
    assert state_of_day(on_time, DAY, at(23)) is state


def test_an_offline_signature_is_noted_in_the_plants_time() -> None:
    assert signed_offline_note(at(9, 41), at(10, 20), ZONE) == (
        "signed offline at 2026-11-24 09:41, received at 2026-11-24 10:20"
    )


@pytest.mark.anyio
@pytest.mark.usefixtures("db")
async def test_usual_hours_hold_where_nobody_set_others() -> None:
    day = (await hours_of_day(TODAY, ZONE)).of("370305")
    assert (day.opens_at, day.due_at, day.ends_at) == (at(6), at(10), at(0, on=date(2026, 11, 25)))
    assert day.deadline_id is None


@pytest.mark.anyio
@pytest.mark.usefixtures("db")
async def test_the_nearest_area_and_its_newest_row_of_that_day_hold() -> None:
    city = await hours("370300", time(6), time(9))
    old = await hours("370305", time(6), time(8), since=date(2026, 2, 1))
    new = await hours("370305", time(6), time(11), since=date(2026, 11, 25))
    today, tomorrow = await hours_of_day(TODAY, ZONE), await hours_of_day(date(2026, 11, 25), ZONE)
    assert (today.of("370321").deadline_id, today.of("370321").due_at) == (city.id, at(9))
    assert (today.of("370305").deadline_id, today.of("370305").due_at) == (old.id, at(8))
    assert tomorrow.of("370305").deadline_id == new.id
    assert (await hours_of_day(date(2026, 1, 15), ZONE)).of("370305").deadline_id == city.id


def change(**values: object) -> DeadlineChange:
    given = {
        "adcode": "370305",
        "window_opens": "06:00",
        "due": "09:00",
        "effective_from": date(2026, 11, 25),
        "reason": "统一提前",
    }
    return DeadlineChange(**{**given, **values})  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_a_regulator_sets_hours_of_their_own_branch_from_tomorrow_and_it_is_audited(people: People) -> None:
    by = await people.viewer("city")
    row = await set_hours(change(), by, at(12), ZONE)
    assert (await hours_of_day(date(2026, 11, 25), ZONE)).of("370305").deadline_id == row.id
    assert await AuditRow.filter(verb="commitment_hours.set", object_id=str(row.id)).count() == 1
    with pytest.raises(NotVisible):
        await set_hours(change(), await people.viewer("huantai"), at(12), ZONE)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"effective_from": TODAY}, "effectiveFrom"),
        ({"due": "06:00"}, "due"),
        ({"adcode": "999999"}, "adcode"),
    ],
)
async def test_hours_that_cannot_be_are_refused(people: People, values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await set_hours(change(**values), await people.viewer("admin"), at(12), ZONE)
    assert refused.value.facts["field"] == field
