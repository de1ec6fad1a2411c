"""The sheets of what stands in an enterprise: tanks, warehouses, units, loading stations, detectors, cameras, areas."""

from __future__ import annotations

from backend.domains.enterprises.models import (
    Camera,
    GasDetector,
    LoadingArm,
    LoadingStation,
    PlantArea,
    ProcessParameter,
    ProcessUnit,
    Tank,
    Warehouse,
)
from backend.domains.enterprises.workbook import common as c
from backend.domains.enterprises.workbook.columns import Column, Kind
from backend.domains.enterprises.workbook.sheet import Refers, Sheet

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
