"""A small world for the story in the browser: two enterprises in two districts, tanks, a gateway, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from backend.db import open_database
from backend.domains.accounts.enums import Role
from backend.domains.accounts.models import Person
from backend.domains.accounts.queries import as_viewer
from backend.domains.commitments.content import WORK_FIELDS, CommitmentContent
from backend.domains.commitments.models import CommitmentDeadline
from backend.domains.commitments.schemas import Filing
from backend.domains.commitments.service import file_commitment
from backend.domains.enterprises.enums import CameraPlace, LoadingMode
from backend.domains.enterprises.models import Camera, Contact, LoadingArm, LoadingStation, Warehouse
from backend.domains.enterprises.service import make_enterprise, make_hazard, make_tank, set_quantities
from backend.domains.enterprises.service.hazards import Held
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.rules import Damping, LimitValues
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points
from backend.domains.outages.enums import GapKind
from backend.domains.outages.models import DataGap
from backend.domains.outages.service import set_gap_owner
from backend.domains.regions.zibo import CITY, plant_tree
from backend.kit import clock
from backend.kit.clock import plant_day
from tests.people import HUANTAI, LINZI, make_person
from tests.services import Services

ENTERPRISE = "370305001"
GATEWAY = "370305001-G1"
TAGS = ("LI-101", "TI-101", "PI-101", "LI-102")


ZONE = ZoneInfo("Asia/Shanghai")
OTHER_COUNTS = (
    "contractor_jobs",
    "maintenance_jobs",
    "tank_transfers",
    "tank_cleanings",
    "drainings",
    "changes",
)


@dataclass
class World:
    """What was made: ids for looking things up, and the gateway's secret."""

    database_url: str
    enterprise_id: UUID
    hazard_id: UUID
    secret: str


async def make_world(url: str, services: Services) -> World:
    """Fill a migrated database and let the gateway in."""
    async with open_database(url, everywhere=False):
        now = clock.now()
        await plant_tree()
        # The whole day, so that a story about being on time can be told at any hour.
        await CommitmentDeadline.create(
            adcode=CITY,
            window_opens=time(0, 0),
            due=time(23, 59),
            effective_from=date(2026, 1, 1),
            author_name="test",
            reason="a story",
            created_at=now,
        )
        entered = now - timedelta(days=7)
        own = await make_enterprise(
            ENTERPRISE, "淄博澜屿化工有限公司", LINZI, entered, by=None, units_total=4, lon=118.305, lat=36.812
        )
        other = await make_enterprise(
            "370321001", "桓台云栈气体有限公司齐鲁分公司", HUANTAI, entered, by=None, units_total=1
        )
        hazard = await make_hazard(own, f"{ENTERPRISE}001", "芳烃罐区", 2, now, by=None)
        # R 52, which is the grade it has.
        await set_quantities(hazard, [Held(chemical="甲苯", quantity_t=52_000)], now, by=None, reason="备案")
        await register(own.id, hazard.id)
        first = await make_tank(hazard, "TK-101", "甲苯储罐 101", "甲苯", now, by=None, volume_m3=3000)
        second = await make_tank(hazard, "TK-102", "甲苯储罐 102", "甲苯", now, by=None, volume_m3=3000)
        gateway = await make_gateway(own.id, GATEWAY, now, by=None)
        level = LimitValues(ll=5, l=10, h=85, hh=90)
        # Short delays, so that a story does not take a minute.
        quick = Damping(deadband=2.5, on_delay_s=2, off_delay_s=3)
        points = [
            NewPoint(
                tag="LI-101",
                kind=PointKind.LEVEL,
                range_lo=0,
                range_hi=100,
                limits=level,
                damping=quick,
                tank_id=first.id,
            ),
            NewPoint(
                tag="TI-101",
                kind=PointKind.TEMPERATURE,
                range_lo=-20,
                range_hi=100,
                limits=LimitValues(h=45, hh=55),
                tank_id=first.id,
            ),
            NewPoint(
                tag="PI-101",
                kind=PointKind.PRESSURE,
                range_lo=-2,
                range_hi=10,
                limits=LimitValues(h=2.0, hh=2.5),
                tank_id=first.id,
            ),
            NewPoint(
                tag="LI-102",
                kind=PointKind.LEVEL,
                range_lo=0,
                range_hi=100,
                limits=level,
                damping=quick,
                tank_id=second.id,
            ),
            # Beside the tanks, and never heard of.
            NewPoint(tag="FI-101", kind=PointKind.FLOW, range_lo=0, range_hi=150, limits=LimitValues(l=20)),
        ]
        await make_points(gateway.gateway, points, now, by=None)
        for username, role in (
            ("operator", Role.ENTERPRISE_OPERATOR),
            ("officer", Role.SAFETY_OFFICER),
            ("head", Role.MAIN_RESPONSIBLE),
        ):
            await make_person(username, role, enterprise_id=own.id)
        await make_person("stranger", Role.MAIN_RESPONSIBLE, enterprise_id=other.id)
        await explain_later(own.id, gateway.gateway.id, now)
        for username in ("head", "stranger"):
            await commit_yesterday(await Person.get(username=username), now)
        await make_person("linzi", Role.DISTRICT_REGULATOR, adcode=LINZI)
        await make_person("huantai", Role.DISTRICT_REGULATOR, adcode=HUANTAI)
        await make_person("expert", Role.SAFETY_EXPERT, adcode=LINZI)
        await make_person("city", Role.CITY_REGULATOR, adcode=CITY)
    services.broker.admit(GATEWAY, LINZI, ENTERPRISE, gateway.secret)
    return World(url, own.id, hazard.id, gateway.secret)


