"""The workbook: every sheet of it, those of enterprises and hazards here, of places and points beside it.

A new column is one line, and an attribute of its model.
"""

from __future__ import annotations

from backend.domains.enterprises.hazard_classes import CLASSES
from backend.domains.enterprises.models import Contact, Enterprise, HazardChemical, HazardResponsible, MajorHazard
from backend.domains.enterprises.workbook import common as c
from backend.domains.enterprises.workbook.columns import Column, Kind
from backend.domains.enterprises.workbook.place_sheets import (
    AREAS,
    ARMS,
    CAMERAS,
    DETECTORS,
    PARAMETERS,
    STATIONS,
    TANKS,
    UNITS,
    WAREHOUSES,
)
from backend.domains.enterprises.workbook.point_sheets import GATEWAYS, POINTS
from backend.domains.enterprises.workbook.sheet import Sheet

ENTERPRISES = Sheet(
    slug="enterprises", name="企业", english="enterprises", record="enterprise", model=Enterprise, key=("code",),
    columns=(
        c.code("企业编码", "code, 9 digits"),
        c.text("long_code", "11位编码", "code, 11 digits", 11, blank=None, check=c.a_long_code),
        c.needed("name", "企业名称", "name", 120),
        c.text("short_name", "简称", "short name", 40, note="空白则取企业名称"),
        c.text("uscc", "统一社会信用代码", "unified social credit code", 18, blank=None, check=c.a_uscc),
        c.needed("adcode", "区县代码", "area code", 6,
                 note="如 370305；功能区 3703A1 高新区、3703A2 经开区、3703A3 文昌湖区"),
        Column(field="city_managed", heading="是否市管", english="city-managed", kind=Kind.FLAG, blank=False),
        c.text("park", "化工园区", "park", 80, blank=None),
        c.text("address", "地址", "address", 200),
        c.number("lon", "经度", "longitude", at_least=73, at_most=136),
        c.number("lat", "纬度", "latitude", at_least=3, at_most=54),
        Column(field="residents_500m", heading="厂界外500米内人数", english="residents within 500 m", kind=Kind.WHOLE,
               blank=0, at_least=0, at_most=10_000_000, note="决定 GB 18218 的 α"),
        Column(field="units_total", heading="生产装置套数", english="production units", kind=Kind.WHOLE, blank=0,
               at_least=0, at_most=10_000),
        c.text("legal_representative", "法定代表人", "legal representative", 50),
        c.text("licence_no", "安全生产许可证号", "safety licence", 60),
        c.text("duty_phone", "24小时值班电话", "duty phone, 24 h", 32),
        Column(field="staff_count", heading="职工人数", english="staff", kind=Kind.WHOLE,
               at_least=0, at_most=10_000_000),
        c.text("products", "主要产品", "products", 300),
        c.text("about", "企业简介", "about", 1000),
    ),
)  # fmt: skip

CONTACTS = Sheet(
    slug="contacts", name="联系人", english="contacts", record="contact", model=Contact,
    key=("enterprise", "duty", "name"), whole=("enterprise",), refers=(c.OF_ENTERPRISE,),
    note="表中出现的企业，以表中所列联系人为全部联系人",
    columns=(
        c.ENTERPRISE,
        c.needed("duty", "职责", "duty", 40, note="如 安全、设备、消防"),
        c.needed("name", "姓名", "name", 50),
        c.needed("phone", "电话", "phone", 32),
    ),
)  # fmt: skip

HAZARDS = Sheet(
    slug="hazards", name="重大危险源", english="major hazards", record="hazard", model=MajorHazard, key=("code",),
    refers=(c.OF_ENTERPRISE,),
    columns=(
        c.ENTERPRISE,
        c.code("重大危险源编码", "hazard code"),
        c.needed("name", "名称", "name", 80),
        c.choice("kind", "单元类别", "kind of unit", c.HAZARD_KINDS, blank="storage"),
        c.day("commissioned_on", "投用日期", "commissioned on"),
        c.day("assessed_on", "评估日期", "assessed on"),
        c.text("filing_no", "备案编号", "filing number", 40),
        c.day("filed_on", "备案日期", "filed on"),
        c.day("filed_until", "备案有效期至", "filing valid until"),
        c.number("s_value", "S值", "S", computed=True),
        c.number("r_value", "R值", "R", computed=True),
        c.number("grade", "等级", "level, 1 the gravest", computed=True),
    ),
)  # fmt: skip

CHEMICALS = Sheet(
    slug="chemicals", name="危险化学品", english="chemicals", record="hazard_chemical", model=HazardChemical,
    key=("hazard", "chemical"), whole=("hazard",), refers=(c.OF_HAZARD,),
    note="表中出现的重大危险源，以表中所列物质为全部物质；R 和等级由此计算",
    columns=(
        c.NEEDED_HAZARD,
        c.needed("chemical", "化学品", "chemical", 40),
        c.text("cas", "CAS号", "CAS number", 12, check=c.a_cas),
        c.choice("hazard_class", "类别", "class of GB 18218", {each: each for each in CLASSES}, blank="",
                 note="目录外的化学品必填；多种危险性取临界量最小的类别"),
        c.number("quantity_t", "设计最大量 t", "design maximum, t", required=True, at_least=0, at_most=10_000_000),
        c.number("threshold_t", "临界量 t", "threshold Q, t", computed=True),
        c.number("beta", "β", "β", computed=True),
    ),
)  # fmt: skip

RESPONSIBLE = Sheet(
    slug="responsible", name="包保责任人", english="responsible persons", record="hazard_responsible",
    model=HazardResponsible, key=("hazard", "role", "since"), refers=(c.OF_HAZARD,),
    columns=(
        c.NEEDED_HAZARD,
        c.choice("role", "岗位", "role", c.ROLES, required=True),
        c.needed("name", "姓名", "name", 50),
        c.needed("phone", "电话", "phone", 32),
        c.day("since", "任职起始", "since", required=True),
        c.day("until", "任职截止", "until", note="在任则空白"),
    ),
)  # fmt: skip

# In the order in which they are entered: what is referred to comes first.
SHEETS = (
    ENTERPRISES, CONTACTS, HAZARDS, CHEMICALS, RESPONSIBLE, TANKS, WAREHOUSES, UNITS, PARAMETERS, STATIONS, ARMS,
    DETECTORS, CAMERAS, AREAS, GATEWAYS, POINTS,
)  # fmt: skip
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
BY_SLUG = {sheet.slug: sheet for sheet in SHEETS}
# The template's first sheet explains; an import passes over it.
README = "填写说明"
