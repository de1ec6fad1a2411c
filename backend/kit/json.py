"""JSON for database columns, in a module of its own because migrations import it."""

from typing import Any

import msgspec


def dump_json(value: Any) -> str:
    """JSON text of plain data and structs."""
    return msgspec.json.encode(value).decode()


def load_json(text: str | bytes) -> Any:
    """The inverse of `dump_json`, as plain data."""
    return msgspec.json.decode(text)
