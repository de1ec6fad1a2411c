"""A small plant in the database: one hazard with two tanks on one gateway, and frames as ingest stores them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.connection import get_connection

from backend.domains.alarms.enums import Side
from backend.domains.alarms.models import Alarm
from backend.domains.enterprises.models import Enterprise, MajorHazard, Tank
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.models import Gateway, Layout, LimitSet, Point

LIMITS = {"level": (5.0, 10.0, 85.0, 90.0), "temperature": (None, None, 40.0, 50.0)}


@dataclass
class Plant:
    """A hazard, the points of its tanks in the order of the frames, and what is needed to send more."""

    hazard: MajorHazard
    gateway: Gateway
    layout: Layout
    points: list[Point]
    limits: dict[int, LimitSet]

    async def send(self, until: datetime, *values: float | None, minutes: float = 15.0, rise: float = 0.0) -> None:
        """Frames every 10 s up to `until`, all with these values; the first one rises by `rise` a minute."""
        count = int(minutes * 6)
        rows = []
        for i in range(count):
            at = until - timedelta(seconds=10 * (count - 1 - i))
            v = list(values)
            if v[0] is not None:
                v[0] -= rise * (count - 1 - i) / 6
            rows.append((self.gateway.id, at, self.layout.id, at, v))
        for day in {row[1].date() for row in rows}:
            await run("select ensure_frame_day($1)", day)
        async with get_connection("default").acquire_connection() as connection:
            await connection.executemany(
                "insert into frame (gateway_id, t, layout_id, received_at, v) values ($1, $2, $3, $4, $5)"
                " on conflict (gateway_id, t) do nothing",
                rows,
            )

    async def alarm(self, raised_at: datetime, level: int = 1, **changed: Any) -> Alarm:
        """An open high alarm on the first point."""
        point = self.points[0]
        given: dict[str, Any] = {
            "point_id": point.id,
            "gateway_id": self.gateway.id,
            "enterprise_id": self.hazard.enterprise_id,
            "adcode": "370305",
            "hazard_id": self.hazard.id,
            "side": Side.HIGH,
            "start_level": level,
            "worst_level": level,
            "level": level,
            "level_since": raised_at,
            "risk_level": 0,
            "raised_at": raised_at,
            "start_value": 86.0,
            "worst_value": 86.0,
            "limit_value": 85.0,
            "limit_set_id": self.limits[point.id].id,
            "created_at": raised_at,
        }
        return await Alarm.create(**(given | changed))


async def run(sql: str, *arguments: object) -> Any:
    """One statement on the test's own connection."""
    async with get_connection("default").acquire_connection() as connection:
        return await connection.fetchval(sql, *arguments)


async def build_plant(enterprise: Enterprise, now: datetime, code: str = "A", grade: int = 3) -> Plant:
    """Two tanks: a level and a temperature on the first, a level on the second."""
    hazard = await MajorHazard.create(
        enterprise_id=enterprise.id, code=f"{enterprise.code}-{code}", name=f"{code} 罐区", grade=grade
    )
    gateway = await Gateway.create(
        code=f"gw-{enterprise.code}-{code}", enterprise_id=enterprise.id, secret_bcrypt="-", secret_pbkdf2="-",
        created_at=now, updated_at=now,
    )  # fmt: skip  # one gateway is one line of thought.
    points, limits = [], {}
    for number, kinds in ((1, ("level", "temperature")), (2, ("level",))):
        tank = await Tank.create(
            enterprise_id=enterprise.id, hazard_id=hazard.id, code=f"T-{code}{number}", name=f"{code}{number} 罐",
            medium="甲苯",
        )  # fmt: skip  # one tank is one line of thought.
        for kind in kinds:
            point = await Point.create(
                gateway_id=gateway.id, enterprise_id=enterprise.id, tank_id=tank.id, kind=PointKind(kind),
                tag=f"{kind[0].upper()}I-{code}{number}", unit="%" if kind == "level" else "°C",
                range_lo=0.0, range_hi=100.0, created_at=now,
            )  # fmt: skip  # one point is one line of thought.
            points.append(point)
            limits[point.id] = await set_limits(point, LIMITS[kind], now - timedelta(days=1))
    layout = await Layout.create(
        gateway_id=gateway.id, number=1, tags=[p.tag for p in points], point_ids=[p.id for p in points], received_at=now
    )
    return Plant(hazard, gateway, layout, points, limits)


async def set_limits(point: Point, limits: tuple[float | None, ...], at: datetime, version: int = 1) -> LimitSet:
    """A version of a point's limits."""
    ll, l, h, hh = limits  # noqa: E741 - the plant's own name for it.
    return await LimitSet.create(
        point_id=point.id, version=version, limit_ll=ll, limit_l=l, limit_h=h, limit_hh=hh, deadband=1.0,
        on_delay_s=0.0, off_delay_s=0.0, author_name="专家", reason="核定", effective_from=at, created_at=at,
    )  # fmt: skip  # one version is one line of thought.
