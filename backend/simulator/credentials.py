"""What the demo city's gateways and people sign in with: two files in the data folder, for their owner only."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

GATEWAYS_FILE = "demo-gateways.json"
SIGN_INS_FILE = "demo-sign-ins.json"


class SignIn(msgspec.Struct, frozen=True):
    """An account that is shown to the visitor; words say who it is."""

    username: str
    words: str


class SignIns(msgspec.Struct, frozen=True):
    """One password for all people of the demo city, and the accounts to try it with."""

    password: str
    accounts: list[SignIn]


def read_gateways(data_dir: Path) -> dict[str, str]:
    """The secrets of the demo gateways by code; empty when the city was not made on this data folder."""
    with suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode((data_dir / GATEWAYS_FILE).read_bytes(), type=dict[str, str])
    return {}


def read_sign_ins(data_dir: Path) -> SignIns | None:
    """The sign-ins of the demo city, None when it was not made on this data folder."""
    with suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode((data_dir / SIGN_INS_FILE).read_bytes(), type=SignIns)
    return None
