"""Log files of the children: where they are, how they are kept small, what their last words were."""

from __future__ import annotations

import shutil
from pathlib import Path

ROTATE_BYTES = 10 * 1024 * 1024
KEPT_FILES = 3
TAIL_BYTES = 64 * 1024


def rotate(log: Path, limit: int = ROTATE_BYTES, keep: int = KEPT_FILES) -> bool:
    """Move the content of a log larger than `limit` bytes to `<name>.1` (older ones to .2 …); True when it did.

    The file is copied and cut to zero, not renamed: the child holds it open in append mode and goes on at its new
    end. A line written between copy and cut is lost.
    """
    try:
        if log.stat().st_size <= limit:
            return False
    except FileNotFoundError:
        return False
    for number in range(keep - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    with log.open("r+b") as file:
        file.truncate(0)
    return True


def tail(log: Path, lines: int = 15, since: int = 0) -> str:
    """The last non-empty lines written after byte `since`; an empty string when there are none."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            start = since if since <= size else 0  # cut by a rotation meanwhile
            file.seek(max(start, size - TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])


def size_of(log: Path) -> int:
    """Bytes in the log now; 0 when there is none."""
    try:
        return log.stat().st_size
    except FileNotFoundError:
        return 0
