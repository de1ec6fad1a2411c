"""Where every line of a recording went."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

import msgspec
from tortoise.connection import get_connection

GIVES_UP_AFTER_S = 30.0
# Rejects of a frame as a whole; the others leave the frame and take one value out of it.
WHOLE_FRAMES = ("unknown_gateway", "too_large", "malformed", "unknown_layout", "wrong_length", "future_time",
                "bad_time", "not_storable", "foreign_topic")  # fmt: skip
STORED = "select count(*) as found from frame where gateway_id = $1 and t = any($2::timestamptz[])"
REJECTED = """
select count(*) as found from reject where received_at >= $1 and topic = $2 and reason = any($3::text[])
"""


class Account(msgspec.Struct, frozen=True):
    """Where every line of a file went: sent = stored + rejected + repeated.

    repeated: lines whose time stood in the file before, of which one frame is kept. bad_cells became missing values;
    untimed lines were not sent.
    """

    gateway: str
    sent: int
    stored: int
    rejected: int
    repeated: int
    bad_cells: int
    untimed: int

    @property
    def adds_up(self) -> bool:
        """Whether nothing was lost on the way."""
        return self.missing == 0

    @property
    def missing(self) -> int:
        """Frames that are nowhere."""
        return self.sent - self.stored - self.rejected - self.repeated

    def __str__(self) -> str:
        told = f"sent {self.sent} = stored {self.stored} + rejected {self.rejected} + repeated {self.repeated}"
        more = f" + missing {self.missing}" if self.missing else ""
        return f"{told}{more}; {self.bad_cells} cells without a number, {self.untimed} lines without a time"


async def settled(gateway_id: int, topic: str, times: Sequence[datetime], began: datetime) -> tuple[int, int]:
    """Wait until every frame is stored or rejected, or until nothing has moved for a while; (stored, rejected)."""
    distinct = sorted(set(times))
    before, moved_at = (-1, -1), time.monotonic()
    while True:
        stored = await _count(STORED, gateway_id, distinct)
        rejected = await _count(REJECTED, began, topic, list(WHOLE_FRAMES))
        if stored + rejected >= len(distinct):
            return stored, rejected
        if (stored, rejected) != before:
            before, moved_at = (stored, rejected), time.monotonic()
        elif time.monotonic() - moved_at > GIVES_UP_AFTER_S:
            return stored, rejected
        await asyncio.sleep(0.2)


async def _count(sql: str, *arguments: object) -> int:
    (row,) = await get_connection("default").execute_query_dict(sql, list(arguments))
    return int(row["found"])
