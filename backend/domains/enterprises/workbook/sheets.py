"""The workbook: every sheet and column of it. A new column is one line here, and an attribute of its model."""

from __future__ import annotations

from backend.domains.enterprises.hazard_classes import CLASSES
from backend.domains.enterprises.models import (
    Camera,
    Contact,
    Enterprise,
    GasDetector,
    HazardChemical,
    HazardResponsible,
    LoadingArm,
    LoadingStation,
    MajorHazard,
    PlantArea,
    ProcessParameter,
    ProcessUnit,
    Tank,
    Warehouse,
)
from backend.domains.enterprises.workbook import common as c
from backend.domains.enterprises.workbook.columns import Column, Kind
from backend.domains.enterprises.workbook.point_sheets import GATEWAYS, POINTS
from backend.domains.enterprises.workbook.sheet import Refers, Sheet

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

TANKS = Sheet(
    slug="tanks", name="储罐", english="tanks", record="tank", model=Tank, key=("enterprise", "code"),
    refers=(c.OF_ENTERPRISE, c.OF_HAZARD),
    columns=(
        c.ENTERPRISE,
        c.NEEDED_HAZARD,
        c.code("罐号", "tank code"),
        c.needed("name", "名称", "name", 80),
        c.needed("medium", "介质", "medium", 40),
        c.choice("form", "罐型", "form", c.TANK_FORMS),
        c.number("volume_m3", "容积 m³", "volume, m³", at_least=0, at_most=1_000_000),
        c.number("height_m", "罐高 m", "height, m", at_least=0, at_most=200),
    ),
)  # fmt: skip

WAREHOUSES = Sheet(
    slug="warehouses", name="仓库", english="warehouses", record="warehouse", model=Warehouse,
    key=("enterprise", "code"), refers=(c.OF_ENTERPRISE, c.OF_HAZARD), note="仓库只监测气体",
    columns=(
        c.ENTERPRISE,
        c.HAZARD,
        c.code("仓库编号", "warehouse code"),
        c.needed("name", "名称", "name", 80),
        c.text("stored", "储存物质", "stored", 200),
        c.number("capacity_t", "设计储量 t", "capacity, t", at_least=0, at_most=10_000_000),
        c.number("floor_m2", "占地面积 m²", "floor area, m²", at_least=0, at_most=10_000_000),
    ),
)  # fmt: skip

UNITS = Sheet(
    slug="units", name="生产装置", english="process units", record="process_unit", model=ProcessUnit,
    key=("enterprise", "code"), refers=(c.OF_ENTERPRISE, c.OF_HAZARD),
    columns=(
        c.ENTERPRISE,
        c.HAZARD,
        c.code("装置编号", "unit code"),
        c.needed("name", "名称", "name", 80),
        Column(field="processes", heading="重点监管工艺", english="key processes", kind=Kind.CHOICES, blank=(),
               choices=c.PROCESS_NAMES, note="多种工艺用、隔开；没有则空白"),
    ),
)  # fmt: skip

PARAMETERS = Sheet(
    slug="parameters", name="关键工艺参数", english="key parameters", record="process_parameter",
    model=ProcessParameter, key=("enterprise", "unit", "process", "name"), whole=("enterprise", "unit"),
    refers=(Refers("units", ("enterprise", "unit"), "unit_id"),),
    note="表中出现的装置，以表中所列参数为全部参数",
    columns=(
        c.ENTERPRISE,
        c.code("装置编号", "unit code", "unit"),
        c.choice("process", "重点监管工艺", "key process", c.PROCESS_NAMES, required=True),
        c.needed("name", "参数", "parameter", 60),
        c.text("tag", "位号", "tag", 40),
        c.text("measured_in", "单位", "unit of measure", 16),
        c.number("low", "下限", "lower bound"),
        c.number("high", "上限", "upper bound"),
    ),
)  # fmt: skip

STATIONS = Sheet(
    slug="stations", name="装卸站台", english="loading stations", record="loading_station", model=LoadingStation,
    key=("enterprise", "code"), refers=(c.OF_ENTERPRISE, c.OF_HAZARD),
    columns=(
        c.ENTERPRISE,
        c.HAZARD,
        c.code("站台编号", "station code"),
        c.needed("name", "名称", "name", 80),
        c.choice("mode", "装卸方式", "mode", c.MODES, required=True),
    ),
)  # fmt: skip

ARMS = Sheet(
    slug="arms", name="鹤位鹤管", english="bays and arms", record="loading_arm", model=LoadingArm,
    key=("enterprise", "station", "bay", "arm"), whole=("enterprise", "station"),
    refers=(Refers("stations", ("enterprise", "station"), "station_id"),),
    note="表中出现的站台，以表中所列鹤管为全部鹤管",
    columns=(
        c.ENTERPRISE,
        c.code("站台编号", "station code", "station"),
        c.needed("bay", "鹤位", "bay", 20),
        c.needed("arm", "鹤管", "arm", 20),
        c.text("medium", "介质", "medium", 40),
    ),
)  # fmt: skip

DETECTORS = Sheet(
    slug="detectors", name="气体探测器", english="gas detectors", record="detector", model=GasDetector,
    key=("enterprise", "code"), refers=(c.OF_ENTERPRISE, c.OF_HAZARD),
    columns=(
        c.ENTERPRISE,
        c.HAZARD,
        c.code("探测器编号", "detector code"),
        c.needed("name", "名称", "name", 80),
        c.choice("gas", "气体类别", "gas", c.GASES, required=True),
        c.text("medium", "探测介质", "medium", 40),
        c.text("area", "所在区域", "area", 60),
        c.number("x_m", "厂区坐标X m", "x in the plant's grid, m"),
        c.number("y_m", "厂区坐标Y m", "y in the plant's grid, m"),
    ),
)  # fmt: skip

CAMERAS = Sheet(
    slug="cameras", name="视频", english="cameras", record="camera", model=Camera, key=("enterprise", "code"),
    refers=(c.OF_ENTERPRISE, c.OF_HAZARD),
    columns=(
        c.ENTERPRISE,
        c.HAZARD,
        c.code("视频编号", "camera code"),
        c.needed("name", "名称", "name", 80),
        c.choice("place", "部位", "place", c.PLACES, required=True),
        c.text("position", "安装位置", "position", 80),
        c.text("device_id", "国标编码", "device id, GB/T 28181", 20),
    ),
)  # fmt: skip

AREAS = Sheet(
    slug="areas", name="厂区区域", english="areas of the plant", record="plant_area", model=PlantArea,
    key=("enterprise", "code"), refers=(c.OF_ENTERPRISE,),
    columns=(
        c.ENTERPRISE,
        c.code("区域编号", "area code"),
        c.needed("name", "名称", "name", 60),
        c.choice("kind", "用途", "use", c.AREA_KINDS, required=True),
        c.number("floor_m2", "占地面积 m²", "floor area, m²", at_least=0, at_most=100_000_000),
        c.number("x_m", "左下角X m", "x of its corner, m"),
        c.number("y_m", "左下角Y m", "y of its corner, m"),
        c.number("width_m", "东西宽 m", "width, m", at_least=0),
        c.number("depth_m", "南北深 m", "depth, m", at_least=0),
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
