from datetime import UTC, datetime

import pytest

from backend.errors import Invalid
from backend.kit.paging import decode_cursor, encode_cursor, page_of


def test_a_page_tells_whether_there_is_more() -> None:
    page = page_of([1, 2, 3], 2, str, lambda row: (row,))
    assert page.items == ["1", "2"]
    assert decode_cursor(page.next or "", int) == (2,)
    assert page_of([1, 2], 2, str, lambda row: (row,)).next is None
    assert page_of([], 2, str, lambda row: (row,)).next is None


def test_a_cursor_keeps_instants_to_the_microsecond() -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    assert decode_cursor(encode_cursor(at, "a"), datetime, str) == (at, "a")


@pytest.mark.parametrize("text", ["", "x", "éé", "W10", "WzEsMl0", "eyJhIjoxfQ", "////", "a" * 5000])
def test_a_foreign_cursor_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid, match="page mark"):
        decode_cursor(text, int)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (2**31, int),
        (-(2**31) - 1, int),
        ("a\0", str),
        ("2026-11-24T00:00:00", datetime),
        ("0001-01-01T00:00:00+14:00", datetime),
        ("9999-12-31T23:59:59-14:00", datetime),
    ],
)
def test_a_cursor_with_what_no_column_holds_is_refused(key: object, kind: type) -> None:
    with pytest.raises(Invalid, match="page mark"):
        decode_cursor(encode_cursor(key), kind)
