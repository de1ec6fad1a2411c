"""The points of tanks and detectors, with ranges and limits as an expert would set them (standards 5.2, 5.3, 6.3)."""

from __future__ import annotations

import math
import random

from backend.simulator.city.media import Gas, Medium, Storage
from backend.simulator.city.plants import DetectorPlan, LimitPlan, PointPlan, TankPlan

EXPERTS = ("韩松涛", "孟繁星", "邢立群")
VERIFIED = "专家现场核定"
BREATHING_VALVE_KPA = 2.0
LARGE_M3 = 1500
# A filling pump lifts a tank by at most this share of its volume in an hour; a quick one by three times as much.
FILL_PCT_PER_H = 9.0
QUICK_FILL_PCT_PER_H = 27.0


def tank_points(tank: TankPlan, dice: random.Random) -> list[PointPlan]:
    """What is measured at a tank."""
    number = tank.code.rpartition("-")[2]
    medium = tank.medium
    expert = dice.choice(EXPERTS)
    age = dice.randrange(40, 320)
    points = []
    if medium.storage is not Storage.GAS:
        points.append(_level(f"LT-{number}", tank, expert, age, revised=dice.random() < 0.4))
    points.append(_temperature(f"TT-{number}", f"{tank.name}温度", tank, expert, age))
    if medium.storage is Storage.BLANKETED and tank.volume_m3 >= LARGE_M3:
        points.append(_temperature(f"TT-{number}B", f"{tank.name}上部温度", tank, expert, age))
    points.append(_pressure(f"PT-{number}", tank, expert, age))
    if medium.storage is not Storage.GAS:
        points.append(_inflow(f"FT-{number}", tank, expert, age))
    if medium.name == "液氧":
        for letter, side in (("A", "东侧"), ("B", "西侧")):
            points.append(_oxygen(f"OT-{number}{letter}", f"{tank.name}{side}氧浓度", tank, expert, age))
    return points


def fill_rate_m3_h(tank: TankPlan) -> float:
    """What its filling pump delivers, in m³/h."""
    return tank.volume_m3 * (QUICK_FILL_PCT_PER_H if tank.quick else FILL_PCT_PER_H) / 100


def detector_point(detector: DetectorPlan, medium: Medium, dice: random.Random) -> PointPlan:
    """What a detector measures: %LEL, or ppm with the first alarm at the occupational limit."""
    expert, age = dice.choice(EXPERTS), dice.randrange(40, 320)
    basis = "GB/T 50493-2019 第5.5条；检定证书有效"
    if detector.gas is Gas.COMBUSTIBLE:
        limits = LimitPlan(None, None, 25, 50, 2, 5, 30, expert, VERIFIED, basis, age)
        return PointPlan(detector.code, detector.name, "comb_gas", "%LEL", 1, 0, 100, (limits,), detector=detector.code)
    first = medium.toxic_ppm or 1.0
    decimals = max(1, 2 - math.floor(math.log10(first)))
    limits = LimitPlan(None, None, first, 2 * first, 0.05 * first, 5, 30, expert, VERIFIED, basis, age)
    return PointPlan(
        detector.code, detector.name, "toxic_gas", "ppm", decimals, 0, 3 * first, (limits,), detector=detector.code
    )


def _level(tag: str, tank: TankPlan, expert: str, age: int, *, revised: bool) -> PointPlan:
    basis = {
        Storage.BLANKETED: "设计文件：安全高度90%；液位低于浮盘落底与泵汽蚀余量时联锁停泵",
        Storage.PRESSURISED: "TSG 21：充装系数不大于0.9",
        Storage.CRYOGENIC: "GB/T 18442：额定充满率0.9",
    }[tank.medium.storage]
    on_delay = 15.0 if tank.quick else 60.0
    why = f"{VERIFIED}；管道快速收料，延时由60秒改为15秒" if tank.quick else VERIFIED
    now = LimitPlan(10, 15, 85, 90, 5, on_delay, 60, expert, why, basis, age)
    first = LimitPlan(10, 15, 88, 92, 5, 60, 60, "企业申报", "按设计文件调整", "设计文件", age + 300)
    versions = (first, now) if revised or tank.quick else (now,)
    return PointPlan(tag, f"{tank.name}液位", "level", "%", 1, 0, 100, versions, tank=tank.code)


def _temperature(tag: str, name: str, tank: TankPlan, expert: str, age: int) -> PointPlan:
    low, high, high_high = tank.medium.temperature_limits
    lo, hi = (-200.0, 50.0) if tank.medium.storage is Storage.CRYOGENIC else (-40.0, 100.0)
    basis = "设计温度与物料闪点、凝点；GB 50160"
    limits = LimitPlan(None, low, high, high_high, (hi - lo) / 100, 60, 60, expert, VERIFIED, basis, age)
    return PointPlan(tag, name, "temperature", "℃", 1, lo, hi, (limits,), tank=tank.code)


def _pressure(tag: str, tank: TankPlan, expert: str, age: int) -> PointPlan:
    medium = tank.medium
    if medium.storage is Storage.BLANKETED:
        basis = f"呼吸阀整定{BREATHING_VALVE_KPA}/-0.5 kPa，氮封0.6 kPa"
        limits = LimitPlan(-0.3, 0.1, 1.5, 1.8, 0.1, 15, 15, expert, VERIFIED, basis, age)
        return PointPlan(tag, f"{tank.name}氮封压力", "pressure", "kPa", 2, -2.0, 3.0, (limits,), tank=tank.code)
    valve = medium.safety_valve_mpa
    top = math.ceil(valve * 1.5 * 10) / 10
    high, high_high = round(0.8 * valve, 2), round(0.9 * valve, 2)
    limits = LimitPlan(None, None, high, high_high, round(0.02 * top, 3), 15, 15, expert, VERIFIED,
                     f"安全阀整定{valve} MPa的0.8倍与0.9倍", age)  # fmt: skip
    return PointPlan(tag, f"{tank.name}压力", "pressure", "MPa", 3, 0.0, top, (limits,), tank=tank.code)


def _inflow(tag: str, tank: TankPlan, expert: str, age: int) -> PointPlan:
    rate = fill_rate_m3_h(tank)
    top = float(f"{rate * 1.6:.1g}") if float(f"{rate * 1.6:.1g}") > rate * 1.45 else float(f"{rate * 2:.1g}")
    limits = LimitPlan(None, None, round(rate * 1.2, 1), round(rate * 1.35, 1), 0.05 * top, 15, 15, expert, VERIFIED,
                     "进料管线安全流速", age)  # fmt: skip
    return PointPlan(tag, f"{tank.name}进料流量", "flow", "m³/h", 1, 0.0, top, (limits,), tank=tank.code)


def _oxygen(tag: str, name: str, tank: TankPlan, expert: str, age: int) -> PointPlan:
    limits = LimitPlan(None, 19.5, 23.5, None, 0.3, 5, 30, expert, VERIFIED, "GB/T 50493-2019：19.5与23.5 %VOL", age)
    return PointPlan(tag, name, "oxygen", "%VOL", 1, 0.0, 25.0, (limits,), tank=tank.code)
