"""Make the demo city from its roster: the same seed gives the same city, to the last digit."""

from __future__ import annotations

import math
import random
from functools import lru_cache

from backend.simulator.city.codes import grade, make_uscc, r_value
from backend.simulator.city.media import MEDIA, Gas, Medium
from backend.simulator.city.names import mobile, person_name
from backend.simulator.city.places import CITY, PLACES
from backend.simulator.city.plants import (
    City,
    DetectorPlan,
    EnterprisePlan,
    GatewayPlan,
    HazardPlan,
    PersonPlan,
    PointPlan,
    TankPlan,
)
from backend.simulator.city.points import detector_point, tank_points
from backend.simulator.city.roster import ROSTER, VISITOR, Entry, Farm
from backend.simulator.city.stock import FILL

CITY_SEED = 370300
POINTS_OF_ONE_GATEWAY = 80
ORGANISATION_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Where the detectors of a farm stand: share of them, and the corner of the area in the plant's grid, m.
AREAS = (("{index}# 泵区", 0.4, (0.0, 0.0)), ("{farm}", 0.4, (0.0, 45.0)), ("{index}# 装卸台", 0.2, (70.0, 0.0)))
FARM_PITCH_M = 160.0
HEADS_IN_A_ROW, HEAD_PITCH_M = 5, 9.0
# The people of the design's pictures; the rest are drawn.
VISITOR_NAMES = {"operator": "王建国", "officer": "周启明", "head": "陈国栋"}
JOBS = (("operator", "enterprise_operator", "op"), ("officer", "safety_officer", "officer"),
        ("head", "main_responsible", "head"))  # fmt: skip


@lru_cache(maxsize=2)
def make_city(seed: int = CITY_SEED) -> City:
    """The demo city of that seed."""
    enterprises = tuple(_enterprise(entry, serial, seed) for serial, entry in enumerate(ROSTER, 1))
    visitor = next(each for each in enterprises if each.slug == VISITOR)
    return City(seed, enterprises, _officials(seed), visitor)


def _enterprise(entry: Entry, serial: int, seed: int) -> EnterprisePlan:
    dice = random.Random(f"{seed}/{entry.slug}")  # noqa: S311 - an invented city, no secret
    place = PLACES[entry.adcode]
    code = f"3703{10000 + serial:05d}"
    organisation = "MA3" + "".join(dice.choice(ORGANISATION_ALPHABET) for _ in range(5))
    hazards = tuple(
        _hazard(farm, index, f"{code}{index:03d}", entry, dice) for index, farm in enumerate(entry.farms, 1)
    )
    return EnterprisePlan(
        slug=entry.slug,
        code=code,
        name=entry.name,
        short_name=entry.short_name,
        uscc=make_uscc(place.registered, organisation),
        adcode=entry.adcode,
        address=f"山东省淄博市{place.name}{entry.park or ''}{entry.street}",
        lon=round(place.lon + dice.uniform(-0.06, 0.06), 5),
        lat=round(place.lat + dice.uniform(-0.04, 0.04), 5),
        park=entry.park,
        residents_500m=entry.residents,
        units_total=entry.units,
        habits=entry.habits,
        hazards=hazards,
        gateways=tuple(_gateways(code, hazards, dice)),
        people=_staff(entry, dice),
    )


def _hazard(farm: Farm, index: int, code: str, entry: Entry, dice: random.Random) -> HazardPlan:
    tanks: list[TankPlan] = []
    for count, name, volume in farm.groups:
        for _ in range(count):
            number = f"{entry.prefix}-{index * 100 + len(tanks) + 1}"
            tanks.append(TankPlan(number, f"{name}储罐", MEDIA[name], volume, farm.quick))
    stock = [(t.volume_m3 * FILL * t.medium.density, t.medium.threshold_t, t.medium.beta) for t in tanks]
    r = round(r_value(stock, entry.residents), 2)
    return HazardPlan(code, farm.name, grade(r), r, tuple(tanks), tuple(_detectors(farm, index)))


