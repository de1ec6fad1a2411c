"""Areas over HTTP."""

from __future__ import annotations

from litestar import Controller, get
from msgspec import convert

from backend.domains.regions.queries import all_regions
from backend.domains.regions.schemas import RegionOut
from backend.kit.problems import refusals


class RegionController(Controller):
    """The tree of areas is the same for everyone."""

    path = "/regions"
    tags = ("regions",)

    @get("/", operation_id="listRegions", summary="The tree of administrative areas", responses=refusals())
    async def list_regions(self) -> list[RegionOut]:
        """All areas, parents before children."""
        return [convert(region, RegionOut, from_attributes=True) for region in await all_regions()]
