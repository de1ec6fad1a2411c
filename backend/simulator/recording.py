"""A recorded file as a gateway would have measured it: rows with times, columns with tags."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

# Local times without an offset are read as of here; only their distances matter.
ZONE = ZoneInfo("Asia/Shanghai")
SLUG_RUBBISH = re.compile(r"[^A-Za-z0-9_-]+")
# The largest times that are taken for seconds since the epoch; above them they are milliseconds.
MOST_SECONDS = 1e11


class UnusableRecording(Exception):
    """The file or a mapping cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Mapped:
    """A column and the point it becomes: `COLUMN=TAG:kind:unit[:lo:hi]`."""

    column: str
    tag: str
    kind: str
    unit: str
    range_lo: float | None = None
    range_hi: float | None = None

    @classmethod
    def of(cls, text: str) -> Mapped:
        """Read a mapping as it stands on the command line; raises UnusableRecording."""
        column, equals, told = text.rpartition("=")
        parts = told.split(":")
        if not equals or not column.strip() or len(parts) not in (3, 5) or not parts[0].strip():
            raise UnusableRecording(f"a mapping reads COLUMN=TAG:kind:unit or COLUMN=TAG:kind:unit:lo:hi, not {text!r}")
        try:
            lo, hi = (float(parts[3]), float(parts[4])) if len(parts) == 5 else (None, None)
        except ValueError as exc:
            raise UnusableRecording(f"the range in {text!r} is not two numbers") from exc
        return cls(column.strip(), parts[0].strip(), parts[1].strip(), parts[2].strip(), lo, hi)


@dataclass(frozen=True)
class Row:
    """One line: its own time, s since the epoch, and a value for each mapping, None where there is none."""

    t: float
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Recording:
    """A file that was read. bad_cells: values that are missing or no finite numbers; untimed: lines without a time."""

    rows: tuple[Row, ...]
    bad_cells: int
    untimed: int

    @property
    def first(self) -> float:
        """The earliest time in it."""
        return min(row.t for row in self.rows)

    @property
    def lasts_s(self) -> float:
        """From the earliest time to the latest."""
        return max(row.t for row in self.rows) - self.first

    @property
    def repeated(self) -> int:
        """Lines whose time stands in the file before."""
        return len(self.rows) - len({_milliseconds(row.t) for row in self.rows})

    def shifted(self, start: float, speed: float) -> Iterator[tuple[float, int, Row]]:
        """(when to send, source time in ms, row) of a replay that begins at `start` and runs `speed` times as fast.

        The recording is moved as a whole so that its latest time falls on the end of the replay: distances are kept,
        nothing lies ahead of its sending, and at speed 1 it is live. Raises ValueError for a speed below 1.
        """
        if speed < 1:
            raise ValueError("a replay slower than its recording would send from the future")
        moved = start + self.lasts_s / speed - (self.first + self.lasts_s)
        for row in self.rows:
            yield start + (row.t - self.first) / speed, _milliseconds(row.t + moved), row


def read_recording(path: Path, time_column: str, maps: Sequence[Mapped], delimiter: str = ",") -> Recording:
    """Read a file with a header line; raises UnusableRecording when there is nothing in it to replay."""
    rows: list[Row] = []
    bad_cells = untimed = 0
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            table = csv.DictReader(lines, delimiter=delimiter)
            _check_header(table.fieldnames or [], time_column, maps)
            for line in table:
                t = _time(line[time_column])
                if t is None:
                    untimed += 1
                    continue
                values = tuple(_number(line[each.column]) for each in maps)
                bad_cells += values.count(None)
                rows.append(Row(t, values))
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise UnusableRecording(f"{path} cannot be read: {exc}") from exc
    if not rows:
        raise UnusableRecording(f"{path} holds no line with a time in column {time_column!r}")
    return Recording(tuple(rows), bad_cells, untimed)


def gateway_code(enterprise: str, path: Path) -> str:
    """The code of the gateway that a file stands for: that of the enterprise and the file's name."""
    slug = SLUG_RUBBISH.sub("-", path.stem).strip("-") or "recording"
    return f"{enterprise}-{slug}"[:40]


def _check_header(header: Sequence[str], time_column: str, maps: Sequence[Mapped]) -> None:
    for column in (time_column, *(each.column for each in maps)):
        if column not in header:
            raise UnusableRecording(
                f"there is no column {column!r}; the file has {', '.join(map(repr, header))}. Is the delimiter right?"
            )
    tags = [each.tag for each in maps]
    if not tags or len(set(tags)) != len(tags):
        raise UnusableRecording("map at least one column, and each to a tag of its own")


def _time(text: str | None) -> float | None:
    """Seconds since the epoch from ISO 8601, or from a number of seconds or milliseconds."""
    if not text or not text.strip():
        return None
    number = _number(text)
    if number is not None:
        return number / 1000 if abs(number) > MOST_SECONDS else number
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=ZONE)).timestamp()


def _number(text: str | None) -> float | None:
    try:
        number = float((text or "").strip().replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _milliseconds(t: float) -> int:
    return round(t * 1000)
