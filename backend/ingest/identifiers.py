"""Under which name a region's session stands at the broker: made once, and kept as a secret.

Whoever connects with it takes the session over, with all that waits in it. That is what the next owner of a region
does, so the name belongs to the region and not to a process.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import asyncpg

PREFIX = "ingest.identifier."
# Under which earlier versions held all regions in one session.
UNDIVIDED = "ingest.identifier"
MAKE = """
insert into secret (name, value, created_at)
select name, value, now() from unnest($1::text[], $2::text[]) as x(name, value)
on conflict (name) do nothing
"""


async def identifiers_of(con: asyncpg.Connection, regions: Sequence[str]) -> dict[str, str]:
    """The client identifier of each region."""
    names = [PREFIX + region for region in regions]
    await con.execute(MAKE, names, [f"ingest-{secrets.token_hex(16)}" for _ in names])
    rows = await con.fetch("select name, value from secret where name = any($1::text[])", names)
    return {row["name"].removeprefix(PREFIX): row["value"] for row in rows}
