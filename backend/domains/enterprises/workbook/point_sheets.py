"""The sheets of gateways and points, whose rows the monitoring domain keeps."""

from __future__ import annotations

from backend.domains.enterprises.workbook import common as c
from backend.domains.enterprises.workbook.columns import Column, Kind
from backend.domains.enterprises.workbook.sheet import Refers, Sheet
from backend.domains.monitoring.models import Gateway, Point

GATEWAY_CODE = Column(
    field="gateway", heading="网关编码", english="gateway code", longest=40, required=True, check=c.a_gateway_code
)

GATEWAYS = Sheet(
    slug="gateways", name="网关", english="gateways", record="gateway", model=Gateway, key=("code",),
    refers=(c.OF_ENTERPRISE,), note="新网关的密钥在导入后显示一次",
    columns=(
        c.ENTERPRISE,
        Column(field="code", heading="网关编码", english="gateway code", longest=40, required=True,
               check=c.a_gateway_code),
        c.text("name", "名称", "name", 80),
    ),
)  # fmt: skip

# Limits by the names of `LimitValues`; the columns carry them as limit_ll and so on.
LIMITS = {"limit_ll": "ll", "limit_l": "l", "limit_h": "h", "limit_hh": "hh"}
DAMPING = ("deadband", "on_delay_s", "off_delay_s")

POINTS = Sheet(
    slug="points", name="监测点", english="points", record="point", model=Point, key=("gateway", "tag"),
    refers=(
        c.OF_ENTERPRISE,
        Refers("gateways", ("gateway",), "gateway_id"),
        Refers("tanks", ("enterprise", "tank"), "tank_id"),
        Refers("detectors", ("enterprise", "detector"), "detector_id"),
    ),
    note="限值须满足 量程下限 ≤ 低低报 < 低报 < 高报 < 高高报 ≤ 量程上限；气体只填高报（一级）和高高报（二级）",
    columns=(
        c.ENTERPRISE,
        GATEWAY_CODE,
        c.needed("tag", "位号", "tag", 40),
        c.text("name", "名称", "name", 80),
        c.choice("kind", "类型", "kind", c.POINT_KINDS, required=True),
        c.text("unit", "单位", "unit", 16, note="空白则取该类型的常用单位"),
        Column(field="decimals", heading="小数位", english="decimals", kind=Kind.WHOLE, at_least=0, at_most=6),
        Column(field="tank", heading="储罐罐号", english="tank code", longest=20, check=c.a_code),
        Column(field="detector", heading="探测器编号", english="detector code", longest=20, check=c.a_code),
        c.number("range_lo", "量程下限", "range low"),
        c.number("range_hi", "量程上限", "range high"),
        c.number("limit_ll", "低低报", "LL"),
        c.number("limit_l", "低报", "L"),
        c.number("limit_h", "高报", "H"),
        c.number("limit_hh", "高高报", "HH"),
        c.number("deadband", "死区", "deadband", at_least=0),
        c.number("on_delay_s", "报警延时 s", "on-delay, s", at_least=0, at_most=600),
        c.number("off_delay_s", "消警延时 s", "off-delay, s", at_least=0, at_most=600),
        c.text("basis", "限值依据", "basis of the limits", 300),
    ),
)  # fmt: skip
