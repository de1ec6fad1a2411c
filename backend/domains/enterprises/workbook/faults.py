"""What can be wrong with a workbook, said to the person who filled it, in Chinese and in English."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

# By kind: (Chinese, English). The kind is stable; the sentences are for people.
WORDS: dict[str, tuple[str, str]] = {
    # The file.
    "empty_file": ("文件是空的", "the file is empty"),
    "too_large": ("文件超过 {most} MB，请分区县填报", "the file is larger than {most} MB; split it by district"),
    "old_excel": (
        "这是旧版 Excel（.xls）或加密的工作簿，请在 Excel 中另存为 .xlsx 且不设密码",
        "this is an old Excel file (.xls) or one with a password; save it as .xlsx without a password",
    ),
    "text_file": (
        "这不是 Excel 工作簿，而是文本文件（编码 {encoding}，可能是改了扩展名的 .csv），请用 Excel 打开后另存为 .xlsx",
        "this is no workbook but a text file ({encoding}, perhaps a .csv); open it in Excel and save it as .xlsx",
    ),
    "other_office": (
        "这是 {found} 文件，请在 Excel 中另存为 .xlsx",
        "this is a {found} file; save it as .xlsx in Excel",
    ),
    "not_a_workbook": ("这不是 .xlsx 工作簿", "this is no .xlsx workbook"),
    "damaged": ("工作簿已损坏，打不开", "the workbook is damaged and cannot be opened"),
    "bomb": (
        "文件解压后过大（超过 {most} MB），不予打开",
        "unpacked, the file would be larger than {most} MB; it is not opened",
    ),
    "no_sheets": ("工作簿里没有一张登记用的工作表", "the workbook holds none of the registry's sheets"),
    # A sheet.
    "unknown_sheet": (
        "没有名为“{value}”的登记表，工作表名称须与模板一致",
        "there is no sheet “{value}” in the registry; names are those of the template",
    ),
    "merged_cells": (
        "有合并单元格 {where}，请取消合并，每格分别填写",
        "cells {where} are merged; unmerge them and fill each one",
    ),
    "too_many_rows": (
        "超过 {most} 行，请分区县填报",
        "more than {most} rows; split the workbook by district",
    ),
    "no_headings": ("第一行没有表头，请使用模板", "the first row holds no headings; use the template"),
    "unknown_column": (
        "没有名为“{value}”的列，表头须与模板一致",
        "there is no column “{value}”; headings are those of the template",
    ),
    "double_column": ("列“{value}”出现两次", "column “{value}” stands there twice"),
    "missing_column": ("缺少必填列“{column}”", "the required column “{column}” is missing"),
    # A cell.
    "formula": ("是公式，请改填数值（复制后选择性粘贴为数值）", "is a formula; put its value there (paste as values)"),
    "error_value": ("是错误值 {value}", "is the error {value}"),
    "garbled": ("含有乱码或控制字符，请检查文件编码", "holds garbled or control characters; check the encoding"),
    "required": ("不能为空", "must not be blank"),
    "too_long": ("超过 {most} 个字", "is longer than {most} characters"),
    "not_a_number": ("“{value}”不是数字", "“{value}” is no number"),
    "not_whole": ("“{value}”不是整数", "“{value}” is no whole number"),
    "too_small": ("不能小于 {least}", "must be at least {least}"),
    "too_big": ("不能大于 {most}", "must be at most {most}"),
    "not_a_day": ("“{value}”不是日期，应如 2026-11-24", "“{value}” is no date such as 2026-11-24"),
    "not_yes_or_no": ("应填“是”或“否”", "is “是” (yes) or “否” (no)"),
    "not_a_choice": ("“{value}”不在可选项中：{choices}", "“{value}” is none of: {choices}"),
    "long_number": (
        "长编码被存成了数字，后几位已丢失，请把单元格设为文本后重填",
        "this long code was kept as a number and lost its last digits; format the cell as text and enter it again",
    ),
    "not_a_code": ("只能用 1 至 {most} 个字母、数字、- 和 _", "has 1 to {most} letters, digits, - and _"),
    "not_a_uscc": (
        "不是有效的统一社会信用代码：应为 18 位且校验码正确，请核对营业执照",
        "is no unified social credit code: 18 characters with a true check character; compare the business licence",
    ),
    "not_long_code": ("应为 11 位数字", "has 11 digits"),
    "not_a_cas": ("不是有效的 CAS 号（校验位不符）", "is no CAS number (its check digit is wrong)"),
    # Rows among each other, and the registry.
    "double_row": ("与第 {other} 行重复", "is the same as row {other}"),
    "unknown_reference": (
        "{target}中没有“{value}”，请先在工作表“{target}”中登记",
        "“{value}” is not on sheet {target} nor in the registry; enter it there first",
    ),
    "other_enterprise": ("“{value}”属于另一企业 {owner}", "“{value}” belongs to another enterprise, {owner}"),
    "taken": ("“{value}”已被其他企业使用", "“{value}” is used by another enterprise"),
    "unknown_area": ("没有代码为 {value} 的区县", "there is no area {value}"),
    "outside_area": ("区县 {value} 不在您的管辖范围内", "area {value} lies outside of yours"),
    "unknown_chemical": (
        "“{value}”不在化学品目录中，请填写其类别（GB 18218 表2，如 W5.3）",
        "“{value}” is not among the known chemicals; give its class of GB 18218 table 2, such as W5.3",
    ),
    "other_cas": ("与“{chemical}”的 CAS 号 {cas} 不符", "does not fit {chemical}, whose CAS number is {cas}"),
    "no_chemicals": (
        "新登记的重大危险源须在“危险化学品”表中列出物质和数量，等级由此计算",
        "a new major hazard needs its chemicals on sheet 危险化学品; its level follows from them",
    ),
    "half_place": ("经度和纬度须同时填写", "longitude and latitude go together"),
    "days_out_of_order": ("不能早于{earlier}", "must not be before {earlier}"),
    "terms_overlap": (
        "与第 {other} 行同一岗位的任期重叠",
        "its term overlaps that of row {other} in the same role",
    ),
    "not_its_process": (
        "该装置没有登记工艺“{value}”",
        "process “{value}” is not one of this unit",
    ),
    "fixed": (
        "已登记为“{known}”，不能改为“{value}”；不同的仪表请用新的位号",
        "is on record as “{known}” and cannot become “{value}”; another instrument gets a tag of its own",
    ),
    "fixed_area": (
        "企业已登记在区县 {known}，导入不能更改",
        "the enterprise is on record in area {known}; an import does not change that",
    ),
    "reserved": ("“{value}”是系统保留的名称", "“{value}” is a name the system keeps for itself"),
    "two_places": ("储罐和探测器只能填一个", "a point stands at a tank or at a detector, not at both"),
    "foreign_limit": ("{measures}测点没有{limit}限值", "a point that measures {measures} carries no limit {limit}"),
    "limits_out_of_order": (
        "{upper}（{high}）必须大于{lower}（{low}）",
        "{upper} ({high}) must be above {lower} ({low})",
    ),
    "implausible_range": (
        "{measures}仪表的量程不会超出 {low} 至 {high} {unit}",
        "no instrument of this kind reaches beyond {low} to {high} {unit}",
    ),
    "below_range": ("{limit}低于量程下限 {edge}", "{limit} lies below the range, which begins at {edge}"),
    "above_range": ("{limit}高于量程上限 {edge}", "{limit} lies above the range, which ends at {edge}"),
    "limits_removed": (
        "该测点已有限值，不能用空白单元格取消",
        "this point has limits; blank cells do not take them away",
    ),
    "limits_approved": (
        "该测点限值第 {version} 版已由专家现场核定、监管批准（此处“{was}”），导入不能改为“{value}”；"
        "请在“限值”页提出变更",
        "version {version} of these limits was verified on site and approved (here “{was}”); an import does not make it"
        " “{value}”; propose the change on the page of limits",
    ),
    "limits_on_record": (
        "该测点已有限值（第 {version} 版，此处“{was}”），导入不能改为“{value}”；"
        "请在“限值”页提出变更，经专家现场核定、监管批准后生效",
        "this point has limits (version {version}, here “{was}”); an import does not make it “{value}”; propose the"
        " change on the page of limits: verified on site, then approved",
    ),
    "rule": ("{words}", "{words}"),
}


class Fault(Struct, frozen=True, rename="camel", kw_only=True):
    """One thing that is wrong; row is the number Excel shows, None for a whole sheet or file."""

    sheet: Annotated[str | None, Meta(examples=["监测点"])] = None
    row: Annotated[int | None, Meta(examples=[17])] = None
    column: Annotated[str | None, Meta(examples=["高高报"])] = None
    kind: Annotated[str, Meta(examples=["limits_out_of_order"])]
    reason: str
    reason_en: str


def fault(kind: str, *, sheet: str | None = None, row: int | None = None, column: str | None = None,
          **facts: object) -> Fault:  # fmt: skip
    """A fault of that kind with its sentences."""
    chinese, english = WORDS[kind]
    told = {name: str(value)[:80] for name, value in ({"column": column} | facts).items()}
    return Fault(
        sheet=sheet, row=row, column=column, kind=kind, reason=chinese.format(**told), reason_en=english.format(**told)
    )


def where(each: Fault) -> str:
    """The place of a fault as one reads it aloud: sheet, row, column, as far as they are known."""
    parts = [each.sheet, f"第{each.row}行" if each.row else None, each.column]
    return " ".join(part for part in parts if part)


class Unreadable(Exception):
    """The file cannot be read as a workbook at all."""

    def __init__(self, found: Fault) -> None:
        super().__init__(found.reason_en)
        self.fault = found
