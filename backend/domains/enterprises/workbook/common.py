"""Columns that many sheets share, and the Chinese words of choices."""

from __future__ import annotations

import re
from typing import Any

from backend.domains.enterprises.chemicals import is_cas
from backend.domains.enterprises.enums import (
    AreaKind,
    CameraPlace,
    GasClass,
    HazardKind,
    LoadingMode,
    ResponsibleRole,
    TankForm,
)
from backend.domains.enterprises.processes import PROCESSES
from backend.domains.enterprises.rules import CODE, is_uscc
from backend.domains.enterprises.workbook.columns import Column, Kind
from backend.domains.enterprises.workbook.sheet import Refers
from backend.domains.monitoring.enums import PointKind

GATEWAY_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


def a_code(text: str) -> str | None:
    """Codes of enterprises and what stands in them."""
    return None if CODE.fullmatch(text) else "not_a_code"


def a_gateway_code(text: str) -> str | None:
    """Codes of gateways."""
    return None if GATEWAY_CODE.fullmatch(text) else "not_a_code"


def a_uscc(text: str) -> str | None:
    """Unified social credit codes with their check character."""
    return None if is_uscc(text) else "not_a_uscc"


def a_long_code(text: str) -> str | None:
    """The 11 digits some provinces use."""
    return None if re.fullmatch(r"[0-9]{11}", text) else "not_long_code"


def a_cas(text: str) -> str | None:
    """CAS numbers with their check digit."""
    return None if is_cas(text) else "not_a_cas"


def text(field: str, heading: str, english: str, longest: int, **more: Any) -> Column:
    """Text that may stay away."""
    return Column(field=field, heading=heading, english=english, longest=longest, **({"blank": ""} | more))


def needed(field: str, heading: str, english: str, longest: int, **more: Any) -> Column:
    """Text that must be there."""
    return Column(field=field, heading=heading, english=english, longest=longest, required=True, **more)


def code(heading: str = "编号", english: str = "code", field: str = "code") -> Column:
    """The code of what the row is about."""
    return Column(field=field, heading=heading, english=english, longest=20, required=True, check=a_code)


def number(field: str, heading: str, english: str, **more: Any) -> Column:
    """A number; the unit stands in the headings."""
    return Column(field=field, heading=heading, english=english, kind=Kind.NUMBER, **more)


def day(field: str, heading: str, english: str, **more: Any) -> Column:
    """A calendar day."""
    return Column(field=field, heading=heading, english=english, kind=Kind.DAY, **more)


def choice(field: str, heading: str, english: str, words: dict[Any, str], **more: Any) -> Column:
    """One of several words."""
    choices = {str(value): word for value, word in words.items()}
    return Column(field=field, heading=heading, english=english, kind=Kind.CHOICE, choices=choices, **more)


ENTERPRISE = Column(
    field="enterprise", heading="企业编码", english="enterprise code", longest=20, required=True, check=a_code
)
HAZARD = Column(field="hazard", heading="重大危险源编码", english="hazard code", longest=20, check=a_code)
NEEDED_HAZARD = Column(
    field="hazard", heading="重大危险源编码", english="hazard code", longest=20, required=True, check=a_code
)

OF_ENTERPRISE = Refers("enterprises", ("enterprise",), "enterprise_id")
OF_HAZARD = Refers("hazards", ("hazard",), "hazard_id")

HAZARD_KINDS = {HazardKind.STORAGE: "储存单元", HazardKind.PRODUCTION: "生产单元"}
ROLES = {
    ResponsibleRole.MAIN: "主要负责人",
    ResponsibleRole.TECHNICAL: "技术负责人",
    ResponsibleRole.OPERATION: "操作负责人",
}
TANK_FORMS = {
    TankForm.FIXED_ROOF: "固定顶罐",
    TankForm.INNER_FLOATING: "内浮顶罐",
    TankForm.OUTER_FLOATING: "外浮顶罐",
    TankForm.SPHERE: "球罐",
    TankForm.HORIZONTAL: "卧罐",
    TankForm.CRYOGENIC: "低温罐",
    TankForm.GAS_VESSEL: "压缩气体容器",
}
GASES = {GasClass.COMBUSTIBLE: "可燃气体", GasClass.TOXIC: "有毒气体", GasClass.HIGHLY_TOXIC: "剧毒气体"}
MODES = {LoadingMode.TRUCK: "汽车", LoadingMode.RAIL: "火车", LoadingMode.SHIP: "船舶"}
PLACES = {CameraPlace.DUTY_ROOM: "值班室", CameraPlace.KEY_PART: "重点部位", CameraPlace.OTHER: "其他"}
AREA_KINDS = {
    AreaKind.TANK_FARM: "罐区",
    AreaKind.PROCESS: "生产装置区",
    AreaKind.PUMPS: "泵区",
    AreaKind.LOADING: "装卸区",
    AreaKind.WAREHOUSE: "仓库",
    AreaKind.CONTROL_ROOM: "控制室",
    AreaKind.UTILITIES: "公用工程",
    AreaKind.OFFICE: "办公区",
    AreaKind.OTHER: "其他",
}
PROCESS_NAMES = {code: process.name for code, process in PROCESSES.items()}
POINT_KINDS = {
    PointKind.LEVEL: "液位",
    PointKind.TEMPERATURE: "温度",
    PointKind.PRESSURE: "压力",
    PointKind.FLOW: "流量",
    PointKind.COMB_GAS: "可燃气体浓度",
    PointKind.TOXIC_GAS: "有毒气体浓度",
    PointKind.OXYGEN: "氧浓度",
    PointKind.OTHER: "其他",
}
