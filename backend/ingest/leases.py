"""Who holds which region's stream: one owner each, by a lock of its database session and a row for people to see.

The lock is the fence: it belongs to the very session that commits, so whoever lost it cannot commit. A process that
hangs keeps its session, so it must also renew its row; where it does not, the next owner ends that session first.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

import asyncpg
import structlog

from backend.ingest.contract import SPARKPLUG_SHARE

log = structlog.get_logger()

# First half of the lock's name, any number will do; the second half is the region's.
REGION_LOCK = 595003
RENEW_EVERY_S = 2.0
# Three renewals missed: the owner hangs, or its machine is gone.
EXPIRES_AFTER = timedelta(seconds=6)
# Whoever stands in lets a process that was told to hold the region come first: a restart takes about a second.
STANDS_IN_AFTER = timedelta(seconds=3)

REGIONS = "select adcode from region order by adcode"
# Locks of the same session count up, so a region that we do not want or hold already must never be asked for: the
# choice is made in a step of its own.
TAKE = """
with chosen as materialized (
    select r.region, r.stands_in from unnest($1::text[], $2::bool[]) as r(region, stands_in)
    left join ingest_owner o on o.region = r.region
    where not r.stands_in or coalesce(o.renewed_at, $6::timestamptz) < clock_timestamp() - $5::interval),
asked as materialized (select region, stands_in, pg_try_advisory_lock($4, hashtext(region)) as is_free from chosen)
insert into ingest_owner (region, owner, backend_pid, token, stands_in, since, renewed_at)
select region, $3, pg_backend_pid(), 1, stands_in, clock_timestamp(), clock_timestamp() from asked where is_free
on conflict (region) do update set owner = excluded.owner, backend_pid = excluded.backend_pid,
    token = ingest_owner.token + 1, stands_in = excluded.stands_in, since = excluded.since,
    renewed_at = excluded.renewed_at, wanted_at = null
returning region, token
"""
# Only a session that holds the lock and whose own row is old is ended: process numbers are given again.
END_HUNG = """
select o.region, o.owner, pg_terminate_backend(l.pid) as ended
from ingest_owner o join pg_locks l on l.locktype = 'advisory' and l.granted and l.pid = o.backend_pid
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid = $2 and l.objid::bigint = (hashtext(o.region)::bigint & 4294967295) and l.objsubid = 2
where o.region = any($1::text[]) and o.renewed_at < clock_timestamp() - $3::interval and l.pid <> pg_backend_pid()
"""
STILL_OURS = """
select count(*) from ingest_owner o join unnest($1::text[], $2::bigint[]) as x(region, token)
on o.region = x.region and o.token = x.token
"""
WANT = "update ingest_owner set wanted_at = clock_timestamp() where region = any($1::text[]) and stands_in"
RENEW = """
update ingest_owner o set renewed_at = clock_timestamp()
from unnest($1::text[], $2::bigint[]) as x(region, token) where o.region = x.region and o.token = x.token
returning o.region, o.stands_in and o.wanted_at > clock_timestamp() - $3::interval as wanted
"""
GIVE_BACK = """
with told as (update ingest_owner set owner = '', renewed_at = clock_timestamp()
              where region = any($1::text[]) and owner = $2 returning region)
select pg_advisory_unlock($3, hashtext(region)) from told
"""


class LeaseLost(Exception):
    """Another process holds a region that we thought was ours."""


class Leases:
    """The regions of one process. held: region → token of its lease.

    wished: the regions this process was told to hold; None = all. stands_in: also takes any other one that has been
    without an owner for a while, and gives it back to a process that was told to hold it.
    """

    def __init__(self, con: asyncpg.Connection, wished: Iterable[str] | None = None, *, stands_in: bool = True) -> None:
        self.con, self.stands_in = con, stands_in
        self.wished = None if wished is None else frozenset(wished)
        self.owner = f"{socket.gethostname()}/{os.getpid()}"
        self.held: dict[str, int] = {}
        self.wanted_by_others: frozenset[str] = frozenset()
        self._opened_at: datetime | None = None
        self._stood_by: frozenset[str] = frozenset()

    def is_wished(self, region: str) -> bool:
        """Whether this process was told to hold the region."""
        return self.wished is None or region in self.wished

    async def seek(self) -> list[str]:
        """Take what may be taken of the regions that we do not hold; those taken just now."""
        con = self.con
        self._opened_at = self._opened_at or await con.fetchval("select clock_timestamp()")
        known = [*(row["adcode"] for row in await con.fetch(REGIONS)), SPARKPLUG_SHARE]
        away = [each for each in known if each not in self.held and (self.stands_in or self.is_wished(each))]
        if not away:
            return []
        await self._end_hung(away)
        rows = await con.fetch(
            TAKE,
            away,
            [not self.is_wished(each) for each in away],
            self.owner,
            REGION_LOCK,
            STANDS_IN_AFTER,
            self._opened_at,
        )
        taken = {row["region"]: row["token"] for row in rows}
        self.held |= taken
        if wanted := [each for each in away if each not in taken and self.is_wished(each)]:
            await con.execute(WANT, wanted)
        self._tell(taken, frozenset(wanted))
        return sorted(taken)

    async def check(self) -> None:
        """Raise LeaseLost unless all regions are still ours; call it inside the transaction that is to be fenced."""
        if self.held and await self.con.fetchval(STILL_OURS, list(self.held), list(self.held.values())) != len(
            self.held
        ):
            raise LeaseLost(f"{self.owner} does not hold all of {', '.join(self.held)} any more")

    async def renew(self, con: asyncpg.Connection) -> None:
        """Say that we are alive, on a connection beside that of the commits, which may be busy."""
        rows = await con.fetch(RENEW, list(self.held), list(self.held.values()), EXPIRES_AFTER)
        self.wanted_by_others = frozenset(row["region"] for row in rows if row["wanted"])

    async def give_back(self, regions: Iterable[str]) -> None:
        """Let go of regions; nothing of theirs may be written after it."""
        gone = [each for each in regions if self.held.pop(each, None) is not None]
        self.wanted_by_others -= set(gone)
        if gone:
            await self.con.execute(GIVE_BACK, gone, self.owner, REGION_LOCK)
            log.info("ingest.regions_given_back", regions=gone)

    async def close(self) -> None:
        """Let go of everything, as far as the database can still be told."""
        with suppress(Exception):
            await self.give_back(list(self.held))

    async def _end_hung(self, regions: list[str]) -> None:
        for row in await self.con.fetch(END_HUNG, regions, REGION_LOCK, EXPIRES_AFTER):
            log.warning("ingest.owner_hangs", region=row["region"], owner=row["owner"], ended=row["ended"])

    def _tell(self, taken: dict[str, int], standing_by: frozenset[str]) -> None:
        if taken:
            log.info("ingest.regions_taken", regions=sorted(taken))
        if standing_by and standing_by != self._stood_by:
            log.info("ingest.standing_by", regions=sorted(standing_by))
        self._stood_by = standing_by
