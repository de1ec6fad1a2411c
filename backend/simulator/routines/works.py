"""Special operations that an enterprise plans for a day (GB 30871), and when it announces them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.simulator.city.names import person_name
from backend.simulator.city.plants import EnterprisePlan
from backend.simulator.routines.dice import dice_for, id_for

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Job:
    """A kind of work: how often among all, grades with their weights, hours it takes, what is done."""

    kind: str
    share: float
    grades: tuple[tuple[str, float], ...]
    hours: tuple[float, float]
    contents: tuple[str, ...]


JOBS = (
    Job("hot_work", 0.30, (("grade_2", 0.62), ("grade_1", 0.33), ("special", 0.05)), (2, 7.5),
        ("更换出料管线法兰，电焊", "管廊支架补焊", "打磨除锈", "泵出口短节切割更换", "防火堤踏步焊接")),
    Job("confined_space", 0.12, (("none", 1),), (2, 9),
        ("清理塔底残渣", "储罐内壁测厚", "污水池清淤", "换热器管箱内检查")),
    Job("blind_plate", 0.12, (("none", 1),), (1, 4), ("进料线加盲板隔离", "抽出退料线盲板", "火炬线盲板翻转")),
    Job("work_at_height", 0.17, (("grade_1", 0.6), ("grade_2", 0.32), ("grade_3", 0.08)), (2, 8),
        ("脚手架搭设", "罐顶呼吸阀检查", "管廊保温修复", "照明灯具更换")),
    Job("lifting", 0.10, (("grade_3", 0.9), ("grade_2", 0.1)), (1, 5),
        ("机泵吊装就位", "换热器管束抽芯", "安全阀拆装")),
    Job("temporary_power", 0.11, (("none", 1),), (3, 10), ("电焊机临时供电", "潜水泵抽水供电", "检修照明供电")),
    Job("excavation", 0.05, (("none", 1),), (4, 9), ("消防管线开挖查漏", "电缆沟开挖", "雨水井扩建")),
    Job("road_closure", 0.03, (("none", 1),), (2, 8), ("厂区东路管线穿越", "装卸区路面修补")),
)  # fmt: skip
CONTRACTORS = (
    "淄博鼎岳安装工程有限公司",
    "山东恒翮防腐保温工程有限公司",
    "桓台畅岱设备检修有限公司",
    "临淄安泽电气工程有限公司",
)
SPOTS = ("管廊", "阀组", "出料泵", "装卸台", "消防泵房", "循环水池", "变配电室", "污水池")


@dataclass(frozen=True)
class PlannedWork:
    """One planned operation, in the words of the API; told_at: when the enterprise reports it."""

    id: UUID
    kind: str
    grade: str
    place: str
    area: str
    content: str
    planned_from: datetime
    planned_to: datetime
    people: int
    contractor: str | None
    responsible: str
    phone: str
    told_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str


def works_of(plan: EnterprisePlan, day: date, seed: int) -> list[PlannedWork]:
    """What the enterprise plans to do on a plant day, in the order in which it says so."""
    dice = dice_for(seed, plan.code, day, "works")
    busy = 0.5 + 0.28 * plan.units_total + 0.15 * len(plan.hazards)
    if day.weekday() >= 5:
        busy *= 0.35
    count = sum(dice.random() < busy / 6 for _ in range(6))
    works = [_work(plan, day, seed, order) for order in range(count)]
    return sorted(works, key=lambda work: work.told_at)


def _work(plan: EnterprisePlan, day: date, seed: int, order: int) -> PlannedWork:
    dice = dice_for(seed, plan.code, day, "work", order)
    (job,) = dice.choices(JOBS, [job.share for job in JOBS])
    (grade,) = dice.choices([g for g, _ in job.grades], [w for _, w in job.grades])
    hazard = dice.choice(plan.hazards)
    tank = dice.choice(hazard.tanks)
    starts = datetime.combine(day, time(8), ZONE) + timedelta(minutes=5 * dice.randrange(0, 84))
    lasts = timedelta(minutes=15 * round(4 * dice.uniform(*job.hours)))
    # Most is announced the evening before or early on the day, some at the last minute.
    ahead = timedelta(minutes=dice.choice((20, 45, 90)) if dice.random() < 0.25 else dice.randrange(240, 1080))
    told = max(starts - ahead, datetime.combine(day, time(15), ZONE) - timedelta(days=1))
    cancelled = told + (starts - told) / 2 if dice.random() < 0.05 else None
    return PlannedWork(
        id=id_for(seed, plan.code, day, "work", order),
        kind=job.kind,
        grade=grade,
        place=f"{hazard.name} {tank.code} {dice.choice(SPOTS)}",
        area=hazard.name,
        content=dice.choice(job.contents),
        planned_from=starts,
        planned_to=starts + lasts,
        people=dice.randrange(2, 7),
        contractor=dice.choice(CONTRACTORS) if dice.random() < 0.45 else None,
        responsible=person_name(dice),
        phone=f"1700533{dice.randrange(10_000):04d}",
        told_at=told,
        cancelled_at=cancelled,
        cancel_reason=dice.choice(("大风，改到明日", "备件未到，顺延", "工艺未交出，暂不作业")) if cancelled else "",
    )
