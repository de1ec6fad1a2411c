"""Writing a day's Parquet file from text, and reading it back: waits, so it runs in a thread."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from backend.domains.monitoring.history.archive import at_us, duck

# A group holds about a day of a gateway at 10 s, so that reading one gateway touches one or two.
FRAMES_A_GROUP = 10_240

FROM_TEXT = """
select gateway_id, make_timestamp(t) as t, layout_id, n, make_timestamp(received_at) as received_at, late,
       v::float[] as v, q::smallint[] as q
from read_csv(?, header = false, delim = ',', quote = '"', columns = {'gateway_id': 'int', 't': 'bigint',
    'layout_id': 'int', 'n': 'bigint', 'received_at': 'bigint', 'late': 'boolean', 'v': 'varchar', 'q': 'varchar'})
"""
# What was there first stays: a frame that comes twice changes nothing.
WITH_OLD = f"""
select * from (
    select * from read_parquet(?)
    union all
    select * from ({FROM_TEXT}) c where not exists (
        select 1 from read_parquet(?) o where o.gateway_id = c.gateway_id and o.t = c.t)
) order by gateway_id, t
"""  # noqa: S608 - constants.
SUMS = """
select count(*), coalesce(sum(epoch_us(t)), 0), coalesce(sum(epoch_us(received_at)), 0),
       coalesce(sum(gateway_id::bigint * 31 + layout_id + coalesce(n, -1) + late::int), 0),
       coalesce(sum(len(v)), 0), coalesce(sum(len(q)), 0), coalesce(sum(list_count(v)), 0),
       coalesce(sum(list_sum(list_transform(v, lambda e: case when abs(e::double) < 1e12
           then floor(e::double * 1024)::bigint else 0 end))), 0),
       coalesce(sum(list_sum(q::bigint[])), 0)
from ({source})
"""
SPAN = "select epoch_us(min(t)), epoch_us(max(t)), count(*) from read_parquet(?)"


class CheckFailed(Exception):
    """What was read back is not what was written; nothing was recorded or dropped."""


class Sums(NamedTuple):
    """Exact sums over all frames of a day, the same in both databases when nothing was lost."""

    rows: int
    times: int
    arrivals: int
    numbers: int
    places: int
    qualities: int
    values_present: int
    values: int
    codes: int


class FileFacts(NamedTuple):
    """What the manifest tells of a file."""

    rows: int
    bytes: int
    sha256: str
    first_at: datetime
    last_at: datetime


def write_day(text: Path, target: Path, old: Path | None, told: Sums) -> FileFacts:
    """Write the frames of `text`, and those of the `old` file of that day, to `target`, and read them back.

    told: the sums that PostgreSQL found over what it wrote to `text`. The file takes its name when it was read back.
    Raises CheckFailed.
    """
    aside = target.with_name(f".{target.name}.part")
    with duck().cursor() as cursor:
        _expect(told, _sums(cursor, FROM_TEXT, [str(text)]), "the text")
        source, files = FROM_TEXT, [str(text)]
        if old is not None:
            source, files = WITH_OLD, [str(old), str(text), str(old)]
        cursor.execute(
            f"copy ({source}) to '{_quoted(aside)}'"
            f" (format parquet, compression zstd, row_group_size {FRAMES_A_GROUP})",
            files,
        )
        whole = told if old is None else _sums(cursor, source, files)
        _expect(whole, _sums(cursor, "select * from read_parquet(?)", [str(aside)]), "the file")
        first, last, rows = cursor.execute(SPAN, [str(aside)]).fetchall()[0]
    with aside.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    aside.replace(target)
    _sync_folder(target.parent)
    return FileFacts(rows, target.stat().st_size, sha256, at_us(first), at_us(last))


def _sums(cursor: duckdb.DuckDBPyConnection, source: str, files: list[str]) -> Sums:
    row = cursor.execute(SUMS.format(source=source), files).fetchall()[0]
    return Sums(*(int(value) for value in row))


def _expect(told: Sums, found: Sums, where: str) -> None:
    if told != found:
        raise CheckFailed(f"{where} holds {found}, the table holds {told}")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _sync_folder(folder: Path) -> None:
    """Make the new name outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
