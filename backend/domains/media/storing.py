"""Where photos lie: by the hash of their content, so the same picture is there once and a path never changes."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4


def path_of(root: Path, sha256: str) -> Path:
    """The place of a file: two levels of folders, so that none grows too large."""
    return root / sha256[:2] / sha256[2:4] / f"{sha256}.jpg"


def keep(root: Path, sha256: str, data: bytes) -> Path:
    """Write a file whole or not at all; harmless when it is there already."""
    path = path_of(root, sha256)
    if path.exists():
        return path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{sha256}.{uuid4().hex}")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
