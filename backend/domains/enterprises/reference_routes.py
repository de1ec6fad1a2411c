"""Reference data over HTTP: chemicals, classes of GB 18218, key processes. The same for everyone."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from backend.domains.enterprises.chemicals import CHEMICALS, Chemical
from backend.domains.enterprises.hazard_classes import CLASSES, HazardClass
from backend.domains.enterprises.processes import PROCESSES, Process
from backend.kit.problems import refusals

Words = Annotated[str, QueryParameter(max_length=60, description="part of a name, alias or CAS number")]


class ChemicalOut(Struct, rename="camel"):
    """A chemical: Q in t, LEL in % by volume, occupational limits in mg/m³ and ppm at 25 °C."""

    name: Annotated[str, Meta(examples=["氨"])]
    name_en: str
    aliases: list[str]
    cas: Annotated[str, Meta(examples=["7664-41-7"])]
    hazard_class: Annotated[str, Meta(description="class of GB 18218 by which Q or β was taken, or empty")]
    threshold_t: float
    beta: float
    lel_vol_pct: float | None
    oel_mg_m3: float | None
    oel_ppm: float | None


class ReferenceController(Controller):
    """What GB 18218 and detectors go by."""

    path = "/reference"
    tags = ("registry",)

    @get("/chemicals", operation_id="listChemicals", summary="Known chemicals", responses=refusals())
    async def chemicals(self, q: Words = "") -> list[ChemicalOut]:
        """Chemicals with CAS number, class, threshold Q, β, LEL and OEL; all of them, or those that `q` names."""
        words = q.strip().lower()
        return [_show(chemical) for chemical in CHEMICALS.values() if _is_named(chemical, words)]

    @get("/hazard-classes", operation_id="listHazardClasses", summary="Classes of GB 18218", responses=refusals())
    async def classes(self) -> list[HazardClass]:
        """The classes by which substances count that are not named, with their Q in t and β."""
        return list(CLASSES.values())

    @get("/processes", operation_id="listProcesses", summary="The 18 key processes", responses=refusals())
    async def processes(self) -> list[Process]:
        """The key supervised processes with what must be watched in each."""
        return list(PROCESSES.values())


def _is_named(chemical: Chemical, words: str) -> bool:
    return any(words in each.lower() for each in (chemical.name, chemical.name_en, chemical.cas, *chemical.aliases))


def _show(chemical: Chemical) -> ChemicalOut:
    return ChemicalOut(
        name=chemical.name,
        name_en=chemical.name_en,
        aliases=list(chemical.aliases),
        cas=chemical.cas,
        hazard_class=chemical.hazard_class,
        threshold_t=chemical.threshold_t,
        beta=chemical.beta,
        lel_vol_pct=chemical.lel_vol_pct,
        oel_mg_m3=chemical.oel_mg_m3,
        oel_ppm=None if chemical.oel_ppm is None else round(chemical.oel_ppm, 3),
    )
