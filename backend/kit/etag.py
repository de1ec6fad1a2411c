"""Versions as entity tags: what a client has seen comes back in If-Match or If-None-Match."""

from __future__ import annotations

import re

from backend.errors import Invalid

_TAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')


def version_tag(version: int) -> str:
    """The entity tag of a version, such as `"3"`."""
    return f'"{version}"'


def version_in(header: str | None, name: str = "If-Match") -> int | None:
    """The version that a header names; None without one. Raises Invalid for what is not a tag of ours."""
    if header is None:
        return None
    found = _TAG.fullmatch(header.strip())
    if found is None:
        raise Invalid(f'{name} names a version, such as "3"', field=name)
    return int(found[1])
