"""The demo city as a workbook: `python -m backend.seed.city_workbook` writes backend/seed/demo-city.xlsx anew.

The simulator's city is where it comes from, so what is imported and what is simulated agree; a test holds that.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from backend.domains.enterprises.chemicals import find_chemical
from backend.domains.enterprises.enums import TankForm
from backend.domains.enterprises.processes import PROCESSES
from backend.domains.enterprises.workbook.sheet import Values
from backend.domains.enterprises.workbook.writing import make_workbook
from backend.simulator.city import CITY_SEED, City, EnterprisePlan, PointPlan, TankPlan, make_city
from backend.simulator.city.media import Storage
from backend.simulator.city.places import PLACES
from backend.simulator.city.plants import HazardPlan
from backend.simulator.city.stock import stock_of

FILE = Path(__file__).resolve().parent / "demo-city.xlsx"
# Key supervised processes by the Latin name of the enterprise; one unit each, in this order.
PROCESSES_OF = {
    "lanyu": ("E15015", "E1508"), "chixia": ("E1506", "E1508", "E15015"), "jiyuan": ("E1506", "E15014"),
    "xuanpu": ("E1505",), "zeyi": ("E15010",), "songjian": ("E1507",), "chenghu": ("E1502", "E15014"),
    "heting": ("E15014", "E15015"), "weidang": ("E1504",), "wangshu": ("E15011", "E1508"), "yunrang": ("E1503",),
    "qingheng": ("E1501",), "langche": ("E1508", "E15012"), "lingxiu": ("E15014",), "ciquan": ("E15013",),
    "zhiyun": ("E1509", "E15018"), "luming": ("E1503",),
}  # fmt: skip
CITY_MANAGED = frozenset({"chixia", "chenghu", "jiyuan"})
MARGIN_M = 6.0
AREA_KINDS = (("泵区", "pumps"), ("装卸台", "loading"))
Rows = dict[str, list[Values]]


def city_rows(city: City) -> Rows:
    """The rows of every sheet, by slug."""
    rows: Rows = defaultdict(list)
    for plan in city.enterprises:
        dice = random.Random(f"{city.seed}/{plan.slug}/registry")  # noqa: S311 - an invented city, no secret
        _enterprise(plan, rows)
        for index, hazard in enumerate(plan.hazards, 1):
            _hazard(plan, hazard, index, dice, rows)
        _buildings(plan, rows)
        for gateway in plan.gateways:
            rows["gateways"].append({"enterprise": plan.code, "code": gateway.code, "name": gateway.name})
            rows["points"] += [_point(plan, gateway.code, point) for point in gateway.points]
    return dict(rows)


def city_workbook(city: City) -> bytes:
    """The city as an .xlsx."""
    return make_workbook(city_rows(city))


def _enterprise(plan: EnterprisePlan, rows: Rows) -> None:
    people = {person.role: person for person in plan.people}
    head, officer, operator = (people[role] for role in ("main_responsible", "safety_officer", "enterprise_operator"))
    media = dict.fromkeys(tank.medium.name for hazard in plan.hazards for tank in hazard.tanks)
    rows["enterprises"].append(
        {
            "code": plan.code,
            "long_code": f"{PLACES[plan.adcode].registered}{plan.code[4:]}",
            "name": plan.name,
            "short_name": plan.short_name,
            "uscc": plan.uscc,
            "adcode": plan.adcode,
            "city_managed": plan.slug in CITY_MANAGED,
            "park": plan.park,
            "address": plan.address,
            "lon": plan.lon,
            "lat": plan.lat,
            "residents_500m": plan.residents_500m,
            "units_total": plan.units_total,
            "legal_representative": head.name,
            "licence_no": f"（鲁淄）WH安许证字〔2024〕{plan.code[4:]}号",
            "duty_phone": operator.phone,
            "staff_count": 45 + 38 * plan.units_total,
            "products": "、".join(media),
            "about": "",
        }
    )
    for duty, person in (("安全", officer), ("值班", operator)):
        rows["contacts"].append(
            {"enterprise": plan.code, "duty": duty, "name": person.name, "phone": person.phone}
        )  # fmt: skip


def _hazard(plan: EnterprisePlan, hazard: HazardPlan, index: int, dice: random.Random, rows: Rows) -> None:
    assessed = date(2024, 3, 1) + timedelta(days=dice.randrange(600))
    filed = assessed + timedelta(days=dice.randrange(3, 15))  # Within 15 days (standards 3.5).
    rows["hazards"].append(
        {
            "enterprise": plan.code,
            "code": hazard.code,
            "name": hazard.name,
            "kind": "storage",
            "commissioned_on": date(2005 + dice.randrange(17), dice.randrange(1, 13), dice.randrange(1, 29)),
            "assessed_on": assessed,
            "filing_no": f"BA鲁淄{plan.adcode}〔{filed.year}〕{dice.randrange(1000):03d}",
            "filed_on": filed,
            "filed_until": assessed + timedelta(days=3 * 365),
        }
    )
    for name, tonnes in stock_of(hazard).items():
        chemical = find_chemical(name)
        rows["chemicals"].append(
            {"hazard": hazard.code, "chemical": name, "cas": chemical.cas if chemical else "", "hazard_class": "",
             "quantity_t": tonnes}
        )  # fmt: skip
    people = {person.role: person for person in plan.people}
    for role, job in (
        ("main", "main_responsible"),
        ("technical", "safety_officer"),
        ("operation", "enterprise_operator"),
    ):
        since = date(2025, 1, 1) + timedelta(days=dice.randrange(300))
        rows["responsible"].append(
            {"hazard": hazard.code, "role": role, "name": people[job].name, "phone": people[job].phone, "since": since,
             "until": None}
        )  # fmt: skip
    rows["tanks"] += [_tank(plan, hazard, tank) for tank in hazard.tanks]
    rows["detectors"] += [
        {"enterprise": plan.code, "hazard": hazard.code, "code": head.code, "name": head.name, "gas": head.gas.value,
         "medium": head.medium, "area": head.area, "x_m": head.x_m, "y_m": head.y_m}
        for head in hazard.detectors
    ]  # fmt: skip
    rows["areas"] += _areas(plan, hazard, index)
    _loading(plan, hazard, index, rows)
    rows["cameras"].append(
        {"enterprise": plan.code, "hazard": hazard.code, "code": f"SP-{index}01", "name": f"{hazard.name}全景",
         "place": "key_part", "position": "围堰东北角", "device_id": _device_id(plan, index)}
    )  # fmt: skip


def _tank(plan: EnterprisePlan, hazard: HazardPlan, tank: TankPlan) -> Values:
    storage, volume = tank.medium.storage, tank.volume_m3
    form = {
        Storage.BLANKETED: TankForm.INNER_FLOATING if volume >= 500 else TankForm.FIXED_ROOF,
        Storage.PRESSURISED: TankForm.SPHERE if volume >= 300 else TankForm.HORIZONTAL,
        Storage.CRYOGENIC: TankForm.CRYOGENIC,
        Storage.GAS: TankForm.GAS_VESSEL,
    }[storage]
    # As high as it is wide, which is how upright tanks of this size are built.
    height = round((4 * volume / math.pi) ** (1 / 3), 1) if storage is Storage.BLANKETED else None
    return {
        "enterprise": plan.code, "hazard": hazard.code, "code": tank.code, "name": tank.name,
        "medium": tank.medium.name, "form": form.value, "volume_m3": volume, "height_m": height,
    }  # fmt: skip


def _areas(plan: EnterprisePlan, hazard: HazardPlan, index: int) -> Iterator[Values]:
    """Where detectors stand is an area: the rectangle around them and a little more."""
    heads = defaultdict(list)
    for head in hazard.detectors:
        heads[head.area].append(head)
    for order, (name, found) in enumerate(heads.items(), 1):
        left, bottom = min(h.x_m for h in found) - MARGIN_M, min(h.y_m for h in found) - MARGIN_M
        width = max(h.x_m for h in found) + MARGIN_M - left
        depth = max(h.y_m for h in found) + MARGIN_M - bottom
        kind = next((kind for word, kind in AREA_KINDS if word in name), "tank_farm")
        yield {
            "enterprise": plan.code, "code": f"QY-{index}{order}", "name": name, "kind": kind,
            "floor_m2": width * depth, "x_m": left, "y_m": bottom, "width_m": width, "depth_m": depth,
        }  # fmt: skip


def _loading(plan: EnterprisePlan, hazard: HazardPlan, index: int, rows: Rows) -> None:
    station = f"ZX-{index}"
    rows["stations"].append(
        {"enterprise": plan.code, "hazard": hazard.code, "code": station, "name": f"{index}# 装卸台", "mode": "truck"}
    )
    media = Counter(tank.medium.name for tank in hazard.tanks)
    for bay, medium in enumerate(media, 1):
        for arm in (1, 2):
            rows["arms"].append(
                {"enterprise": plan.code, "station": station, "bay": f"B{bay}", "arm": str(arm), "medium": medium}
            )


def _buildings(plan: EnterprisePlan, rows: Rows) -> None:
    """Duty room, warehouse and units, which belong to no tank farm."""
    rows["cameras"].append(
        {"enterprise": plan.code, "hazard": None, "code": "SP-001", "name": "中控室值班视频", "place": "duty_room",
         "position": "中控室", "device_id": _device_id(plan, 0)}
    )  # fmt: skip
    if plan.units_total >= 3:
        rows["warehouses"].append(
            {"enterprise": plan.code, "hazard": None, "code": "CK-1", "name": "甲类桶装品库",
             "stored": "桶装成品、助剂", "capacity_t": 120, "floor_m2": 750}
        )  # fmt: skip
    processes = PROCESSES_OF.get(plan.slug, ())
    for number in range(1, plan.units_total + 1):
        process = processes[number - 1] if number <= len(processes) else None
        name = PROCESSES[process].name.removesuffix("工艺") + "装置" if process else f"{number}号生产装置"
        rows["units"].append(
            {"enterprise": plan.code, "hazard": None, "code": f"ZZ-{number:02d}", "name": name,
             "processes": (process,) if process else ()}
        )  # fmt: skip
        rows["parameters"] += [
            {"enterprise": plan.code, "unit": f"ZZ-{number:02d}", "process": process, "name": parameter, "tag": "",
             "measured_in": "", "low": None, "high": None}
            for parameter in (PROCESSES[process].parameters if process else ())
        ]  # fmt: skip


def _point(plan: EnterprisePlan, gateway: str, point: PointPlan) -> Values:
    limits = point.in_force
    return {
        "enterprise": plan.code, "gateway": gateway, "tag": point.tag, "name": point.name, "kind": point.kind,
        "unit": point.unit, "decimals": point.decimals, "tank": point.tank, "detector": point.detector,
        "range_lo": point.range_lo, "range_hi": point.range_hi, "limit_ll": limits.ll, "limit_l": limits.l,
        "limit_h": limits.h, "limit_hh": limits.hh, "deadband": limits.deadband, "on_delay_s": limits.on_delay_s,
        "off_delay_s": limits.off_delay_s, "basis": limits.basis,
    }  # fmt: skip


def _device_id(plan: EnterprisePlan, serial: int) -> str:
    """20 digits as GB/T 28181 orders them: area, industry, kind of device (132: camera), serial."""
    return f"{PLACES[plan.adcode].registered}0000132{plan.code[-3:]}{serial:04d}"


if __name__ == "__main__":
    FILE.write_bytes(city_workbook(make_city(CITY_SEED)))
