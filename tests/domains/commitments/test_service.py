import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.domains.accounts.enums import Role
from backend.domains.accounts.viewer import Viewer
from backend.domains.commitments.enums import LateReason
from backend.domains.commitments.models import Commitment, CommitmentVersion
from backend.domains.commitments.refusals import (
    AlreadyFiled,
    ChangeReasonRequired,
    ClockAhead,
    DayClosed,
    LateReasonRequired,
    WindowNotOpen,
)
from backend.domains.commitments.schemas import Filing
from backend.domains.commitments.service import Filed, file_commitment
from backend.errors import Invalid, Problem, SameIdOtherBody, Stale
from backend.kit.models import AuditRow
from tests.domains.commitments.filings import TODAY, ZONE, at, content, hours, taken
from tests.people import LINZI, People, make_enterprise
from tests.support.apart import apart, apart_url  # noqa: F401 - fixtures.

pytestmark = pytest.mark.anyio
TOMORROW = date(2026, 11, 25)


async def file(people: People, filing: Filing, now: datetime, expected: int | None = None) -> Filed:
    return await file_commitment(filing, await people.viewer("head"), expected, now, ZONE)


async def test_a_filing_at_seven_is_of_the_plants_day_though_utc_still_has_yesterday(people: People) -> None:
    seven = at(7)
    assert seven.date() == date(2026, 11, 23)
    filed = await file(people, taken(seven), seven)
    assert (filed.commitment.commit_on, filed.commitment.on_time, filed.version.version) == (TODAY, True, 1)
    assert (filed.commitment.due_at, filed.commitment.deadline_id) == (at(10), None)


async def test_a_filing_remembers_the_hours_it_was_held_against(people: People) -> None:
    row = await hours(LINZI, time(5), time(7))
    filed = await file(people, taken(at(7)), at(7))
    assert (filed.commitment.deadline_id, filed.commitment.due_at, filed.commitment.on_time) == (row.id, at(7), True)


@pytest.mark.parametrize(
    ("signed", "now", "refusal"),
    [
        (at(5, 59), at(5, 59), WindowNotOpen),
        (at(8), at(7, 54), ClockAhead),
        (at(8, on=date(2026, 11, 23)), at(8), Invalid),
        (at(8), at(0, on=date(2026, 11, 26)), DayClosed),
    ],
)
async def test_times_that_cannot_be_are_refused(
    people: People, signed: datetime, now: datetime, refusal: type[Problem]
) -> None:
    with pytest.raises(refusal):
        await file(people, taken(signed, on=TODAY), now)
    assert await Commitment.all().count() == 0


async def test_a_clock_a_little_ahead_is_forgiven(people: People) -> None:
    assert (await file(people, taken(at(7, 4)), at(7))).commitment.on_time


async def test_after_the_deadline_a_reason_is_asked_for_and_kept(people: People) -> None:
    late = at(10) + timedelta(seconds=1)
    filing = taken(late)
    with pytest.raises(LateReasonRequired) as refused:
        await file(people, filing, late)
    assert refused.value.facts["dueAt"] == at(10)
    given = taken(late, id=str(filing.id), lateReason="sudden_special_op", lateNote="夜间抢修")
    filed = await file(people, given, late)
    assert (filed.commitment.on_time, filed.commitment.late_reason) == (False, LateReason.SUDDEN_SPECIAL_OP)
    assert filed.commitment.late_note == "夜间抢修"


@pytest.mark.parametrize(("note", "taken_in"), [("", False), ("说不清", False), ("网络运营商光缆被挖断", True)])
async def test_another_reason_is_described(people: People, note: str, taken_in: bool) -> None:
    filing = taken(at(11), lateReason="other", lateNote=note)
    if taken_in:
        assert (await file(people, filing, at(11))).commitment.late_note == note
    else:
        with pytest.raises(Invalid) as refused:
            await file(people, filing, at(11))
        assert refused.value.facts["field"] == "lateNote"


async def test_signed_offline_before_the_deadline_is_late_without_being_asked_why(people: People) -> None:
    filed = await file(people, taken(at(9, 41)), at(12, 5))
    assert (filed.commitment.on_time, filed.commitment.late_reason) == (False, LateReason.SYSTEM_FAULT)
    assert filed.commitment.late_note == "signed offline at 2026-11-24 09:41, received at 2026-11-24 12:05"
    assert (filed.version.signed_at, filed.version.filed_at) == (at(9, 41), at(12, 5))


