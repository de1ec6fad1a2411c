"""Import: all or nothing, twice is once, one audit row for each record, and the grade that follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.domains.enterprises.models import Contact, Enterprise, HazardChemical, MajorHazard, Tank, Warehouse
from backend.domains.enterprises.service import make_hazard, make_tank
from backend.domains.enterprises.workbook.exporting import export_workbook
from backend.domains.enterprises.workbook.importing import WorkbookFaults, check_workbook, import_workbook
from backend.domains.enterprises.workbook.reporting import Report
from backend.domains.monitoring.models import Gateway, LimitSet, Point
from backend.domains.passports.models import LimitProposal
from backend.kit import audit
from backend.kit.models import AuditRow
from tests.domains.enterprises.workbook.books import (
    CODE,
    GATEWAY,
    HAZARD,
    USCC,
    Book,
    changed,
    places,
    plant,
    with_cell,
    xlsx,
)
from tests.people import People

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def bring(people: People, book: Book, who: str = "city") -> Report:
    """Import as that person."""
    return await import_workbook(xlsx(book), "登记表.xlsx", NOW, by=await people.viewer(who))


async def faults_of(
    people: People, book: Book, who: str = "city"
) -> list[tuple[str | None, int | None, str | None, str]]:
    """The faults that a dry run names, and that the import refuses the same."""
    viewer = await people.viewer(who)
    report = await check_workbook(xlsx(book), NOW, by=viewer)
    if report.fault_count:
        with pytest.raises(WorkbookFaults) as refused:
            await import_workbook(xlsx(book), "登记表.xlsx", NOW, by=viewer)
        assert refused.value.facts["faultCount"] == report.fault_count
    return places(report.faults)


async def counts() -> list[int]:
    """How many rows there are of what an import may write."""
    models = (AuditRow, Enterprise, MajorHazard, HazardChemical, Tank, Contact, Gateway, Point, LimitSet)
    return [await model.all().count() for model in models]


async def test_a_plant_comes_whole(people: People) -> None:
    report = await bring(people, plant())
    assert {count.sheet: count.created for count in report.sheets} == {
        name: len(rows) for name, rows in plant().items()
    }
    enterprise = await Enterprise.get(code=CODE)
    assert (enterprise.initials, enterprise.city_managed, enterprise.long_code) == ("zbcshgyxgs", True, "37030510077")
    hazard = await MajorHazard.get(code=HAZARD)
    assert (hazard.grade, hazard.r_value, hazard.s_value) == (3, 27.0, 12.0)
    level = await Point.get(tag="LT-101")
    tank = await Tank.get(enterprise_id=enterprise.id)
    assert (level.tank_id, level.unit, level.enterprise_id) == (tank.id, "%", enterprise.id)
    limits = await LimitSet.get(point_id=level.id)
    assert (limits.limit_ll, limits.limit_hh, limits.deadband, limits.basis) == (10, 90, 5, "设计文件")
    assert limits.reason == "import of 登记表.xlsx"
    assert limits.author_name == people.persons["city"].name
    (secret,) = report.secrets
    assert (secret.gateway, len(secret.secret) > 20) == (GATEWAY, True)


async def test_one_audit_row_for_each_record_and_one_for_the_import(people: People) -> None:
    before = await AuditRow.all().count()
    await bring(people, plant())
    rows = await AuditRow.filter(id__gt=0).order_by("id").offset(before)
    verbs = [row.verb for row in rows]
    for verb in ("enterprise.entered", "contact.entered", "hazard.entered", "hazard_chemical.entered", "tank.entered",
                 "hazard_responsible.entered", "warehouse.entered", "process_unit.entered", "camera.entered",
                 "process_parameter.entered", "loading_station.entered", "loading_arm.entered", "detector.entered",
                 "plant_area.entered", "gateway.entered", "registry.imported"):  # fmt: skip
        assert verbs.count(verb) == 1, verb
    assert verbs.count("point.entered") == 3
    last = rows[-1]
    assert (last.verb, last.detail["file"], last.person_name) == (
        "registry.imported",
        "登记表.xlsx",
        people.persons["city"].name,
    )
    assert last.detail["rows"]["points"] == {"created": 3, "changed": 0, "removed": 0}
    assert await audit.first_broken() is None


async def test_the_same_file_again_changes_nothing(people: People) -> None:
    await bring(people, plant())
    before = await counts()
    report = await bring(people, plant())
    assert await counts() == before
    assert [(c.created, c.changed, c.removed) for c in report.sheets] == [(0, 0, 0)] * len(plant())
    assert (report.changes, report.secrets, report.regraded) == ([], [], [])


async def test_what_was_exported_comes_back_without_a_change(people: People) -> None:
    await bring(people, plant())
    old = await make_hazard(people.own, "370305001001", "老罐区 ", 2, NOW, by=None, r_value=61)
    await make_tank(old, "TK-1", "储罐", "甲苯", NOW, by=None)
    for who in ("city", "linzi", "admin"):
        viewer = await people.viewer(who)
        data = await export_workbook(LATER, by=viewer)
        report = await check_workbook(data, LATER, by=viewer)
        assert (report.faults, report.changes) == ([], [])
        assert sum(count.unchanged for count in report.sheets) >= 17
        assert not any(count.created or count.removed for count in report.sheets)


async def test_a_dry_run_writes_nothing(people: People) -> None:
    before = await AuditRow.all().count()
    report = await check_workbook(xlsx(plant()), NOW, by=await people.viewer("city"))
    assert (report.fault_count, report.secrets) == (0, [])
    assert not await Enterprise.exists(code=CODE)
    assert await AuditRow.all().count() == before


async def test_one_fault_and_nothing_is_written(people: People) -> None:
    book = with_cell("监测点", "高报", 5, row=0)
    before = await AuditRow.all().count()
    with pytest.raises(WorkbookFaults, match="监测点 第2行 高报") as refused:
        await bring(people, book)
    (fault,) = refused.value.facts["faults"]  # type: ignore[misc]  # facts are of any kind
    assert (fault["sheet"], fault["row"], fault["column"]) == ("监测点", 2, "高报")
    assert fault["reason"] == "高报（5）必须大于低报（15）"
    assert not await Enterprise.exists(code=CODE)
    assert not await Gateway.exists(code=GATEWAY)
    assert await AuditRow.all().count() == before


async def test_more_chemicals_move_the_grade_with_a_row_in_the_audit(people: People) -> None:
    await bring(people, plant())
    book = with_cell("危险化学品", "设计最大量 t", 1500)
    foretold = await check_workbook(xlsx(book), NOW, by=await people.viewer("city"))
    report = await bring(people, book)
    assert foretold.regraded == report.regraded
    # 1.5 · 1.5 · 1500/50 = 67.5
    (moved,) = report.regraded
    assert (moved.code, moved.grade_before, moved.grade, moved.r_value) == (HAZARD, 3, 2, 67.5)
    assert [(c.sheet, c.row, c.column, c.before, c.after) for c in report.changes] == [
        ("危险化学品", 2, "设计最大量 t", "600.0", "1500.0")
    ]
    assert await AuditRow.filter(verb="hazard.regraded").count() == 1
    assert await AuditRow.filter(verb="hazard_chemical.changed").count() == 1


async def test_fewer_neighbours_move_the_grade_too(people: People) -> None:
    await bring(people, plant())
    book = with_cell("企业", "厂界外500米内人数", 0)
    foretold = await check_workbook(xlsx(book), NOW, by=await people.viewer("city"))
    report = await bring(people, book)
    assert foretold.regraded == report.regraded
    (moved,) = report.regraded
    assert (moved.grade, moved.r_value) == (4, 9.0)


async def test_chemicals_of_a_hazard_are_those_of_the_file(people: People) -> None:
    book = plant()
    book["危险化学品"].append({"重大危险源编码": HAZARD, "化学品": "汽油", "设计最大量 t": 100})
    await bring(people, book)
    report = await bring(people, plant())
    assert [(c.sheet, c.removed) for c in report.sheets if c.removed] == [("危险化学品", 1)]
    assert [row.chemical for row in await HazardChemical.all()] == ["液化石油气"]
    assert await AuditRow.filter(verb="hazard_chemical.removed").count() == 1


async def test_rows_and_sheets_that_are_left_out_stay(people: People) -> None:
    await bring(people, plant())
    report = await bring(people, {"储罐": [plant()["储罐"][0] | {"名称": "1号球罐"}]})
    assert [(c.sheet, c.column, c.after) for c in report.changes] == [("储罐", "名称", "1号球罐")]
    assert await Contact.all().count() == 1
    assert await Warehouse.all().count() == 1
    row = await AuditRow.get(verb="tank.changed")
    assert row.detail["changes"] == {"name": ["液化气球罐", "1号球罐"]}


async def test_a_column_that_is_left_out_stays_and_a_blank_cell_empties(people: People) -> None:
    await bring(people, plant())
    book: Book = {"储罐": [{k: v for k, v in plant()["储罐"][0].items() if k != "容积 m³"}]}
    await bring(people, book)
    assert (await Tank.get(code="V-101")).volume_m3 == 1000
    await bring(people, {"储罐": [plant()["储罐"][0] | {"容积 m³": None}]})
    assert (await Tank.get(code="V-101")).volume_m3 is None


async def test_a_point_without_limits_gets_its_first_ones(people: People) -> None:
    await bring(people, plant())
    with_limits = plant()
    with_limits["监测点"][2] |= {"高报": 40, "高高报": 45}
    report = await bring(people, with_limits)
    point = await Point.get(tag="FT-1")
    first = await LimitSet.get(point_id=point.id)
    assert (first.version, first.limit_h, first.author_id) == (1, 40, people.persons["city"].id)
    assert [(c.column, c.after) for c in report.changes if c.column == "高报"] == [("高报", "40.0")]
    assert await AuditRow.filter(verb="limits.set", object_id=str(point.id)).count() == 1
    assert (await bring(people, with_limits)).changes == []


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        ({"高报": 80}, ["高报"]),
        ({"高报": 80, "高高报": 88}, ["高报", "高高报"]),
        ({"低低报": None}, ["低低报"]),
        ({"死区": 2}, ["死区"]),
        ({"限值依据": "另一份文件"}, ["限值依据"]),
    ],
)
async def test_limits_that_are_on_record_are_not_changed_by_an_import(
    people: People, cells: dict[str, Any], columns: list[str]
) -> None:
    await bring(people, plant())
    book = plant()
    book["监测点"][0] |= cells
    assert await faults_of(people, book) == [("监测点", 2, column, "limits_on_record") for column in columns]
    assert await LimitSet.filter(point_id=(await Point.get(tag="LT-101")).id).count() == 1


@pytest.mark.parametrize("due", [timedelta(0), timedelta(days=3)], ids=["in force", "to come"])
async def test_limits_that_were_approved_are_not_changed_by_an_import(people: People, due: timedelta) -> None:
    await bring(people, plant())
    point = await Point.get(tag="FT-1")
    proposal = await LimitProposal.create(
        id=uuid4(), enterprise_id=point.enterprise_id, adcode="370305", state="approved", reason="核定", body_hash="",
        proposed_by_id=uuid4(), proposed_by_name="韩松涛", proposed_at=NOW, effective_from=NOW + due,
    )  # fmt: skip
    await LimitSet.create(
        point_id=point.id, version=1, limit_h=30, deadband=1, on_delay_s=15, off_delay_s=15, author_name="韩松涛",
        reason="核定", proposal_id=proposal.id, effective_from=NOW + due, created_at=NOW,
    )  # fmt: skip
    book = plant()
    book["监测点"][2] |= {"高报": 40}
    with pytest.raises(WorkbookFaults, match="监测点 第4行 高报") as refused:
        await bring(people, book)
    (fault,) = refused.value.facts["faults"]  # type: ignore[misc]  # facts are of any kind
    assert (fault["sheet"], fault["row"], fault["column"], fault["kind"]) == ("监测点", 4, "高报", "limits_approved")
    assert "已由专家现场核定、监管批准" in fault["reason"]
    assert "不能改为“40”" in fault["reason"]
    assert await LimitSet.filter(point_id=point.id).count() == 1
    same = plant()
    same["监测点"][2] |= {"名称": "进料流量"} | ({"高报": 30, "死区": 1} if not due else {})
    assert [c.column for c in (await bring(people, same)).changes] == ["名称"]


async def test_place_and_range_of_a_point_can_be_corrected(people: People) -> None:
    await bring(people, plant())
    book = plant()
    book["监测点"][1] |= {"量程上限": 200, "名称": "泵区可燃气体", "单位": "ppm"}
    assert ("监测点", 3, "单位", "fixed") in await faults_of(people, book)
    book["监测点"][1] |= {"量程上限": 60, "单位": "%LEL"}
    await bring(people, book)
    point = await Point.get(tag="GT-1")
    assert (point.range_hi, point.name) == (60, "泵区可燃气体")
    row = await AuditRow.get(verb="point.changed")
    assert (row.detail["before"]["range_hi"], row.detail["after"]["range_hi"]) == (100, 60)
    assert await LimitSet.filter(point_id=point.id).count() == 1


async def test_a_gateway_keeps_its_secret(people: People) -> None:
    await bring(people, plant())
    before = (await Gateway.get(code=GATEWAY)).secret_bcrypt
    report = await bring(people, changed("网关", 名称="罐区网关"))
    gateway = await Gateway.get(code=GATEWAY)
    assert (gateway.name, gateway.secret_bcrypt, report.secrets) == ("罐区网关", before, [])


async def test_the_basic_information_counts_its_versions(people: People) -> None:
    await bring(people, plant())
    await bring(people, with_cell("企业", "24小时值班电话", "0533-1111111"))
    assert (await Enterprise.get(code=CODE)).info_version == 2


@pytest.mark.parametrize(
    ("sheet", "cells", "found"),
    [
        ("企业", {"区县代码": "370399"}, ("区县代码", "unknown_area")),
        ("企业", {"纬度": None}, ("纬度", "half_place")),
        ("联系人", {"企业编码": "370310099"}, ("企业编码", "unknown_reference")),
        ("联系人", {"企业编码": "370399999"}, ("企业编码", "unknown_reference")),
        ("重大危险源", {"备案有效期至": "2024-01-01"}, ("备案有效期至", "days_out_of_order")),
        ("危险化学品", {"重大危险源编码": "370310077009"}, ("重大危险源编码", "unknown_reference")),
        ("危险化学品", {"化学品": "某新型助剂", "CAS号": None}, ("化学品", "unknown_chemical")),
        ("危险化学品", {"CAS号": "71-43-2"}, ("CAS号", "other_cas")),
        ("包保责任人", {"任职截止": "2024-12-31"}, ("任职截止", "days_out_of_order")),
        ("储罐", {"重大危险源编码": "370310077009"}, ("重大危险源编码", "unknown_reference")),
        ("关键工艺参数", {"下限": 200}, ("上限", "limits_out_of_order")),
        ("关键工艺参数", {"重点监管工艺": "硝化工艺"}, ("重点监管工艺", "not_its_process")),
        ("关键工艺参数", {"装置编号": "ZZ-9"}, ("装置编号", "unknown_reference")),
        ("鹤位鹤管", {"站台编号": "ZX-9"}, ("站台编号", "unknown_reference")),
        ("网关", {"网关编码": "backend"}, ("网关编码", "reserved")),
        ("监测点", {"储罐罐号": "V-999"}, ("储罐罐号", "unknown_reference")),
        ("监测点", {"探测器编号": "GT-1"}, ("探测器编号", "two_places")),
        ("监测点", {"低报": 5}, ("低报", "limits_out_of_order")),
        ("监测点", {"高高报": 85}, ("高高报", "limits_out_of_order")),
        ("监测点", {"低低报": -1}, ("低低报", "below_range")),
        ("监测点", {"高高报": 101}, ("高高报", "above_range")),
        ("监测点", {"量程上限": 0}, ("量程上限", "limits_out_of_order")),
        ("监测点", {"量程上限": 150}, ("量程上限", "implausible_range")),
        ("监测点", {"类型": "可燃气体浓度"}, ("低低报", "foreign_limit")),
    ],
)
async def test_a_row_that_cannot_be(people: People, sheet: str, cells: dict[str, Any], found: tuple[str, str]) -> None:
    book = plant()
    book[sheet][0] |= cells
    assert (sheet, 2, *found) in await faults_of(people, book)
    assert not await Enterprise.exists(code=CODE)


async def test_rows_that_stand_there_twice(people: People) -> None:
    book = plant()
    book["储罐"].append(dict(book["储罐"][0]))
    book["企业"].append(book["企业"][0] | {"企业编码": "370310078", "11位编码": None})
    assert await faults_of(people, book) == [
        ("企业", 3, "统一社会信用代码", "double_row"),
        ("储罐", 3, "罐号", "double_row"),
    ]


async def test_terms_of_one_role_do_not_overlap(people: People) -> None:
    book = plant()
    book["包保责任人"].append(book["包保责任人"][0] | {"姓名": "李某", "任职起始": "2026-01-01"})
    assert await faults_of(people, book) == [("包保责任人", 3, "任职起始", "terms_overlap")]
    book["包保责任人"][0]["任职截止"] = "2025-12-31"
    assert await faults_of(people, book) == []


async def test_a_new_hazard_needs_its_chemicals(people: People) -> None:
    book = plant()
    del book["危险化学品"]
    assert ("重大危险源", 2, "重大危险源编码", "no_chemicals") in await faults_of(people, book)


async def test_limits_are_not_taken_away_by_blank_cells(people: People) -> None:
    await bring(people, plant())
    book = plant()
    book["监测点"][1] |= {"高报": None, "高高报": None}
    assert await faults_of(people, book) == [("监测点", 3, "高报", "limits_removed")]


async def test_what_belongs_to_others_is_refused(people: People) -> None:
    await bring(people, plant())
    await Enterprise.filter(id=people.neighbour.id).update(uscc=None, long_code="37032110001")
    book: Book = {
        "企业": [{"企业编码": "370310088", "企业名称": "淄博另一化工", "区县代码": "370305", "统一社会信用代码": USCC,
                "11位编码": "37032110001"}],
        "重大危险源": [{"企业编码": "370310088", "重大危险源编码": HAZARD, "名称": "罐区"}],
        "危险化学品": [{"重大危险源编码": HAZARD, "化学品": "苯", "设计最大量 t": 90}],
        "网关": [{"企业编码": "370310088", "网关编码": GATEWAY}],
    }  # fmt: skip
    assert await faults_of(people, book) == [
        ("企业", 2, "统一社会信用代码", "taken"),
        ("企业", 2, "11位编码", "taken"),
        ("重大危险源", 2, "重大危险源编码", "other_enterprise"),
        ("网关", 2, "网关编码", "other_enterprise"),
    ]


async def test_a_tank_stands_at_a_hazard_of_its_own_enterprise(people: People) -> None:
    await make_hazard(people.own, "370305001001", "罐区", 2, NOW, by=None)
    book = plant()
    book["储罐"].append(book["储罐"][0] | {"企业编码": people.own.code})
    assert await faults_of(people, book) == [("储罐", 3, "重大危险源编码", "other_enterprise")]


async def test_an_enterprise_stays_in_its_area(people: People) -> None:
    await bring(people, plant())
    assert await faults_of(people, with_cell("企业", "区县代码", "370321")) == [("企业", 2, "区县代码", "fixed_area")]


async def test_a_viewer_of_one_area_neither_sees_nor_makes_others(people: People) -> None:
    await bring(people, plant())
    linzi = await people.viewer("huantai")
    report = await check_workbook(xlsx(plant()), NOW, by=linzi)
    assert ("企业", 2, "企业编码", "taken") in places(report.faults)
    assert ("企业", 2, "区县代码", "outside_area") in places(report.faults)


async def test_the_console_imports_too(people: People) -> None:
    await import_workbook(xlsx(plant()), "a.xlsx", NOW, by=None)
    row = await AuditRow.get(verb="registry.imported")
    assert (row.person_id, row.person_name) == (None, "console")
