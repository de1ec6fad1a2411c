"""Areas on the wire."""

from __future__ import annotations

from msgspec import Struct

from backend.domains.regions.enums import RegionKind


class RegionOut(Struct, rename="camel"):
    """One area of the tree."""

    adcode: str
    name: str
    name_en: str
    kind: RegionKind
    parent_adcode: str | None
