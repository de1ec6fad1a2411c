"""What the database holds, for tests to look at."""

from __future__ import annotations

from typing import Any

import asyncpg


async def rows(
    con: asyncpg.Connection, table: str, *columns: str, order: str = "id", where: str = "true"
) -> list[tuple[Any, ...]]:
    """The columns of a table's rows, in order."""
    found = await con.fetch(f"select {', '.join(columns)} from {table} where {where} order by {order}")
    return [tuple(row) for row in found]


async def frames(con: asyncpg.Connection) -> list[tuple[Any, ...]]:
    """Gateway, values, qualities, number and lateness of every stored frame."""
    return await rows(con, "frame", "gateway_id", "v", "q", "n", "late", order="gateway_id, t")


async def reasons(con: asyncpg.Connection) -> list[str]:
    """Why what was refused was refused."""
    return [reason for (reason,) in await rows(con, "reject", "reason")]
