"""A small plant for tests: a tank and a detector of the own enterprise, with points, limits and frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tortoise.connection import get_connection

from backend.domains.alarms.enums import AlarmEventKind, Side
from backend.domains.alarms.models import Alarm, AlarmEvent
from backend.domains.enterprises.enums import GasClass
from backend.domains.enterprises.models import Enterprise, GasDetector, MajorHazard, Tank
from backend.domains.enterprises.service import make_detector, make_hazard, make_tank
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.models import Gateway, Layout, LimitSet, Point
from backend.domains.monitoring.rules import LimitValues
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points

BUILT_AT = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass
class Plant:
    """What stands there. `layout` runs along level, pressure, gas, gas2."""

    enterprise: Enterprise
    hazard: MajorHazard
    tank: Tank
    detector: GasDetector
    gateway: Gateway
    level: Point
    pressure: Point
    gas: Point
    gas2: Point
    layout: Layout

    @classmethod
    async def build(cls, enterprise: Enterprise, grade: int = 2) -> Plant:
        """Build it."""
        code = enterprise.code
        hazard = await make_hazard(enterprise, f"{code}001", "芳烃罐区", grade, BUILT_AT, by=None)
        tank = await make_tank(hazard, "TK-101", "甲苯储罐", "甲苯", BUILT_AT, by=None, volume_m3=3000)
        detector = await make_detector(
            enterprise, "GT-2107", "泵区东", GasClass.COMBUSTIBLE, BUILT_AT, by=None, hazard=hazard, area="2# 泵区"
        )
        other = await make_detector(
            enterprise, "GT-2109", "泵区西", GasClass.COMBUSTIBLE, BUILT_AT, by=None, hazard=hazard, area="2# 泵区"
        )
        gateway = (await make_gateway(enterprise.id, f"gw-{code}", BUILT_AT, by=None)).gateway
        gas = LimitValues(h=25, hh=50)
        points = await make_points(
            gateway,
            [
                NewPoint(
                    tag="LT-101",
                    kind=PointKind.LEVEL,
                    range_lo=0,
                    range_hi=100,
                    tank_id=tank.id,
                    limits=LimitValues(10, 15, 85, 90),
                ),
                NewPoint(tag="PT-101", kind=PointKind.PRESSURE, range_lo=0, range_hi=5, tank_id=tank.id),
                NewPoint(
                    tag="GT-2107",
                    kind=PointKind.COMB_GAS,
                    range_lo=0,
                    range_hi=100,
                    detector_id=detector.id,
                    limits=gas,
                ),
                NewPoint(
                    tag="GT-2109", kind=PointKind.COMB_GAS, range_lo=0, range_hi=100, detector_id=other.id, limits=gas
                ),
            ],
            BUILT_AT,
            by=None,
        )
        layout = await Layout.create(
            gateway_id=gateway.id,
            number=1,
            tags=[point.tag for point in points],
            point_ids=[point.id for point in points],
            received_at=BUILT_AT,
        )
        return cls(enterprise, hazard, tank, detector, gateway, *points, layout)

    async def send(
        self,
        at: datetime,
        values: Sequence[float | None],
        quality: Sequence[int] | None = None,
        layout: Layout | None = None,
    ) -> None:
        """Store one frame, as ingest would."""
        await self.send_many([(at, values, quality)], layout)

    async def send_many(
        self,
        frames: Iterable[tuple[datetime, Sequence[float | None], Sequence[int] | None]],
        layout: Layout | None = None,
    ) -> None:
        """Store frames, as ingest would."""
        con = get_connection("default")
        rows = list(frames)
        for day in sorted({at.date() for at, _, _ in rows}):
            await con.execute_query("select ensure_frame_day($1)", [day])
        await con.execute_many(
            "insert into frame (gateway_id, t, layout_id, received_at, v, q) values ($1, $2, $3, $2, $4, $5)",
            [[self.gateway.id, at, (layout or self.layout).id, v, q] for at, v, q in rows],  # type: ignore[misc]
        )

    async def alarm(self, point: Point, at: datetime, level: int = 1, **fields: object) -> Alarm:
        """An open alarm of a point with its first event, as ingest would write it."""
        limits = await LimitSet.get(point_id=point.id, version=1)
        given: dict[str, object] = {
            "point_id": point.id,
            "gateway_id": point.gateway_id,
            "enterprise_id": point.enterprise_id,
            "adcode": self.enterprise.adcode,
            "hazard_id": self.hazard.id,
            "side": Side.HIGH,
            "start_level": level,
            "worst_level": level,
            "level": level,
            "level_since": at,
            "risk_level": 0 if level == 1 else 2,
            "rises_at": None,
            "raised_at": at,
            "start_value": 86.0,
            "worst_value": 86.2,
            "limit_value": limits.limit_h,
            "limit_set_id": limits.id,
            "created_at": at,
        }
        row = await Alarm.create(**{**given, **fields})
        await AlarmEvent.create(
            alarm_id=row.id,
            at=at,
            kind=AlarmEventKind.RAISED,
            level=level,
            risk_level=row.risk_level,
            value=row.start_value,
        )
        return row
