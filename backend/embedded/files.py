"""Small files that hold secrets."""

from __future__ import annotations

import os
from pathlib import Path

from backend.embedded.child import Account


def write_private(path: Path, text: str, account: Account | None = None) -> None:
    """Put `text` into the file, readable for its owner only, whole or not at all.

    As root the file goes to `account`, or else to the owner of the folder it lies in.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    # O_EXCL: as root we write into a folder of the servers' account, which must not lead us elsewhere by a link.
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            if os.geteuid() == 0:
                parent = path.parent.stat()
                owner = (account.uid, account.gid) if account else (parent.st_uid, parent.st_gid)
                os.fchown(file.fileno(), *owner)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
