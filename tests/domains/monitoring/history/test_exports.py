"""Exports: who may, what is in them, and how much at once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pytest
from httpx import AsyncClient, Response

from backend.domains.monitoring.history.archive import Archive
from backend.domains.monitoring.history.archiving import archive_days
from backend.domains.monitoring.history.making import roll_up_finished
from tests.domains.monitoring.history.frames import T, at, connection, send_late
from tests.domains.monitoring.plant import Plant
from tests.people import People
from tests.settings import settings_for_tests

pytestmark = pytest.mark.anyio
SPAN = {"from": at().isoformat(), "to": at(1).isoformat()}


def rows_of(answer: Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


class TestOfOnePoint:
    async def test_nobody_gets_one(self, client: AsyncClient) -> None:
        assert (await client.get("/api/v1/points/1/export")).status_code == 401

    @pytest.mark.parametrize("who", ["stranger", "huantai"])
    async def test_outside_there_is_no_such_point(self, people: People, plant: Plant, who: str) -> None:
        answer = await people.get(who, f"/points/{plant.level.id}/export")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:anlan:not-found")

    @pytest.mark.parametrize("who", ["operator", "linzi", "city"])
    async def test_every_value_that_came_is_a_row(self, people: People, plant: Plant, who: str) -> None:
        values = [80.1, None, 0, 5e-7, 99.5]
        codes = [0, 0, 5, 3, 0]
        await plant.send_many(
            (at(seconds=600 * n), [v, 1, 0, 0], [q, 0, 0, 0])
            for n, (v, q) in enumerate(zip(values, codes, strict=True))
        )
        answer = await people.get(who, f"/points/{plant.level.id}/export", **SPAN)
        assert answer.content.startswith(b"\xef\xbb\xbftime,tag,name,value,unit,quality\r\n")
        rows = rows_of(answer)
        assert [(row["value"], row["quality"]) for row in rows] == [
            ("80.1", "good"), ("0.0", "bad_sensor"), ("5e-07", "out_of_range"), ("99.5", "good"),
        ]  # fmt: skip
        assert (rows[0]["time"], rows[0]["tag"], rows[0]["unit"]) == ("2026-08-24T09:00:00.000+08:00", "LT-101", "%")
        told = answer.headers["content-disposition"]
        assert 'filename="LT-101_20260824T0900_20260824T1000.csv"' in told

    async def test_parquet_holds_the_same(self, people: People, plant: Plant, tmp_path: Path) -> None:
        await plant.send_many((at(seconds=10 * n), [n / 7, 1, 0, 0], [0, 0, 0, 0]) for n in range(100))
        answer = await people.get("operator", f"/points/{plant.level.id}/export", format="parquet", **SPAN)
        assert answer.headers["content-type"] == "application/vnd.apache.parquet"
        (tmp_path / "x.parquet").write_bytes(answer.content)
        rows = duckdb.sql(f"select time, tag, value, quality from '{tmp_path}/x.parquet' order by time").fetchall()
        assert [row[2] for row in rows] == [pytest.approx(n / 7, rel=1e-7) for n in range(100)]
        assert rows[3][:2] == (at(seconds=30).replace(tzinfo=None), "LT-101")

    async def test_nothing_measured_is_a_file_with_a_head(self, people: People, plant: Plant) -> None:
        assert rows_of(await people.get("operator", f"/points/{plant.level.id}/export", **SPAN)) == []
        answer = await people.get("operator", f"/points/{plant.level.id}/export", format="parquet", **SPAN)
        assert (answer.status_code, answer.content[:4]) == (200, b"PAR1")

    async def test_a_name_that_a_spreadsheet_would_run_is_harmless(self, people: People, plant: Plant) -> None:
        plant.level.name = "=cmd|' /C calc'!A0"
        await plant.level.save()
        await plant.send(at(), [1, 1, 0, 0])
        (row,) = rows_of(await people.get("operator", f"/points/{plant.level.id}/export", **SPAN))
        assert row["name"] == "'=cmd|' /C calc'!A0"

    async def test_a_tag_of_chinese_letters_names_the_file(self, people: People, plant: Plant) -> None:
        plant.level.tag = '液位/1"'
        await plant.level.save()
        answer = await people.get("operator", f"/points/{plant.level.id}/export", **SPAN)
        told = answer.headers["content-disposition"]
        assert 'filename="-1-_20260824T0900' in told
        assert unquote(told.split("UTF-8''")[1]).startswith('液位/1"_2026')

    @pytest.mark.parametrize(
        "odd",
        [
            {"from": at(2).isoformat()},
            {"from": at(-24 * 400).isoformat()},
            {"from": "2026-08-24T09:00:00"},
            {"format": "xlsx"},
        ],
    )
    async def test_what_cannot_be_exported_is_said(self, people: People, plant: Plant, odd: dict[str, str]) -> None:
        answer = await people.get("operator", f"/points/{plant.level.id}/export", **{**SPAN, **odd})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid"), answer.text


class TestOfSeveral:
    async def test_gateway_by_gateway_in_order_of_time(self, people: People, plant: Plant) -> None:
        await plant.send_many((at(seconds=600 * n), [n, n + 1, None, 0], None) for n in range(3))
        ids = [plant.level.id, plant.pressure.id, plant.gas.id]
        rows = rows_of(await people.get("officer", "/points/export", pointIds=ids, **SPAN))
        assert [(row["tag"], row["value"]) for row in rows] == [
            (tag, f"{n + more}.0") for n in range(3) for tag, more in (("LT-101", 0), ("PT-101", 1))
        ]

    async def test_one_foreign_point_refuses_all(self, people: People, plant: Plant) -> None:
        other = await Plant.build(people.neighbour)
        ids = [plant.level.id, other.level.id]
        assert (await people.get("operator", "/points/export", pointIds=ids, **SPAN)).status_code == 404
        answer = await people.get("city", "/points/export", pointIds=ids, **SPAN)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:anlan:invalid")

    @pytest.mark.parametrize(("ids", "days"), [([], 1), (range(1, 102), 1), ([10**12], 1), ([-5, 10**12], 1)])
    async def test_none_too_many_and_impossible_ones(self, people: People, ids: Any, days: int) -> None:
        answer = await people.get("city", "/points/export", pointIds=list(ids), **SPAN)
        assert answer.status_code in (404, 422), answer.text

    async def test_too_long_for_so_many_says_how_much_would_do(self, people: People, plant: Plant) -> None:
        ids = [plant.level.id, plant.pressure.id, plant.gas.id, plant.gas2.id, plant.level.id]
        span = {"from": at(-24 * 365).isoformat(), "to": at().isoformat()}
        assert (await people.get("operator", "/points/export", pointIds=ids, **span)).status_code == 200
        other = {"from": at(-24 * 366.5).isoformat(), "to": at().isoformat()}
        answer = await people.get("operator", "/points/export", pointIds=ids, **other)
        assert "366 days" in answer.json()["detail"]


async def test_archived_days_are_in_it(people: People, plant: Plant, tmp_path: Path) -> None:
    await plant.send_many((at(seconds=900 * n), [n, 1, 0, 0], [5 if n == 7 else 0, 0, 0, 0]) for n in range(4 * 40))
    span = {"from": at(-3).isoformat(), "to": at(50).isoformat()}
    before = await people.get("operator", f"/points/{plant.level.id}/export", **span)
    folder = tmp_path / "archive"
    people.client._transport.app.state.settings = settings_for_tests(archive_dir=folder)  # type: ignore[attr-defined]
    async with connection() as con:
        await roll_up_finished(con, at(48), None)
        moved = [each async for each in archive_days(con, Archive(folder), T.date() + timedelta(days=2), at(48))]
    assert len(moved) == 2
    await send_late(plant, [(at(5, seconds=7), [777, 1, 0, 0], None)])
    after = await people.get("operator", f"/points/{plant.level.id}/export", **span)
    told, new = rows_of(before), rows_of(after)
    assert [row for row in new if row["value"] != "777.0"] == told
    assert len(new) == len(told) + 1 == 161
    (folder / "frames-20260824.parquet").unlink()
    answer = await people.get("operator", f"/points/{plant.level.id}/export", **span)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:anlan:archive-away")
