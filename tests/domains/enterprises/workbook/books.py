"""Workbooks for tests: a small plant that is right, and a way to make it wrong in one place."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook

from backend.domains.enterprises.workbook.faults import Fault
from backend.domains.enterprises.workbook.sheets import BY_NAME

Book = dict[str, list[dict[str, Any]]]
CODE, HAZARD, GATEWAY = "370310077", "370310077001", "37031007701"
# The check character was worked out with the example of GB 32100 as the witness of the rule.
USCC = "91350100M000100Y43"

PLANT: Book = {
    "企业": [
        {"企业编码": CODE, "11位编码": "37030510077", "企业名称": "淄博测试化工有限公司", "统一社会信用代码": USCC,
         "区县代码": "370305", "是否市管": "是", "经度": 118.31, "纬度": 36.82, "厂界外500米内人数": 60,
         "生产装置套数": 2, "24小时值班电话": "0533-0000000"},
    ],
    "联系人": [{"企业编码": CODE, "职责": "安全", "姓名": "周某", "电话": "17005330001"}],
    "重大危险源": [
        {"企业编码": CODE, "重大危险源编码": HAZARD, "名称": "液化气罐区", "单元类别": "储存单元",
         "评估日期": date(2025, 3, 1), "备案编号": "BA1", "备案日期": "2025-03-10", "备案有效期至": date(2028, 3, 1)},
    ],
    "危险化学品": [{"重大危险源编码": HAZARD, "化学品": "液化石油气", "CAS号": "68476-85-7", "设计最大量 t": 600}],
    "包保责任人": [
        {"重大危险源编码": HAZARD, "岗位": "主要负责人", "姓名": "陈某", "电话": "17005330002",
         "任职起始": date(2025, 1, 1)},
    ],
    "储罐": [
        {"企业编码": CODE, "重大危险源编码": HAZARD, "罐号": "V-101", "名称": "液化气球罐", "介质": "液化石油气",
         "罐型": "球罐", "容积 m³": 1000},
    ],
    "仓库": [{"企业编码": CODE, "仓库编号": "CK-1", "名称": "甲类库", "占地面积 m²": 750}],
    "生产装置": [{"企业编码": CODE, "装置编号": "ZZ-1", "名称": "加氢装置", "重点监管工艺": "加氢工艺、聚合工艺"}],
    "关键工艺参数": [
        {"企业编码": CODE, "装置编号": "ZZ-1", "重点监管工艺": "加氢工艺", "参数": "反应釜温度", "位号": "TI-1",
         "单位": "℃", "下限": 120, "上限": 180},
    ],
    "装卸站台": [{"企业编码": CODE, "站台编号": "ZX-1", "名称": "1# 装卸台", "装卸方式": "汽车"}],
    "鹤位鹤管": [{"企业编码": CODE, "站台编号": "ZX-1", "鹤位": "B1", "鹤管": "1", "介质": "液化石油气"}],
    "气体探测器": [
        {"企业编码": CODE, "重大危险源编码": HAZARD, "探测器编号": "GT-1", "名称": "泵区探测器", "气体类别": "可燃气体",
         "所在区域": "泵区", "厂区坐标X m": 12.5, "厂区坐标Y m": 3},
    ],
    "视频": [{"企业编码": CODE, "视频编号": "SP-1", "名称": "值班室", "部位": "值班室"}],
    "厂区区域": [{"企业编码": CODE, "区域编号": "QY-1", "名称": "泵区", "用途": "泵区", "占地面积 m²": 120}],
    "网关": [{"企业编码": CODE, "网关编码": GATEWAY, "名称": "1号网关"}],
    "监测点": [
        {"企业编码": CODE, "网关编码": GATEWAY, "位号": "LT-101", "类型": "液位", "储罐罐号": "V-101", "量程下限": 0,
         "量程上限": 100, "低低报": 10, "低报": 15, "高报": 85, "高高报": 90, "限值依据": "设计文件"},
        {"企业编码": CODE, "网关编码": GATEWAY, "位号": "GT-1", "类型": "可燃气体浓度", "探测器编号": "GT-1",
         "量程下限": 0, "量程上限": 100, "高报": 25, "高高报": 50},
        {"企业编码": CODE, "网关编码": GATEWAY, "位号": "FT-1", "类型": "流量"},
    ],
}  # fmt: skip


def plant() -> Book:
    """A copy to change."""
    return deepcopy(PLANT)


def changed(sheet: str, row: int = 0, **cells: Any) -> Book:
    """The plant with other cells in one row; None leaves a cell blank."""
    book = plant()
    book[sheet][row] |= {heading.replace("_", " "): value for heading, value in cells.items()}
    return book


def with_cell(sheet: str, heading: str, value: Any, row: int = 0) -> Book:
    """The plant with one other cell."""
    book = plant()
    book[sheet][row][heading] = value
    return book


def xlsx(book: Mapping[str, Iterable[Mapping[str, Any]]]) -> bytes:
    """The book as a person would make it: headings in row 1, data from row 2."""
    made = Workbook()
    made.remove(made.active)  # type: ignore[arg-type]  # a new workbook has one sheet
    for name, rows in book.items():
        rows = list(rows)
        page = made.create_sheet(name)
        headings = list(dict.fromkeys([*_required(name), *(heading for row in rows for heading in row)]))
        page.append(headings)
        for row in rows:
            page.append([row.get(heading) for heading in headings])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _required(name: str) -> list[str]:
    sheet = BY_NAME.get(name)
    return [column.heading for column in sheet.read_columns if column.required] if sheet else []


def edited(data: bytes, sheet: str, cell: str, value: Any) -> bytes:
    """A workbook with one cell written over by its Excel name."""
    book = load_workbook(io.BytesIO(data))
    book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def places(faults: Iterable[Fault]) -> list[tuple[str | None, int | None, str | None, str]]:
    """Sheet, row, column and kind of each."""
    return [(each.sheet, each.row, each.column, each.kind) for each in faults]
