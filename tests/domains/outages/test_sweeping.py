from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

from backend.domains.monitoring.enums import GatewayEventKind
from backend.domains.monitoring.models import FrameGap, Gateway, GatewayEvent
from backend.domains.outages.enums import GapClosing, GapKind, OutageCause, OutageScope
from backend.domains.outages.models import DataGap, OfflineFiling
from backend.domains.outages.schemas import StopDraft
from backend.domains.outages.service import explain_gap, file_stop, prolong_stop, set_gap_deadline, set_gap_rule
from backend.domains.outages.sweeping import Swept, sweep_gaps
from backend.kit.ids import new_id
from backend.kit.models import AuditRow
from tests.domains.monitoring.plant import Plant
from tests.people import People

pytestmark = pytest.mark.anyio
T0 = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


async def event(plant: Plant, kind: GatewayEventKind, at: datetime) -> GatewayEvent:
    return await GatewayEvent.create(gateway_id=plant.gateway.id, kind=kind, at=at)


async def frames(
    plant: Plant, begins: datetime, ends: datetime, *, n: int = 1, arrived: datetime | None = None
) -> None:
    """A frame each 30 s of [begins, ends), numbered from `n` on."""
    con = get_connection("default")
    count = int((ends - begins) / (30 * SECOND))
    for i in range(count):
        t = begins + i * 30 * SECOND
        await con.execute_query("select ensure_frame_day($1)", [t.date()])
        await con.execute_query(
            "insert into frame (gateway_id, t, layout_id, n, received_at, v) values ($1, $2, $3, $4, $5, $6)",
            [plant.gateway.id, t, plant.layout.id, n + i, arrived or t, [50.0, 1.0, 0.0, 0.0]],
        )


async def silence(people: People) -> tuple[Plant, datetime]:
    """A gateway that sent for five minutes and was lost three minutes later; when its last frame was measured."""
    plant = await Plant.build(people.own)
    await frames(plant, T0, T0 + 5 * MINUTE)
    await event(plant, GatewayEventKind.LOST, T0 + 8 * MINUTE)
    return plant, T0 + 5 * MINUTE - 30 * SECOND


def draft(begins: datetime, ends: datetime, **changes: Any) -> StopDraft:
    usual: dict[str, Any] = {
        "id": new_id(),
        "scope": OutageScope.ENTERPRISE,
        "cause": OutageCause.MAINTENANCE,
        "reason": "检修",
    }
    return StopDraft(**{**usual, "starts_at": begins, "ends_at": ends, **changes})


async def test_a_silence_opens_one_record_that_begins_with_the_last_frame(people: People) -> None:
    plant, last = await silence(people)
    now = T0 + 9 * MINUTE
    assert await sweep_gaps(now) == Swept(opened=1)
    assert await sweep_gaps(now + MINUTE) == Swept()
    gap = await DataGap.get()
    assert (gap.gateway_id, gap.enterprise_id, gap.adcode, gap.kind) == (
        plant.gateway.id, people.own.id, people.own.adcode, GapKind.SILENT,
    )  # fmt: skip
    assert (gap.began_at, gap.ended_at, gap.due_at) == (last, None, now + 24 * HOUR)
    assert (gap.owner_id, gap.owner_name) == (people.persons["officer"].id, people.persons["officer"].name)


async def test_it_ends_with_the_return_and_waits_for_its_reason(people: People) -> None:
    plant, _ = await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    await event(plant, GatewayEventKind.RETURNED, T0 + 40 * MINUTE)
    assert await sweep_gaps(T0 + 41 * MINUTE) == Swept(ended=1)
    gap = await DataGap.get()
    assert (gap.ended_at, gap.closed_at) == (T0 + 40 * MINUTE, None)
    done = await explain_gap(gap.id, OutageCause.POWER, "配电室检修", await people.viewer("operator"), T0 + HOUR)
    assert (done.closed_at, done.closed_how) == (T0 + HOUR, GapClosing.REASON)
    assert await sweep_gaps(T0 + 2 * HOUR) == Swept()


async def test_backfill_closes_it_by_itself_and_leaves_no_hole(people: People) -> None:
    plant, last = await silence(people)
    await event(plant, GatewayEventKind.RETURNED, T0 + 40 * MINUTE)
    await sweep_gaps(T0 + 41 * MINUTE)
    back = T0 + 42 * MINUTE
    await frames(plant, last + 30 * SECOND, T0 + 20 * MINUTE, n=11, arrived=back)
    await frames(plant, T0 + 25 * MINUTE, T0 + 40 * MINUTE, n=51, arrived=back)
    assert (await sweep_gaps(back)).closed == 0, "five minutes of it are still missing"
    await frames(plant, T0 + 20 * MINUTE, T0 + 25 * MINUTE, n=41, arrived=back)
    assert (await sweep_gaps(back + MINUTE)).closed == 1
    gap = await DataGap.get()
    assert (gap.closed_how, gap.filled_at) == (GapClosing.BACKFILL, back + MINUTE)
    assert (await AuditRow.get(verb="gap.closed")).person_name == "system"


