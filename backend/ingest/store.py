"""One batch, one transaction: frames, and what judging them changed. After the commit it may be acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

import asyncpg
import structlog
from redis.asyncio import Redis

from backend.domains.alarms.excursions import record_excursions
from backend.domains.alarms.recording import append_events, move_episodes, open_episodes
from backend.domains.uploads.inbox import Closed, close_uploads
from backend.ingest import writing
from backend.ingest.backfill import excursions_in
from backend.ingest.city import City, Gateway, ms_of
from backend.ingest.contract import parse_topic
from backend.ingest.engine import judge
from backend.ingest.episodes import EpisodeRows, farther_values, rows_of
from backend.ingest.frames import Frame
from backend.ingest.leases import LeaseLost, Leases
from backend.ingest.loading import fingerprint, has_gateway, has_point, load_city, refresh_gateways
from backend.ingest.ordering import mark_out_of_range, order_frames, readings_of
from backend.ingest.presence import PresenceChange, silent
from backend.ingest.reasons import Reason, Rejected
from backend.ingest.refusals import Allowance, Refusal
from backend.ingest.restoring import restore
from backend.ingest.sorting import Batch, Elsewhere, Message, Outcome, sort_messages
from backend.ingest.sparkplug.keeping import keep_nodes
from backend.ingest.sparkplug.topics import is_sparkplug, parse_sparkplug_topic

log = structlog.get_logger()

# How often the farthest value of an open episode is stored while nothing else changes.
FARTHEST_EVERY_MS = 10_000

# Codes whose messages were refused; a broker without an access list can bring any number of them.
STRANGERS_REMEMBERED = 10_000


class StoreLost(Exception):
    """The database cannot be reached or does not take anything now; nothing was acknowledged."""


@dataclass(slots=True)
class Stored:
    """What a commit brought: whose values are fresh, and of what people must learn.

    event_ids: of `episodes.events`, in the same order. frames: how many were new. refusals: kept or not.
    waiting: messages of which nothing is stored yet; they are to be taken again, and not acknowledged before.
    births_missing: frames were refused because the birth they run along never came. elsewhere: to be sent on, and not
    acknowledged before. reborn: Sparkplug nodes whose births are missing. readings, reasons: for the meters.
    """

    gateways: set[Gateway] = field(default_factory=set)
    episodes: EpisodeRows = field(default_factory=EpisodeRows)
    event_ids: list[int] = field(default_factory=list)
    presence: list[PresenceChange] = field(default_factory=list)
    frames: int = 0
    refusals: int = 0
    waiting: list[Message] = field(default_factory=list)
    births_missing: bool = False
    elsewhere: list[Elsewhere] = field(default_factory=list)
    reborn: list[Gateway] = field(default_factory=list)
    readings: int = 0
    reasons: list[Reason] = field(default_factory=list)

    def and_then(self, later: Stored) -> Stored:
        """This commit and the next one, to be announced together."""
        return Stored(
            self.gateways | later.gateways,
            self.episodes.and_then(later.episodes),
            self.event_ids + later.event_ids,
            self.presence + later.presence,
            self.frames + later.frames,
            self.refusals + later.refusals,
            self.waiting + later.waiting,
            self.births_missing or later.births_missing,
            self.elsewhere + later.elsewhere,
            self.reborn + later.reborn,
            self.readings + later.readings,
            self.reasons + later.reasons,
        )


class Store:
    """The city in memory and its one connection to the database; both move together or not at all."""

    def __init__(
        self, con: asyncpg.Connection, redis: Redis, clock: Callable[[], datetime], leases: Leases | None = None
    ) -> None:
        self.con, self.redis, self.clock = con, redis, clock
        self.leases = leases or Leases(con)
        self.city = City()
        self.allowance = Allowance()
        self._days: set[date] = set()
        self._fingerprint = ""
        self._farthest_ms = 0
        self._strangers: set[str] = set()

    @classmethod
    async def open(
        cls,
        database_url: str,
        redis: Redis,
        clock: Callable[[], datetime],
        wished: Iterable[str] | None = None,
        *,
        stands_in: bool = True,
    ) -> Self:
        """Connect, read the configuration, and take the regions that are free; `seek` takes others later."""
        con = await asyncpg.connect(database_url, command_timeout=60)
        try:
            store = cls(con, redis, clock, Leases(con, wished, stands_in=stands_in))
            await store.reload()
            await store.seek()
        except BaseException:
            con.terminate()
            raise
        return store

    async def close(self) -> None:
        """Let go of the stream."""
        with suppress(Exception):
            await self.leases.close()
            await self.con.close(timeout=2)

    async def reload(self) -> None:
        """Forget everything and read it anew, to be where the last commit is."""
        self.city, self._days = City(), set()
        now = self.clock()
        self._fingerprint = await fingerprint(self.con, now)
        await load_city(self.con, self.city, now)
        self.city.regions = frozenset(self.leases.held)
        await restore(self.con, self.redis, self.city, self.city.our_gateways())

    async def seek(self) -> bool:
        """Take over regions that are free, and give back those that another process was told to hold.

        True when it changed which regions are ours; their judging is then where the last commit left it.
        """
        wanted, taken = self.leases.wanted_by_others, await self.leases.seek()
        if not taken and not wanted:
            return False
        await self.leases.give_back(wanted)
        await self._mind(frozenset(self.leases.held))
        return True

    async def _mind(self, regions: frozenset[str]) -> None:
        """Judge for these regions from now on; what others have judged meanwhile is read."""
        before = {gateway.id for gateway in self.city.our_gateways()}
        self.city.regions = regions
        await self._restore([each for each in self.city.our_gateways() if each.id not in before])

    async def _restore(self, newcomers: Sequence[Gateway]) -> None:
        if newcomers:
            fresh = await refresh_gateways(self.con, self.city, newcomers)
            await restore(self.con, self.redis, self.city, fresh)

    async def follow_configuration(self) -> bool:
        """Take over changed gateways, points and limits; alarms and delays go on.

        True when a gateway is known now whose messages were refused: its birth must be asked for again.
        """
        now = self.clock()
        if (seen := await fingerprint(self.con, now)) == self._fingerprint:
            return False
        self._fingerprint = seen
        before = {gateway.id for gateway in self.city.our_gateways()}
        await load_city(self.con, self.city, now)
        # Whose enterprise has moved into a region of ours was judged by others until now.
        await self._restore([each for each in self.city.our_gateways() if each.id not in before])
        log.info("ingest.configuration_read", gateways=len(self.city.gateways), points=len(self.city.points))
        met = self._strangers & self.city.gateways.keys()
        self._strangers -= met
        return bool(met)

    async def take(self, messages: Sequence[Message], *, again: bool = True) -> Stored:
        """Store a batch. A message the database refuses becomes a reject row and takes no neighbour along.

        Raises StoreLost; nothing of the batch may be acknowledged then, and memory must be read anew.
        """
        try:
            return await self._write(await self._sorted(messages))
        except Exception as exc:
            self._raise_if_lost(exc)
            log.warning("ingest.batch_refused", messages=len(messages), error=repr(exc))
            why = repr(exc)
        # Memory is ahead of the database now, or was behind it: the second is mended by reading it anew.
        await self.reload()
        if again:
            return await self.take(messages, again=False)
        if len(messages) == 1:
            return await self._refuse(messages[0], why)
        # One of them cannot be stored: each half in its turn, until it stands alone.
        half = len(messages) // 2
        first = await self.take(messages[:half], again=False)
        return first.and_then(await self.take(messages[half:], again=False))

    async def watch(self, listening_since: Mapping[str, int] | int) -> Stored:
        """What time alone brings: gateways that have gone silent, and what is written only now and then.

        listening_since: ms since when each region's link stands; nobody is silent where we do not listen.
        """
        now_ms = ms_of(self.clock())
        gateways = self.city.our_gateways()
        gone = [
            change
            for each in gateways
            if (change := silent(each, now_ms, _since(listening_since, each.region, now_ms))) is not None
        ]
        batch = Batch(presence=gone)
        try:
            return await self._write(batch, gateways)
        except Exception as exc:
            self._raise_if_lost(exc)
            raise StoreLost(repr(exc)) from exc

    async def _sorted(self, messages: Sequence[Message]) -> Batch:
        """Sort a batch. Whoever is not known to us may be known to the database since a moment ago."""
        strangers = {code for code in map(_sender, messages) if code and code not in self.city.gateways}
        if strangers and await has_gateway(self.con, strangers):
            await self.follow_configuration()
        now_ms = ms_of(self.clock())
        batch = sort_messages(self.city, messages, now_ms)
        unknown = [
            (each.gateway_id, each.detail)
            for each in batch.refusals
            if each.gateway_id is not None and each.reason is Reason.UNKNOWN_TAG
        ]
        if unknown and await has_point(self.con, unknown):
            await self.reload()
            batch = sort_messages(self.city, messages, now_ms)
        if len(self._strangers) < STRANGERS_REMEMBERED:
            self._strangers |= strangers - self.city.gateways.keys()
        return batch

    async def _write(self, batch: Batch, touched: Sequence[Gateway] = ()) -> Stored:
        con, city, now = self.con, self.city, self.clock()
        mark_out_of_range(city.limits, batch.frames)
        async with con.transaction():
            await self.leases.check()
            await writing.add_layouts(con, city, batch.layouts, now)
            new = await writing.add_frames(con, batch.frames, self._days)
            ordered = order_frames(new)
            rows = EpisodeRows()
            if ordered.in_order:
                changes = judge(city.state, city.limits, readings_of(ordered.in_order, ordered.waves))
                rows = rows_of(city, changes, now)
            if ms_of(now) - self._farthest_ms >= FARTHEST_EVERY_MS:
                farther_values(city, rows)
                self._farthest_ms = ms_of(now)
            await move_episodes(con, list(rows.moves.values()))
            await open_episodes(con, list(rows.opened.values()), now)
            event_ids = await append_events(con, rows.events)
            if ordered.old:
                await record_excursions(con, await excursions_in(con, city, ordered.old, now), now)
            await writing.store_delays(con, city)
            await writing.store_gaps(con, batch.senders, now)
            await writing.update_gateways(con, batch.senders.union(touched))
            await keep_nodes(con, batch.senders)
            await writing.add_gateway_events(con, batch.presence, batch.births)
            await writing.add_edge_events(con, batch.events)
            refusals = self.allowance.keep(batch.refusals)
            await writing.add_refusals(con, refusals)
            if batch.outcomes:
                await close_uploads(con, _closed(batch, new), now)
        live = [frame for frame in ordered.in_order if not frame.is_late]
        for frame in live:
            city.values.take(frame.layout.slots, frame.t, frame.values, frame.quality, frame.told)
        fresh = {frame.gateway for frame in live}
        births_missing = any(each.reason is Reason.UNKNOWN_LAYOUT for each in batch.refusals)
        return Stored(
            fresh,
            rows,
            event_ids,
            batch.presence,
            len(new),
            len(batch.refusals),
            batch.waiting,
            births_missing,
            batch.elsewhere,
            batch.reborn,
            sum(len(frame.v) for frame in new),
            [each.reason for each in batch.refusals],
        )

    async def _refuse(self, message: Message, why: str) -> Stored:
        rejected = Rejected(Reason.NOT_STORABLE, why)
        refusal = Refusal.of(rejected, None, message.topic, message.payload, self.clock())
        outcomes = {message.upload: Outcome(refused=[rejected])} if message.upload else {}
        return await self._write(Batch(refusals=[refusal], outcomes=outcomes))

    def _raise_if_lost(self, exc: Exception) -> None:
        """Tell a database that is away, full, or taken over from one that will not have this batch."""
        away = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
        full = (
            asyncpg.InsufficientResourcesError,
            asyncpg.TransactionRollbackError,
            asyncpg.ReadOnlySQLTransactionError,
        )
        if self.con.is_closed() or isinstance(exc, (*away, *full, LeaseLost)):
            raise StoreLost(repr(exc)) from exc


def _sender(message: Message) -> str:
    """The code of the gateway that a message says it is from; empty for a foreign topic."""
    try:
        if is_sparkplug(message.topic):
            told = parse_sparkplug_topic(message.topic)
            return told.gateway if told else ""
        return parse_topic(message.topic).gateway
    except Rejected:
        return ""


def _since(listening: Mapping[str, int] | int, region: str, now_ms: int) -> int:
    return listening if isinstance(listening, int) else listening.get(region, now_ms)


def _closed(batch: Batch, new: Sequence[Frame]) -> list[Closed]:
    """What became of each upload of a batch."""
    stored = set(map(id, new))
    return [
        Closed(
            number,
            stored=sum(id(frame) in stored for frame in outcome.frames),
            known=sum(id(frame) not in stored for frame in outcome.frames),
            refused=[(str(each.reason), each.detail) for each in outcome.refused],
        )
        for number, outcome in batch.outcomes.items()
    ]
