"""Reads of the tree of areas."""

from __future__ import annotations

import re

from backend.domains.regions.models import Region

# GB/T 2260, and letters for the zones that have no code there.
ADCODE = r"^[0-9A-Z]{6}$"


async def all_regions() -> list[Region]:
    """The whole tree, parents before children."""
    return await Region.all().order_by("path")


async def get_region(adcode: str) -> Region | None:
    """One area, or None."""
    return await Region.get_or_none(adcode=adcode)


async def branch_codes(adcode: str) -> frozenset[str]:
    """The codes of an area and of all areas below it; empty when it is unknown."""
    root = await Region.get_or_none(adcode=adcode) if re.fullmatch(ADCODE, adcode) else None
    if root is None:
        return frozenset()
    below = await Region.filter(path__startswith=root.path + "/").values_list("adcode", flat=True)
    return frozenset({root.adcode, *(str(code) for code in below)})


async def line_of(adcode: str) -> frozenset[str]:
    """The codes of an area and of all areas above it: those whose regulators are told."""
    region = await Region.get_or_none(adcode=adcode)
    return frozenset(region.path.split("/")) if region else frozenset()