async def test_what_was_backfilled_is_not_taken_for_the_beginning_of_a_later_silence(people: People) -> None:
    plant, _ = await silence(people)
    await event(plant, GatewayEventKind.RETURNED, T0 + 40 * MINUTE)
    await frames(plant, T0 + 40 * MINUTE, T0 + 45 * MINUTE, n=90)
    await event(plant, GatewayEventKind.LOST, T0 + 48 * MINUTE)
    await frames(plant, T0 + 45 * MINUTE, T0 + 48 * MINUTE, n=100, arrived=T0 + HOUR)
    await sweep_gaps(T0 + 2 * HOUR)
    second = await DataGap.all().order_by("-began_at").first()
    assert second is not None
    assert second.began_at == T0 + 45 * MINUTE - 30 * SECOND


async def test_a_loss_that_was_over_before_anyone_looked_is_on_record_too(people: People) -> None:
    plant, _ = await silence(people)
    await event(plant, GatewayEventKind.RETURNED, T0 + 10 * MINUTE)
    assert await sweep_gaps(T0 + 5 * HOUR) == Swept(opened=1, ended=1)


async def test_missing_numbers_of_a_silence_belong_to_its_record(people: People) -> None:
    plant, _ = await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    await event(plant, GatewayEventKind.RETURNED, T0 + 40 * MINUTE)
    row = await FrameGap.create(
        gateway_id=plant.gateway.id, from_n=11, to_n=80, missing=70, opened_at=T0 + 40 * MINUTE + SECOND
    )
    await sweep_gaps(T0 + 41 * MINUTE)
    gap = await DataGap.get()
    assert (gap.frame_gap_id, gap.missing, gap.closed_at) == (row.id, 70, None)
    await FrameGap.filter(id=row.id).update(missing=3)
    await sweep_gaps(T0 + 42 * MINUTE)
    assert (await DataGap.get()).missing == 3
    await FrameGap.filter(id=row.id).update(missing=0, closed_at=T0 + 43 * MINUTE)
    assert (await sweep_gaps(T0 + 44 * MINUTE)).closed == 1
    assert (await DataGap.get()).closed_how is GapClosing.BACKFILL


async def test_numbers_that_go_missing_without_a_silence_have_a_record_of_their_own(people: People) -> None:
    plant = await Plant.build(people.own)
    await frames(plant, T0, T0 + 5 * MINUTE, n=1)
    await frames(plant, T0 + 7 * MINUTE, T0 + 8 * MINUTE, n=15)
    await FrameGap.create(
        gateway_id=plant.gateway.id, from_n=11, to_n=14, missing=4, opened_at=T0 + 7 * MINUTE + SECOND
    )
    assert await sweep_gaps(T0 + 9 * MINUTE) == Swept(opened=1)
    gap = await DataGap.get()
    assert (gap.kind, gap.missing) == (GapKind.MISSING_NUMBERS, 4)
    assert (gap.began_at, gap.ended_at) == (T0 + 5 * MINUTE - 30 * SECOND, T0 + 7 * MINUTE)
    assert await sweep_gaps(T0 + 10 * MINUTE) == Swept()


async def test_a_stop_filed_in_advance_covers_the_silence_and_closes_it(people: People) -> None:
    operator = await people.viewer("operator")
    stop, _ = await file_stop(draft(T0 + 6 * MINUTE, T0 + 2 * HOUR), operator, T0)
    plant, _ = await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    gap = await DataGap.get()
    assert (gap.filing_id, gap.filed_until, gap.cause) == (stop.id, T0 + 2 * HOUR, OutageCause.MAINTENANCE)
    assert gap.due_at == T0 + 26 * HOUR
    await event(plant, GatewayEventKind.RETURNED, T0 + 90 * MINUTE)
    assert (await sweep_gaps(T0 + 91 * MINUTE)).closed == 1
    assert (await DataGap.get()).closed_how is GapClosing.FILED


async def test_one_that_outlasts_its_stop_must_be_explained(people: People) -> None:
    operator = await people.viewer("operator")
    await file_stop(draft(T0 + 6 * MINUTE, T0 + HOUR), operator, T0)
    plant, _ = await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    await event(plant, GatewayEventKind.RETURNED, T0 + 3 * HOUR)
    assert await sweep_gaps(T0 + 3 * HOUR) == Swept(ended=1)
    assert (await DataGap.get()).due_at == T0 + 25 * HOUR


async def test_prolonging_the_stop_moves_the_deadline(people: People) -> None:
    operator = await people.viewer("operator")
    stop, _ = await file_stop(draft(T0 + 6 * MINUTE, T0 + HOUR), operator, T0)
    await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    await prolong_stop(stop.id, T0 + 5 * HOUR, "阀门到货晚", operator, T0 + 50 * MINUTE)
    await sweep_gaps(T0 + 51 * MINUTE)
    assert (await DataGap.get()).due_at == T0 + 29 * HOUR


