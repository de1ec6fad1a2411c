from datetime import UTC, datetime

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from backend.kit import audit
from backend.kit.models import AuditRow

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("db")]
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


async def add(number: int) -> AuditRow:
    return await audit.record(
        "limit.set", "point", number, at=AT, person_id=None, person_name="周启明", reason="复核", h=85.0
    )


async def test_each_row_holds_the_hash_of_the_one_before() -> None:
    first, second = await add(1), await add(2)
    assert second.previous_hash == first.hash
    assert await audit.first_broken() is None


async def test_a_row_cannot_be_changed_or_deleted() -> None:
    row = await add(1)
    for statement in ("update audit set reason = 'x' where id = $1", "delete from audit where id = $1"):
        with pytest.raises(OperationalError, match="rows of audit are added"):
            async with in_transaction():
                await get_connection("default").execute_query(statement, [row.id])


async def test_a_change_past_the_guard_is_found() -> None:
    await add(1)
    row = await add(2)
    await add(3)
    database = get_connection("default")
    await database.execute_query("alter table audit disable trigger only_grows")
    await database.execute_query("update audit set reason = 'nothing happened' where id = $1", [row.id])
    assert await audit.first_broken() == row.id


async def test_many_rows_at_once_are_the_same_chain() -> None:
    await audit.record("tank.entered", "tank", 1, at=AT, person_id=None, person_name="x")
    entries = [
        audit.Entry(verb="tank.changed", object_kind="tank", object_id=number, reason="import", detail={"n": number})
        for number in range(1200)
    ]
    await audit.record_all(entries, at=AT, person_id=None, person_name="x")
    await audit.record_all([], at=AT, person_id=None, person_name="x")
    await audit.record("tank.entered", "tank", 2, at=AT, person_id=None, person_name="x")
    assert await AuditRow.all().count() == 1202
    assert await audit.first_broken() is None
