"""The workbook over HTTP: who may, what a refusal says, and the round trip."""

from __future__ import annotations

import io

import pytest
from httpx import AsyncClient, Response
from openpyxl import load_workbook

from backend.domains.enterprises.models import Enterprise
from backend.domains.enterprises.workbook.opening import LARGEST_FILE
from backend.domains.enterprises.workbook.writing import XLSX
from tests.domains.enterprises.workbook.books import CODE, GATEWAY, plant, with_cell, xlsx
from tests.people import People

pytestmark = pytest.mark.anyio
ROUTES = ("/registry/check", "/registry/import")


async def send(people: People, who: str, path: str, data: bytes, name: str = "登记表.xlsx") -> Response:
    """POST a file as a form does."""
    files = {"file": (name, data, XLSX)}
    return await people.client.post(f"/api/v1{path}", files=files, headers=await people.sign_in(who))


async def test_nobody_gets_a_workbook(client: AsyncClient) -> None:
    for path in ("/registry/template", "/registry/export"):
        answer = await client.get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:anlan:not-signed-in")


@pytest.mark.parametrize("who", ["operator", "officer", "head", "stranger", "linzi", "huantai"])
async def test_only_the_city_and_administrators_import(people: People, who: str) -> None:
    for path in ROUTES:
        answer = await send(people, who, path, xlsx(plant()))
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:anlan:not-allowed")
    assert not await Enterprise.exists(code=CODE)


async def test_the_template_is_a_file_to_keep(people: People) -> None:
    answer = await people.get("operator", "/registry/template")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    assert 'filename="anlan-template.xlsx"' in answer.headers["content-disposition"]
    assert "企业" in load_workbook(io.BytesIO(answer.content)).sheetnames


@pytest.mark.parametrize(
    ("who", "codes"),
    [("officer", ["370305001"]), ("huantai", ["370321001"]), ("city", ["370305001", "370321001"])],
)
async def test_an_export_holds_what_is_in_view(people: People, who: str, codes: list[str]) -> None:
    answer = await people.get(who, "/registry/export")
    page = load_workbook(io.BytesIO(answer.content))["企业"]
    assert [row[0] for row in page.iter_rows(min_row=3, values_only=True)] == codes


@pytest.mark.parametrize("who", ["city", "admin"])
async def test_check_import_export_and_import_again(people: People, who: str) -> None:
    checked = (await send(people, who, "/registry/check", xlsx(plant()))).json()
    assert (checked["faultCount"], checked["secrets"]) == (0, [])
    assert not await Enterprise.exists(code=CODE)
    done = await send(people, who, "/registry/import", xlsx(plant()))
    assert done.status_code == 200
    assert [secret["gateway"] for secret in done.json()["secrets"]] == [GATEWAY]
    exported = (await people.get(who, "/registry/export")).content
    again = (await send(people, who, "/registry/import", exported)).json()
    assert (again["changes"], again["secrets"], again["regraded"]) == ([], [], [])
    assert sum(sheet["created"] + sheet["changed"] + sheet["removed"] for sheet in again["sheets"]) == 0


async def test_a_fault_is_named_with_sheet_row_column_and_reason(people: People) -> None:
    book = xlsx(with_cell("企业", "统一社会信用代码", "91350100M000100Y44"))
    checked = (await send(people, "city", "/registry/check", book)).json()
    (fault,) = checked["faults"]
    assert (fault["sheet"], fault["row"], fault["column"], fault["kind"]) == (
        "企业",
        2,
        "统一社会信用代码",
        "not_a_uscc",
    )
    assert "校验码" in fault["reason"]
    assert "check character" in fault["reasonEn"]
    answer = await send(people, "city", "/registry/import", book)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:workbook-faults")
    assert answer.json()["faults"] == [fault]
    assert "统一社会信用代码" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"", "empty_file"), ("编码,名称".encode("gbk"), "text_file"), (b"PK" + b"0" * LARGEST_FILE, "too_large")],
)
async def test_a_file_that_is_no_workbook(people: People, data: bytes, kind: str) -> None:
    checked = await send(people, "city", "/registry/check", data)
    assert (checked.status_code, checked.json()["faults"][0]["kind"]) == (200, kind)
    answer = await send(people, "city", "/registry/import", data)
    assert (answer.status_code, answer.json()["faults"][0]["kind"]) == (422, kind)


async def test_a_file_far_too_large_is_not_read(people: People) -> None:
    answer = await send(people, "city", "/registry/check", b"0" * (LARGEST_FILE + 2_000_000))
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["", "a\x00b.xlsx", "x" * 400 + ".xlsx", "../../etc/passwd"])
async def test_odd_file_names_do_no_harm(people: People, name: str) -> None:
    answer = await send(people, "city", "/registry/import", xlsx(plant()), name)
    assert answer.status_code == (200 if name else 422), answer.text
    assert await Enterprise.exists(code=CODE) is bool(name)


async def test_a_body_without_a_file_is_refused(people: People) -> None:
    headers = await people.sign_in("city")
    for path in ROUTES:
        for body in ({"json": {}}, {"data": {"file": "text"}}, {"files": {"other": ("a.xlsx", b"x")}}):
            answer = await people.client.post(f"/api/v1{path}", headers=headers, **body)  # type: ignore[arg-type]
            assert 400 <= answer.status_code < 500, answer.text