async def test_a_deadline_that_somebody_moved_stays_when_the_stop_is_prolonged(people: People) -> None:
    operator = await people.viewer("operator")
    stop, _ = await file_stop(draft(T0 + 6 * MINUTE, T0 + HOUR), operator, T0)
    await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    gap = await DataGap.get()
    await set_gap_deadline(gap.id, T0 + 8 * HOUR, "汛期，当天说清", await people.viewer("linzi"), T0 + 20 * MINUTE)
    await prolong_stop(stop.id, T0 + 5 * HOUR, "阀门到货晚", operator, T0 + 50 * MINUTE)
    await sweep_gaps(T0 + 51 * MINUTE)
    gap = await DataGap.get()
    assert (gap.due_at, gap.filed_until) == (T0 + 8 * HOUR, T0 + 5 * HOUR)


async def test_a_stop_filed_late_explains_nothing_by_itself(people: People) -> None:
    operator = await people.viewer("operator")
    plant, _ = await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    stop, _ = await file_stop(draft(T0 + 6 * MINUTE, T0 + 2 * HOUR), operator, T0 + 30 * MINUTE)
    assert stop.filed_late
    await event(plant, GatewayEventKind.RETURNED, T0 + 90 * MINUTE)
    assert await sweep_gaps(T0 + 91 * MINUTE) == Swept(ended=1)
    gap = await DataGap.get()
    assert (gap.filing_id, gap.cause, gap.closed_at) == (stop.id, OutageCause.MAINTENANCE, None)


@pytest.mark.parametrize("scope", ["point", "other gateway", "withdrawn"])
async def test_a_stop_of_something_else_does_not_cover_it(people: People, scope: str) -> None:
    operator = await people.viewer("operator")
    plant, _ = await silence(people)
    named: dict[str, Any] = {"point": {"scope": OutageScope.POINT, "point_id": plant.level.id}}.get(scope, {})
    if scope == "other gateway":
        other = await Gateway.create(
            code="gw-2", enterprise_id=people.own.id, secret_bcrypt="", secret_pbkdf2="", created_at=T0, updated_at=T0
        )
        named = {"scope": OutageScope.GATEWAY, "gateway_id": other.id}
    stop, _ = await file_stop(draft(T0 + 6 * MINUTE, T0 + 2 * HOUR, **named), operator, T0)
    if scope == "withdrawn":
        await OfflineFiling.filter(id=stop.id).update(closed_at=T0, ending="withdrawn")
    await sweep_gaps(T0 + 9 * MINUTE)
    assert (await DataGap.get()).filing_id is None


async def test_a_gap_explained_while_it_runs_closes_by_that_reason_when_data_flow(people: People) -> None:
    plant, _ = await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    gap = await DataGap.get()
    shown = await explain_gap(gap.id, OutageCause.NETWORK, "光缆被挖断", await people.viewer("officer"), T0 + HOUR)
    assert shown.closed_at is None
    await event(plant, GatewayEventKind.RETURNED, T0 + 3 * HOUR)
    assert await sweep_gaps(T0 + 3 * HOUR) == Swept(ended=1, closed=1)
    assert (await DataGap.get()).closed_how is GapClosing.REASON


async def test_backfill_that_comes_after_a_reason_is_noted_and_reopens_nothing(people: People) -> None:
    plant, last = await silence(people)
    await event(plant, GatewayEventKind.RETURNED, T0 + 20 * MINUTE)
    await sweep_gaps(T0 + 21 * MINUTE)
    gap = await DataGap.get()
    await explain_gap(gap.id, OutageCause.NETWORK, "光缆被挖断", await people.viewer("officer"), T0 + HOUR)
    await frames(plant, last + 30 * SECOND, T0 + 20 * MINUTE, n=11, arrived=T0 + 2 * HOUR)
    await sweep_gaps(T0 + 2 * HOUR)
    gap = await DataGap.get()
    assert (gap.closed_how, gap.closed_at, gap.filled_at) == (GapClosing.REASON, T0 + HOUR, T0 + 2 * HOUR)


async def test_the_deadline_in_force_is_the_one_that_was_set_last(people: People) -> None:
    await set_gap_rule(2, "汛期值守", await people.viewer("city"), T0)
    await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    assert (await DataGap.get()).due_at == T0 + 9 * MINUTE + 2 * HOUR


async def test_the_silence_of_a_retired_gateway_ends_with_it(people: People) -> None:
    plant, _ = await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    await Gateway.filter(id=plant.gateway.id).update(active=False, updated_at=T0 + HOUR)
    assert (await sweep_gaps(T0 + HOUR)).ended == 1


async def test_a_gap_is_never_deleted(people: People) -> None:
    await silence(people)
    await sweep_gaps(T0 + 9 * MINUTE)
    with pytest.raises(BaseORMException, match="is a record"):
        await DataGap.all().delete()
