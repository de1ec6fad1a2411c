"""Files as people send them: what is no workbook, what is dangerous, and what a cell may hold."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from backend.domains.enterprises.workbook import opening, reading
from backend.domains.enterprises.workbook.reading import read_workbook
from backend.domains.enterprises.workbook.sheets import SHEETS
from backend.domains.enterprises.workbook.writing import make_workbook
from tests.domains.enterprises.workbook.books import changed, edited, places, plant, with_cell, xlsx


def packed(**parts: bytes) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """A workbook in which one part is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    """A part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)


@pytest.mark.parametrize(
    ("data", "kind", "word"),
    [
        (b"", "empty_file", "空"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel", ".xls"),
        ("企业编码,企业名称\n370305001,澜屿化工".encode("gbk"), "text_file", "GBK"),
        ("企业编码,企业名称\n370305001,澜屿化工".encode(), "text_file", "UTF-8"),
        ("企业编码,企业名称".encode("utf-16"), "text_file", "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "not_a_workbook", ".xlsx"),
        (b"PK\x03\x04 cut off", "damaged", "损坏"),
        (packed(readme=b"hello"), "not_a_workbook", ".xlsx"),
        (packed(word__document=b"x"), "not_a_workbook", ".xlsx"),
        (packed(**{"[Content_Types].xml": b"x", "word/document.xml": b"x"}), "other_office", "Word"),
        (packed(**{"[Content_Types].xml": b"x", "xl/workbook.bin": b"x"}), "other_office", "xlsb"),
        (packed(**{"mimetype": b"x", "content.xml": b"x"}), "other_office", "OpenDocument"),
        (packed(**{"[Content_Types].xml": b"<broken"}), "damaged", "损坏"),
        (packed(**{"[Content_Types].xml": b"<Types/>"}), "damaged", "损坏"),
    ],
)
def test_what_is_no_workbook_is_told_in_plain_words(data: bytes, kind: str, word: str) -> None:
    (fault,) = read_workbook(data).faults
    assert (fault.kind, fault.sheet, fault.row) == (kind, None, None)
    assert word in fault.reason


def test_a_file_beyond_ten_megabytes_is_not_opened() -> None:
    (fault,) = read_workbook(b"PK" + b"\0" * opening.LARGEST_FILE).faults
    assert fault.kind == "too_large"


def test_a_bomb_is_not_unpacked() -> None:
    zeros = b"\0" * 1_000_000
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"<Types/>")
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(zeros)
    assert len(out.getvalue()) < 1_000_000
    (fault,) = read_workbook(out.getvalue()).faults
    assert fault.kind == "bomb"


def test_a_part_that_is_longer_than_its_directory_says_is_damaged_or_cut() -> None:
    data = bytearray(xlsx(plant()))
    at = data.rfind(b"PK\x01\x02")  # The directory's last entry: its sizes begin 20 bytes further on.
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert read_workbook(bytes(data)).faults


def test_entities_that_grow_are_not_expanded() -> None:
    data = xlsx(plant())
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    sheet = part_of(data, "xl/worksheets/sheet1.xml")
    told = bomb + sheet[sheet.index(b"<worksheet") :].replace(b"</t>", b"&b;</t>", 1)
    faults = read_workbook(with_part(data, "xl/worksheets/sheet1.xml", told)).faults
    assert [fault.kind for fault in faults] == ["damaged"]


def test_a_sheet_that_is_cut_off_is_damaged() -> None:
    data = xlsx(plant())
    sheet = part_of(data, "xl/worksheets/sheet1.xml")
    faults = read_workbook(with_part(data, "xl/worksheets/sheet1.xml", sheet[: len(sheet) // 2])).faults
    assert [(fault.kind, fault.sheet) for fault in faults] == [("damaged", "企业")]


def test_the_plant_reads_without_a_fault() -> None:
    read = read_workbook(xlsx(plant()))
    assert read.faults == []
    (row,) = read.rows["hazards"]
    assert (row.number, row.values["filed_on"], row.values["kind"]) == (2, date(2025, 3, 10), "storage")
    assert read.rows["units"][0].values["processes"] == ("E1508", "E15014")
    assert read.rows["enterprises"][0].values["city_managed"] is True


def test_the_template_is_an_empty_workbook_of_every_sheet() -> None:
    data = make_workbook({})
    read = read_workbook(data)
    assert read.faults == []
    assert {slug: rows for slug, rows in read.rows.items() if rows} == {}
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["填写说明", *(sheet.name for sheet in SHEETS)]
    for sheet in SHEETS:
        assert [cell.value for cell in book[sheet.name][1]] == [column.heading for column in sheet.columns]
        assert [cell.value for cell in book[sheet.name][2]] == [column.english for column in sheet.columns]


def test_merged_cells_are_named() -> None:
    book = load_workbook(io.BytesIO(xlsx(plant())))
    book["储罐"].merge_cells("B2:B4")
    out = io.BytesIO()
    book.save(out)
    (fault,) = read_workbook(out.getvalue()).faults
    assert (fault.kind, fault.sheet, fault.row) == ("merged_cells", "储罐", 2)
    assert "B2:B4" in fault.reason


def test_formulas_and_errors_are_named() -> None:
    data = edited(xlsx(plant()), "危险化学品", "C2", "=300*2")
    (fault,) = read_workbook(data).faults
    assert places([fault]) == [("危险化学品", 2, "设计最大量 t", "formula")]
    data = edited(xlsx(plant()), "危险化学品", "C2", "#REF!")
    assert places(read_workbook(data).faults) == [("危险化学品", 2, "设计最大量 t", "error_value")]


def test_unknown_sheets_and_columns_are_named() -> None:
    book: dict[str, Any] = plant() | {"设备台账": [{"编号": 1}]}
    book["储罐"][0]["备注"] = "新"
    faults = read_workbook(xlsx(book)).faults
    assert [(fault.sheet, fault.row, fault.kind) for fault in faults] == [
        ("设备台账", None, "unknown_sheet"),
        ("储罐", 1, "unknown_column"),
    ]
    assert "备注" in faults[1].reason


def test_an_empty_sheet_of_excel_is_no_fault() -> None:
    book: dict[str, Any] = plant() | {"Sheet2": []}
    assert read_workbook(xlsx(book)).faults == []


def test_a_workbook_without_a_sheet_of_ours() -> None:
    faults = read_workbook(xlsx({"Sheet1": [{"a": 1}]})).faults
    assert [fault.kind for fault in faults] == ["unknown_sheet", "no_sheets"]


def test_missing_double_and_shifted_headings() -> None:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = "储罐"
    page.append(["企业编码", "罐号", "罐号", "名称", "介质"])
    out = io.BytesIO()
    made.save(out)
    assert places(read_workbook(out.getvalue()).faults) == [
        ("储罐", 1, "C", "double_column"),
        ("储罐", 1, "重大危险源编码", "missing_column"),
    ]
    page.delete_rows(1)
    page.insert_rows(1, 3)
    page["A4"] = "企业编码"
    out = io.BytesIO()
    made.save(out)
    assert [fault.kind for fault in read_workbook(out.getvalue()).faults] == ["no_headings"]


def test_a_hundred_thousand_rows_are_refused() -> None:
    made = Workbook(write_only=True)
    page = made.create_sheet("鹤位鹤管")
    page.append(["企业编码", "站台编号", "鹤位", "鹤管"])
    for number in range(100_000):
        page.append(["370310077", "ZX-1", f"B{number}", "1"])
    out = io.BytesIO()
    made.save(out)
    (fault,) = read_workbook(out.getvalue()).faults
    assert (fault.kind, fault.sheet) == ("too_many_rows", "鹤位鹤管")
    assert str(reading.MOST_ROWS) in fault.reason


def test_a_row_at_the_end_of_excel_costs_nothing() -> None:
    data = edited(xlsx(plant()), "储罐", "A1048576", "370310077")
    faults = read_workbook(data).faults
    assert {(fault.sheet, fault.row, fault.kind) for fault in faults} == {("储罐", 1_048_576, "required")}


def test_after_a_thousand_faults_the_rest_is_not_told() -> None:
    book = {"鹤位鹤管": [{"企业编码": "370310077", "站台编号": "?", "鹤位": "1", "鹤管": str(n)} for n in range(3000)]}
    faults = read_workbook(xlsx(book)).faults
    assert len(faults) == reading.MOST_FAULTS


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "kind"),
    [
        ("企业", "企业名称", None, "required"),
        ("企业", "企业名称", "   ", "required"),
        ("企业", "企业名称", "长" * 121, "too_long"),
        ("企业", "企业名称", "锟斤拷化工", "garbled"),
        ("企业", "企业名称", "化\ufffd工", "garbled"),
        ("企业", "企业编码", "3703/10077", "not_a_code"),
        ("企业", "企业编码", "罐区", "not_a_code"),
        ("企业", "11位编码", "3703051007", "not_long_code"),
        ("企业", "统一社会信用代码", "91350100M000100Y44", "not_a_uscc"),
        ("企业", "统一社会信用代码", 91350100000010000, "long_number"),
        ("企业", "经度", "东经118", "not_a_number"),
        ("企业", "经度", 11.8, "too_small"),
        ("企业", "纬度", 368.2, "too_big"),
        ("企业", "厂界外500米内人数", -3, "too_small"),
        ("企业", "厂界外500米内人数", 3.5, "not_whole"),
        ("企业", "是否市管", "也许", "not_yes_or_no"),
        ("危险化学品", "设计最大量 t", "约600", "not_a_number"),
        ("危险化学品", "设计最大量 t", None, "required"),
        ("危险化学品", "CAS号", "68476-85-8", "not_a_cas"),
        ("重大危险源", "备案日期", "去年三月", "not_a_day"),
        ("重大危险源", "备案日期", "2025-02-30", "not_a_day"),
        ("重大危险源", "备案日期", 45000, "not_a_day"),
        ("包保责任人", "岗位", "厂长", "not_a_choice"),
        ("生产装置", "重点监管工艺", "加氢工艺、蒸馏", "not_a_choice"),
        ("监测点", "类型", "温湿度", "not_a_choice"),
        ("监测点", "报警延时 s", 3600, "too_big"),
    ],
)
def test_a_cell_that_cannot_be_taken(sheet: str, heading: str, value: Any, kind: str) -> None:
    (fault,) = read_workbook(xlsx(with_cell(sheet, heading, value))).faults
    assert places([fault]) == [(sheet, 2, heading, kind)]
    assert fault.reason
    assert fault.reason_en


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "slug", "field", "taken"),
    [
        ("企业", "企业编码", 370310077, "enterprises", "code", "370310077"),
        ("企业", "区县代码", 370305.0, "enterprises", "adcode", "370305"),
        ("企业", "企业名称", "  澜屿 化工 ", "enterprises", "name", "澜屿 化工"),
        ("企业", "是否市管", "Yes", "enterprises", "city_managed", True),
        ("危险化学品", "设计最大量 t", "１，２００．５", "chemicals", "quantity_t", 1200.5),
        ("危险化学品", "设计最大量 t", "1,200.5", "chemicals", "quantity_t", 1200.5),
        ("重大危险源", "备案日期", "2025年3月9日", "hazards", "filed_on", date(2025, 3, 9)),
        ("重大危险源", "备案日期", "2025/3/9", "hazards", "filed_on", date(2025, 3, 9)),
        ("重大危险源", "备案日期", datetime.fromisoformat("2025-03-09T08:30"), "hazards", "filed_on", date(2025, 3, 9)),
        ("监测点", "类型", "level", "points", "kind", "level"),
        ("鹤位鹤管", "鹤管", 3, "arms", "arm", "3"),
    ],
)
def test_a_cell_that_a_person_writes_in_another_way(
    sheet: str, heading: str, value: Any, slug: str, field: str, taken: Any
) -> None:
    read = read_workbook(xlsx(with_cell(sheet, heading, value)))
    assert read.faults == []
    assert read.rows[slug][0].values[field] == taken


def test_a_text_that_looks_like_a_formula_is_written_as_a_text() -> None:
    (row,) = read_workbook(xlsx(changed("仓库", 名称="甲库"))).rows["warehouses"]
    data = make_workbook({"warehouses": [row.values | {"name": "=1+1"}]})
    read = read_workbook(data)
    assert read.faults == []
    assert read.rows["warehouses"][0].values["name"] == "=1+1"
