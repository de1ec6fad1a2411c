"""A plant to measure: an enterprise, its tanks and gateways, written straight into a database of the ingest tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec

from backend.ingest.identifiers import PREFIX
from backend.ingest.sorting import Message

REGION, ENTERPRISE = "370305", "E-001"
NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TABLES = (
    "alarm_event, alarm, frame, rollup_dirty, frame_gap, judging_delay, reject, edge_event, gateway_event, layout,"
    " limit_set, point, gateway, tank, gas_detector, major_hazard, enterprise"
)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    @property
    def ms(self) -> int:
        """Now, in ms since the epoch."""
        return round(self.at.timestamp() * 1000)

    def move(self, seconds: float) -> int:
        """Let time pass; the new now in ms."""
        self.at += timedelta(seconds=seconds)
        return self.ms


@dataclass
class Plant:
    """Gateways by code with their points; ids as the database gave them."""

    con: asyncpg.Connection
    enterprise_id: UUID = field(default_factory=uuid4)
    hazard_id: UUID = field(default_factory=uuid4)
    gateways: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def build(cls, con: asyncpg.Connection) -> Plant:
        """An enterprise with a hazard of grade 1, in a database emptied of all earlier plants."""
        await con.execute(f"truncate {TABLES} restart identity cascade")
        # Without it the next ingest is a stranger to the broker, and nothing of an earlier test waits for it there.
        await con.execute("delete from secret where name like $1", f"{PREFIX}%")
        plant = cls(con)
        await con.execute(
            "insert into region (adcode, name, name_en, kind, path) values ($1, 'x', 'x', 'district', $1)"
            " on conflict do nothing",
            REGION,
        )
        await con.execute(
            "insert into enterprise (id, code, name, short_name, initials, adcode, address, residents_500m,"
            " units_total, active, created_at) values ($1, $2, 'x', 'x', 'x', $3, '', 0, 0, true, $4)",
            plant.enterprise_id,
            ENTERPRISE,
            REGION,
            NOW,
        )
        await con.execute(
            "insert into major_hazard (id, enterprise_id, code, name, grade) values ($1, $2, 'H1', 'x', 1)",
            plant.hazard_id,
            plant.enterprise_id,
        )
        return plant

    async def gateway(self, code: str, *tags: str, kind: str = "level", **limits: Any) -> int:
        """A gateway with points of these tags, all with the same limits (none when none are given)."""
        tank_id = uuid4()
        await self.con.execute(
            "insert into tank (id, enterprise_id, hazard_id, code, name, medium) values ($1, $2, $3, $4, 'x', 'x')",
            tank_id,
            self.enterprise_id,
            self.hazard_id,
            f"T-{code}",
        )
        self.gateways[code] = await self.con.fetchval(
            "insert into gateway (code, enterprise_id, name, secret_bcrypt, secret_pbkdf2, active, online, created_at,"
            " updated_at) values ($1, $2, '', '', '', true, false, $3, $3) returning id",
            code,
            self.enterprise_id,
            NOW,
        )
        for tag in tags:
            await self.point(code, tag, tank_id, kind=kind, **limits)
        return self.gateways[code]

    async def point(
        self,
        code: str,
        tag: str,
        tank_id: UUID | None = None,
        *,
        kind: str = "level",
        range_hi: float = 100,
        **limits: Any,
    ) -> int:
        """One more point of a gateway."""
        self.points[tag] = await self.con.fetchval(
            "insert into point (gateway_id, enterprise_id, tank_id, tag, name, kind, unit, decimals, range_lo,"
            " range_hi, active, created_at) values ($1, $2, $3, $4, '', $5, '%', 1, 0, $6, true, $7) returning id",
            self.gateways[code],
            self.enterprise_id,
            tank_id,
            tag,
            kind,
            range_hi,
            NOW,
        )
        if limits:
            await self.limits(tag, **limits)
        return self.points[tag]

    async def limits(self, tag: str, *, version: int = 1, effective_from: datetime = NOW, **given: float) -> None:
        """A version of the limits of a point: ll, l, h, hh, deadband, on_delay_s, off_delay_s."""
        await self.con.execute(
            "insert into limit_set (point_id, version, limit_ll, limit_l, limit_h, limit_hh, deadband, on_delay_s,"
            " off_delay_s, author_name, reason, basis, effective_from, created_at)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'x', 'x', '', $10, $10)",
            self.points[tag],
            version,
            *(given.get(name) for name in ("ll", "l", "h", "hh")),
            *(given.get(name, 0.0) for name in ("deadband", "on_delay_s", "off_delay_s")),
            effective_from - timedelta(days=1) if effective_from == NOW else effective_from,
        )


class Wire:
    """Messages as gateways send them, stamped with the arrival at the clock's time."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self._mid = clock, 0

    def send(
        self, code: str, kind: str, payload: object, *, enterprise: str = ENTERPRISE, retained: bool = False
    ) -> Message:
        """One message; payloads that are not bytes are sent as JSON."""
        self._mid += 1
        raw = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        return Message(f"anlan/v1/{REGION}/{enterprise}/{code}/{kind}", raw, retained, self.clock.ms, self._mid)

    def birth(self, code: str, *tags: str, layout: int = 1) -> Message:
        """A birth with these tags."""
        return self.send(code, "birth", {"layout": layout, "points": [{"tag": tag} for tag in tags]}, retained=True)

    def frame(self, code: str, *values: float | None, t: int | None = None, **more: Any) -> Message:
        """A frame by position; measured now unless `t` says when (ms)."""
        return self.send(code, "frame", {"t": self.clock.ms if t is None else t, "layout": 1, "v": values, **more})