async def explain_later(enterprise_id: UUID, gateway_id: int, now: datetime) -> None:
    """A gap that is over and not explained, handed to the operator."""
    officer = await Person.get(username="officer")
    gap = await DataGap.create(
        gateway_id=gateway_id,
        enterprise_id=enterprise_id,
        adcode=LINZI,
        kind=GapKind.SILENT,
        began_at=now - timedelta(hours=3),
        ended_at=now - timedelta(hours=2),
        opened_at=now - timedelta(hours=3),
        due_at=now + timedelta(hours=21),
        owner_id=officer.id,
        owner_name=officer.name,
    )
    operator = await Person.get(username="operator")
    await set_gap_owner(gap.id, operator.id, "夜班由他查网关电源", await as_viewer(officer), now)


async def register(enterprise_id: UUID, hazard_id: UUID) -> None:
    """What else stands in the enterprise, one of each kind, and whom to call."""
    here = {"enterprise_id": enterprise_id}
    await Contact.create(**here, duty="安全", name="周启明", phone="17005330001")
    await Warehouse.create(**here, code="CK-1", name="甲类库", stored="桶装溶剂", capacity_t=120)
    await Camera.create(**here, hazard_id=hazard_id, code="SP-1", name="罐区全景", place=CameraPlace.KEY_PART)
    station = await LoadingStation.create(**here, code="ZX-1", name="1# 装卸台", mode=LoadingMode.TRUCK)
    await LoadingArm.create(station_id=station.id, bay="B1", arm="1", medium="甲苯")


async def commit_yesterday(signer: Person, now: datetime) -> None:
    """The signer's enterprise filed yesterday as every day, so that today starts from something."""
    yesterday = now - timedelta(days=1)
    content = CommitmentContent(
        units_total=4,
        units_running=4,
        units_stopped=0,
        units_maintenance=0,
        **dict.fromkeys((*WORK_FIELDS, *OTHER_COUNTS), 0),
        trial_production=False,
        start_up_shut_down=False,
        pilot_test=False,
        duty_leader="周启明",
        duty_phone="13800001190",
        major_hidden_hazard=False,
        hazards_safe=True,
        responsible_in_place=True,
        risk_level=4,
    )
    filing = Filing(id=uuid4(), commit_on=plant_day(yesterday, ZONE), content=content, signed_at=yesterday)
    await file_commitment(filing, await as_viewer(signer), None, yesterday, ZONE)
