"""Days that move to files: nothing is lost on the way, and nobody sees the difference."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
import pytest

from backend.domains.monitoring.history import archiving
from backend.domains.monitoring.history.archive import Archive, ArchiveAway, ArchivedDay
from backend.domains.monitoring.history.archiving import archive_days
from backend.domains.monitoring.history.files import CheckFailed
from backend.domains.monitoring.history.making import roll_up_finished
from backend.domains.monitoring.history.partitions import drop_old_hours, frame_days, make_ahead
from backend.domains.monitoring.trends import Trend, read_trend
from tests.domains.monitoring.history.frames import T, at, connection, send_late
from tests.domains.monitoring.plant import Plant

pytestmark = pytest.mark.anyio
DAY = T.date()
AFTER = DAY + timedelta(days=2)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


async def fill(plant: Plant) -> None:
    """Two days of frames with odd values, two layouts apart from the rest, and their hours."""
    await plant.send_many(
        (at(seconds=60 * n), [n / 7, None if n % 5 else -0.0, 3.4e38, 1e-40], [0, 0, 3, 9] if n % 3 == 0 else None)
        for n in range(60 * 40)
    )
    async with connection() as con:
        await roll_up_finished(con, at(48), None)


async def move(archive: Archive, now_h: float = 48) -> list[ArchivedDay | date]:
    async with connection() as con:
        await roll_up_finished(con, at(now_h), archive)
        return [each async for each in archive_days(con, archive, AFTER, at(now_h))]


async def stored(plant: Plant) -> list[dict[str, Any]]:
    async with connection() as con:
        rows = await con.fetch("select * from frame where gateway_id = $1 order by t", plant.gateway.id)
    return [dict(row) for row in rows]


async def trends(plant: Plant, archive: Archive) -> list[Trend]:
    """Short, of a day, long with cut edges."""
    return [
        await read_trend(point, start, end, most, at(60), archive)
        for point in (plant.level, plant.pressure, plant.gas2)
        for start, end, most in (
            (at(3), at(4), 100),
            (at(), at(24), 200),
            (at(seconds=700), at(39, seconds=1300), 50),
            (at(-300, seconds=700), at(39, seconds=1300), 50),
        )
    ]


async def test_a_moved_day_reads_as_before(plant: Plant, archive: Archive) -> None:
    await fill(plant)
    before, frames = await trends(plant, archive), await stored(plant)
    moved = await move(archive)
    assert [(each.day, each.version) for each in moved] == [(DAY, 1), (DAY + timedelta(days=1), 1)]  # type: ignore[union-attr]
    assert await stored(plant) == []
    assert await trends(plant, archive) == before
    async with connection() as con:
        assert not set(await frame_days(con)) & {DAY, DAY + timedelta(days=1)}
    read = duckdb.sql(f"select * from read_parquet('{archive.folder}/*.parquet') order by t").fetchall()
    assert [(row[1], row[6], row[7]) for row in read] == [
        (frame["t"].replace(tzinfo=None), frame["v"], frame["q"]) for frame in frames
    ]


async def test_the_manifest_tells_what_lies_there(plant: Plant, archive: Archive) -> None:
    await fill(plant)
    first, _ = await move(archive)
    assert isinstance(first, ArchivedDay)
    raw = (archive.folder / first.file).read_bytes()
    assert (first.bytes, first.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())
    assert (first.rows, first.first_at, first.last_at) == (23 * 60, at(), at(seconds=60 * (23 * 60 - 1)))
    assert sorted(path.name for path in archive.folder.iterdir()) == [
        "frames-20260824.parquet",
        "frames-20260825.parquet",
    ]
    with pytest.raises(asyncpg.RestrictViolationError):
        async with connection() as con, con.transaction():
            await con.execute("delete from archived_day")


async def test_frames_that_come_later_lie_beside_the_file_and_then_in_it(plant: Plant, archive: Archive) -> None:
    await fill(plant)
    await move(archive)
    again = (at(5), [99, 99, 99, 99], None)  # This instant is in the file already: it came twice, and changes nothing.
    await send_late(plant, [(at(5, seconds=30), [555, 1, 2, 3], None), again])
    for version in (1, 2):
        trend = await read_trend(plant.level, at(5), at(6), 100, at(60), archive)
        assert (max(trend.high), trend.low[0]) == (555, pytest.approx(300 / 7, rel=1e-6))
        month = await read_trend(plant.level, at(-200), at(39), 1000, at(60), archive)
        assert (max(month.high), len(month.t)) == (555, 39)
        async with connection() as con:
            assert version == await con.fetchval("select max(version) from archived_day where day = $1", DAY)
        if version == 1:
            await move(archive)
    assert await stored(plant) == []
    assert sorted(path.name for path in archive.folder.iterdir()) == [
        "frames-20260824.2.parquet",
        "frames-20260825.parquet",
    ]
    async with connection() as con:
        hour = await con.fetchrow("select n[1], max[1] from rollup_hour where hour = $1", at(5))
        assert tuple(hour) == (61, 555)


async def test_a_day_with_hours_to_make_again_waits(plant: Plant, archive: Archive) -> None:
    await fill(plant)
    await send_late(plant, [(at(2, seconds=1), [1, 1, 1, 1], None)])
    async with connection() as con:
        assert [each async for each in archive_days(con, archive, AFTER, at(48), most=1)] == [DAY]
    assert len(await stored(plant)) == 40 * 60 + 1
    assert len(await move(archive)) == 2


async def test_a_file_that_does_not_read_back_drops_nothing(
    plant: Plant, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(plant)
    right = archiving.write_day
    monkeypatch.setattr(
        archiving,
        "write_day",
        lambda text, target, old, told: right(text, target, old, told._replace(values=told.values + 1)),
    )
    with pytest.raises(CheckFailed):
        await move(archive)
    assert len(await stored(plant)) == 60 * 40
    async with connection() as con:
        assert await con.fetchval("select count(*) from archived_day") == 0
    assert not list(archive.folder.glob("frames-*"))


async def test_stopped_between_file_and_record_it_goes_on(
    plant: Plant, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(plant)
    before = await trends(plant, archive)

    async def stop(*_: object) -> None:
        raise ConnectionError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(archiving, "_record", stop)
        with pytest.raises(ConnectionError):
            await move(archive)
    assert [path.name for path in archive.folder.iterdir()] == ["frames-20260824.parquet"]
    assert (len(await stored(plant)), await trends(plant, archive)) == (60 * 40, before)
    assert len(await move(archive)) == 2
    assert await trends(plant, archive) == before


async def test_a_lost_file_is_said_and_not_shown_as_a_gap(plant: Plant, archive: Archive) -> None:
    await fill(plant)
    await move(archive)
    (archive.folder / "frames-20260824.parquet").unlink()
    with pytest.raises(ArchiveAway):
        await read_trend(plant.level, at(3), at(4), 100, at(60), archive)


async def test_partitions_are_made_ahead_and_old_hours_dropped(plant: Plant) -> None:
    async with connection() as con:
        await make_ahead(con, at())
        assert {DAY + timedelta(days=ahead) for ahead in range(5)} <= set(await frame_days(con))
        for month in (date(2021, 7, 1), date(2021, 8, 1), date(2021, 9, 1)):
            await con.execute("select ensure_rollup_month($1)", month)
        assert await drop_old_hours(con, at(), 5) == ["rollup_hour_202107"]
        assert await drop_old_hours(con, at(), 5) == []


async def test_an_empty_day_is_dropped_without_a_file(plant: Plant, archive: Archive) -> None:
    async with connection() as con:
        await con.execute("select ensure_frame_day($1)", DAY)
    assert await move(archive) == []
    async with connection() as con:
        assert DAY not in await frame_days(con)
