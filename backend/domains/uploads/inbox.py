"""What ingest does with batches: take the open ones of its regions, and close them with the frames' own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
import msgspec

# On which the database tells that there is a new one.
CHANNEL = "anlan_upload"
ANSWER_KEPT = timedelta(days=1)

OPEN = """
select u.id, u.payload, u.received_at, g.code as gateway, e.code as enterprise, e.adcode as region
from upload u join gateway g on g.id = u.gateway_id join enterprise e on e.id = g.enterprise_id
where u.done_at is null and e.adcode = any($1::text[]) order by u.id limit $2
"""
CLOSE = """
update upload u set done_at = $5, payload = null, stored = x.stored, known = x.known, refused = x.refused::jsonb
from unnest($1::bigint[], $2::int[], $3::int[], $4::text[]) as x(id, stored, known, refused)
where u.id = x.id and u.done_at is null
"""
FORGET = "delete from upload where done_at < $1"


class OpenUpload(msgspec.Struct, frozen=True):
    """A batch that waits, and whose it is."""

    id: int
    payload: bytes
    received_at: datetime
    gateway: str
    enterprise: str
    region: str


class Closed(msgspec.Struct, frozen=True):
    """What became of a batch. known: frames that were there before. refused: reason and detail of each refusal."""

    id: int
    stored: int
    known: int
    refused: list[tuple[str, str]]


async def open_uploads(con: asyncpg.Connection, regions: Sequence[str], limit: int) -> list[OpenUpload]:
    """The oldest open batches of gateways of these regions."""
    return [OpenUpload(**row) for row in await con.fetch(OPEN, list(regions), limit)]


async def close_uploads(con: asyncpg.Connection, closed: Sequence[Closed], now: datetime) -> None:
    """Say what became of batches; call it inside the transaction that stores their frames."""
    refused = [msgspec.json.encode(each.refused).decode() for each in closed]
    ids, stored, known = zip(*((each.id, each.stored, each.known) for each in closed), strict=True)
    await con.execute(CLOSE, ids, stored, known, refused, now)
    await con.execute(FORGET, now - ANSWER_KEPT)
