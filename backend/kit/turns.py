"""Taking turns: writers of the same thing wait for one another until the transaction ends."""

from __future__ import annotations

from tortoise.transactions import in_transaction


async def take_turn(*name: object) -> None:
    """Wait until nobody else holds the turn of that name, and hold it until the caller's transaction ends.

    Call it inside `in_transaction()`: outside of one the turn is given back at once.
    """
    async with in_transaction() as tx:
        await tx.execute_query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [":".join(map(str, name))])
