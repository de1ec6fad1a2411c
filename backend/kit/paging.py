"""Cursor paging: a page names the last row it showed, so a list stays stable while rows are written."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

from backend.errors import Invalid

Row = TypeVar("Row")
Out = TypeVar("Out")

MAX_PAGE = 200
# Litestar reads the bounds of a parameter from here; those of msgspec.Meta it would drop without a word.
Limit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE)]


class Page(msgspec.Struct, Generic[Out], rename="camel"):
    """One page of a list; `next` goes into `?after=` for the following page and is null on the last one."""

    items: list[Out]
    next: str | None = None


def encode_cursor(*keys: Any) -> str:
    """An opaque cursor from the sort keys of the last row shown."""
    return base64.urlsafe_b64encode(msgspec.json.encode(keys)).decode().rstrip("=")


def decode_cursor(text: str, *kinds: Any) -> tuple[Any, ...]:
    """The sort keys of a cursor, converted to `kinds`; raises Invalid for one that was not made by us."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        keys = msgspec.json.decode(raw, type=list[Any])
        if len(keys) != len(kinds):
            raise ValueError("wrong number of keys")
        return tuple(_storable(msgspec.convert(key, kind, strict=False)) for key, kind in zip(keys, kinds, strict=True))
    except (ValueError, binascii.Error, msgspec.MsgspecError) as exc:
        raise Invalid("this page mark is not one of ours; start again without it", field="after") from exc


def _storable(key: Any) -> Any:
    """The key, if a column could hold it; raises ValueError for one that no row of ours has."""
    if isinstance(key, str) and "\0" in key:
        raise ValueError("a text with NUL")
    if isinstance(key, int) and not -(2**31) <= key < 2**31:
        raise ValueError("a number beyond every column")
    if isinstance(key, datetime) and (key.tzinfo is None or not 1900 < key.year < 2300):
        raise ValueError("a time outside of the calendar we reckon with")
    return key


def page_of(
    rows: Sequence[Row], limit: int, show: Callable[[Row], Out], key: Callable[[Row], tuple[Any, ...]]
) -> Page[Out]:
    """A page from up to `limit + 1` rows that were asked for: the extra one only says that there is more."""
    shown = rows[:limit]
    more = encode_cursor(*key(shown[-1])) if len(rows) > limit and shown else None
    return Page(items=[show(row) for row in shown], next=more)