def _detectors(farm: Farm, index: int) -> list[DetectorPlan]:
    heads = _heads(farm)
    found: list[DetectorPlan] = []
    for area, (name, share, corner) in enumerate(AREAS, 1):
        place = name.format(index=index, farm=farm.name)
        last = len(heads) if area == len(AREAS) else len(found) + round(share * len(heads))
        for order, (medium, gas) in enumerate(heads[len(found) : last], 1):
            row, column = divmod(order - 1, HEADS_IN_A_ROW)
            found.append(
                DetectorPlan(
                    code=f"GT-{index}{area}{order:02d}" if gas is Gas.COMBUSTIBLE else f"AT-{index}{area}{order:02d}",
                    name=f"{place}{'可燃气体' if gas is Gas.COMBUSTIBLE else medium.name}探测器{order:02d}",
                    gas=gas,
                    medium=medium.name,
                    area=place,
                    x_m=FARM_PITCH_M * (index - 1) + corner[0] + HEAD_PITCH_M * column,
                    y_m=corner[1] + HEAD_PITCH_M * row,
                )
            )
    return found


def _heads(farm: Farm) -> list[tuple[Medium, Gas]]:
    """What each head looks for: the media of the farm in turn; of a burning poison every third head its poison."""
    media = [MEDIA[name] for _, name, _ in farm.groups]
    heads: list[tuple[Medium, Gas]] = []
    for order in range(farm.detectors):
        medium = media[order % len(media)]
        poison = medium.toxic_ppm is not None and (not medium.burns or (order // len(media)) % 3 == 2)
        heads.append((medium, medium.gas if poison else Gas.COMBUSTIBLE))
    return heads


def _gateways(code: str, hazards: tuple[HazardPlan, ...], dice: random.Random) -> list[GatewayPlan]:
    """One gateway for all, or where that is too many points one for the first hazard and one for the others."""
    parts = [[_points(hazard, dice)] for hazard in hazards]
    if sum(len(points) for [points] in parts) <= POINTS_OF_ONE_GATEWAY or len(parts) == 1:
        groups = [[point for [points] in parts for point in points]]
    else:
        groups = [parts[0][0], [point for [points] in parts[1:] for point in points]]
    return [
        GatewayPlan(f"{code}{serial:02d}", f"{serial}号采集网关", 1, tuple(points))
        for serial, points in enumerate(groups, 1)
    ]


def _points(hazard: HazardPlan, dice: random.Random) -> list[PointPlan]:
    points = [point for tank in hazard.tanks for point in tank_points(tank, dice)]
    return points + [detector_point(each, MEDIA[each.medium], dice) for each in hazard.detectors]


def _staff(entry: Entry, dice: random.Random) -> tuple[PersonPlan, ...]:
    visitor = entry.slug == VISITOR
    return tuple(
        PersonPlan(
            username=job if visitor else f"{entry.slug}-{short}",
            name=VISITOR_NAMES[job] if visitor else person_name(dice),
            role=role,
            phone=mobile(dice),
        )
        for job, role, short in JOBS
    )


def _officials(seed: int) -> tuple[PersonPlan, ...]:
    dice = random.Random(f"{seed}/officials")  # noqa: S311 - an invented city, no secret
    districts = [
        PersonPlan(place.slug, person_name(dice), "district_regulator", mobile(dice), place.adcode)
        for place in PLACES.values()
    ]
    return (
        *districts,
        PersonPlan("city", "徐文静", "city_regulator", mobile(dice), CITY),
        PersonPlan("admin", "系统管理员", "administrator", mobile(dice)),
        PersonPlan("expert", "韩松涛", "safety_expert", mobile(dice), CITY),
    )


def distance_m(one: DetectorPlan, other: DetectorPlan) -> float:
    """How far two detectors of one plant stand apart."""
    return math.hypot(one.x_m - other.x_m, one.y_m - other.y_m)