async def test_signed_offline_in_the_evening_still_arrives_during_the_next_day(people: People) -> None:
    filed = await file(people, taken(at(9)), at(15, on=TOMORROW))
    assert (filed.commitment.commit_on, filed.commitment.on_time) == (TODAY, False)


async def test_the_same_filing_twice_answers_the_same_even_after_the_deadline(people: People) -> None:
    filing = taken(at(9))
    first = await file(people, filing, at(9))
    again = await file(people, filing, at(23))
    assert (first.is_new, again.is_new, again.version.id) == (True, False, first.version.id)
    assert await CommitmentVersion.all().count() == 1
    with pytest.raises(SameIdOtherBody):
        await file(people, taken(at(9), id=str(filing.id), content=content(lifting=1)), at(9))


async def test_a_change_names_the_version_it_saw_and_its_reason(people: People) -> None:
    first = await file(people, taken(at(9)), at(9))
    with pytest.raises(AlreadyFiled) as refused:
        await file(people, taken(at(11), changeReason="增加吊装"), at(11))
    assert refused.value.facts["currentVersion"] == 1
    with pytest.raises(ChangeReasonRequired):
        await file(people, taken(at(11)), at(11), expected=1)
    with pytest.raises(Stale):
        await file(people, taken(at(11), changeReason="增加吊装"), at(11), expected=2)
    second = await file(people, taken(at(11), changeReason="增加吊装", content=content(lifting=1)), at(11), expected=1)
    assert (second.version.version, second.commitment.id) == (2, first.commitment.id)
    assert (second.commitment.on_time, second.commitment.first_filed_at) == (True, at(9))
    kept = await CommitmentVersion.filter(commitment_id=first.commitment.id).order_by("version")
    assert [version.content["lifting"] for version in kept] == [0, 1]


async def test_a_change_of_what_was_never_filed_is_stale(people: People) -> None:
    with pytest.raises(Stale) as refused:
        await file(people, taken(at(9), changeReason="增加吊装"), at(9), expected=1)
    assert refused.value.facts["currentVersion"] == 0


async def test_every_version_leaves_its_row_in_the_audit(people: People) -> None:
    filed = await file(people, taken(at(9)), at(9))
    await file(people, taken(at(11), changeReason="增加吊装"), at(11), expected=1)
    rows = await AuditRow.filter(object_kind="commitment", object_id=str(filed.commitment.id)).order_by("id")
    assert [(row.verb, row.reason) for row in rows] == [("commitment.filed", ""), ("commitment.changed", "增加吊装")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"content": content(unitsRunning=7)}, "unitsRunning"),
        ({"signature": "<svg onload=alert(1)>"}, "signature"),
    ],
)
async def test_content_that_cannot_be_is_refused_with_its_field(
    people: People, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await file(people, taken(at(9), **changes), at(9))
    assert refused.value.facts["field"] == field


async def signer_of_a_new_enterprise() -> Viewer:
    enterprise = await make_enterprise(uuid4().hex[:12], "并发化工", LINZI)
    return Viewer(id=uuid4(), name="陈国栋", role=Role.MAIN_RESPONSIBLE, enterprise_id=enterprise.id)


@pytest.mark.usefixtures("apart")
async def test_of_two_phones_at_once_one_files_and_the_other_hears_it() -> None:
    by = await signer_of_a_new_enterprise()
    both = [file_commitment(taken(at(9)), by, None, at(9), ZONE) for _ in range(2)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in done) == ["AlreadyFiled", "Filed"]
    assert await CommitmentVersion.filter(signer_id=by.id).count() == 1


@pytest.mark.usefixtures("apart")
async def test_one_filing_sent_twice_at_once_is_filed_once() -> None:
    by = await signer_of_a_new_enterprise()
    same = taken(at(9))
    done = await asyncio.gather(*(file_commitment(same, by, None, at(9), ZONE) for _ in range(3)))
    assert sorted(filed.is_new for filed in done) == [False, False, True]
    assert {filed.version.version for filed in done} == {1}


@pytest.mark.usefixtures("apart")
async def test_of_two_changes_at_once_one_wins_and_the_other_is_stale() -> None:
    by = await signer_of_a_new_enterprise()
    await file_commitment(taken(at(9)), by, None, at(9), ZONE)
    changes = [file_commitment(taken(at(11), changeReason="增加吊装"), by, 1, at(11), ZONE) for _ in range(2)]
    done = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in done) == ["Filed", "Stale"]
