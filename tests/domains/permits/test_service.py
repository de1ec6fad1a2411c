import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from backend.domains.accounts.enums import Role
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.models import Enterprise
from backend.domains.permits.models import WorkReport
from backend.domains.permits.service import AlreadyCancelled, cancel_report, file_report
from backend.errors import NotAllowed, SameIdOtherBody
from tests.domains.permits.reports import NOON, ZONE, draft
from tests.people import LINZI, People, make_enterprise
from tests.support.apart import apart, apart_url  # noqa: F401 - fixtures.

pytestmark = pytest.mark.anyio


async def worker_of_a_new_enterprise() -> Viewer:
    enterprise: Enterprise = await make_enterprise(uuid4().hex[:12], "并发化工", LINZI)
    return Viewer(id=uuid4(), name="李四", role=Role.ENTERPRISE_OPERATOR, enterprise_id=enterprise.id)


@pytest.mark.usefixtures("apart")
async def test_phones_filing_at_once_get_numbers_of_their_own() -> None:
    by = await worker_of_a_new_enterprise()
    done = await asyncio.gather(*(file_report(draft(NOON), by, NOON, ZONE) for _ in range(8)))
    assert sorted(report.number for report, _ in done) == [f"DH-1124-{n:03d}" for n in range(1, 9)]


@pytest.mark.usefixtures("apart")
async def test_one_report_sent_twice_at_once_is_filed_once() -> None:
    by = await worker_of_a_new_enterprise()
    same = draft(NOON)
    done = await asyncio.gather(*(file_report(same, by, NOON, ZONE) for _ in range(4)))
    assert sorted(is_new for _, is_new in done) == [False, False, False, True]
    assert {report.number for report, _ in done} == {"DH-1124-001"}
    assert await WorkReport.filter(enterprise_id=by.enterprise_id).count() == 1


@pytest.mark.usefixtures("apart")
async def test_two_enterprises_with_the_same_id_at_once_get_one_report_and_one_refusal() -> None:
    one, two = await worker_of_a_new_enterprise(), await worker_of_a_new_enterprise()
    same = draft(NOON)
    done = await asyncio.gather(
        file_report(same, one, NOON, ZONE), file_report(same, two, NOON, ZONE), return_exceptions=True
    )
    assert sum(isinstance(answer, SameIdOtherBody) for answer in done) == 1
    assert await WorkReport.filter(id=same.id).count() == 1


@pytest.mark.usefixtures("apart")
async def test_two_phones_cancelling_at_once_leave_one_reason() -> None:
    by = await worker_of_a_new_enterprise()
    report, _ = await file_report(draft(NOON), by, NOON, ZONE)
    done = await asyncio.gather(
        *(cancel_report(report.id, reason, by, NOON) for reason in ("大风", "停电")), return_exceptions=True
    )
    assert sum(isinstance(answer, AlreadyCancelled) for answer in done) == 1


async def test_the_same_day_of_another_year_counts_from_one_again(people: People) -> None:
    by = await people.viewer("operator")
    first, _ = await file_report(draft(NOON), by, NOON, ZONE)
    a_year_on = NOON + timedelta(days=365)
    second, _ = await file_report(draft(a_year_on), by, a_year_on, ZONE)
    assert (first.number, second.number) == ("DH-1124-001", "DH-1124-001")


async def test_a_closed_enterprise_files_nothing(people: People) -> None:
    by = await people.viewer("operator")
    await Enterprise.filter(id=people.own.id).update(active=False)
    with pytest.raises(NotAllowed):
        await file_report(draft(NOON), by, NOON, ZONE)
