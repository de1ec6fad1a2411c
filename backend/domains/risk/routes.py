"""Risk over HTTP: who is red, and why. Nothing here can be written: a score is made, never set."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from backend.domains.accounts.viewer import Viewer
from backend.domains.risk import queries
from backend.domains.risk.schemas import EnterpriseMark, EnterpriseRisk, Explanation, HazardRisk, RiskCounts
from backend.domains.risk.showing import (
    show_counts,
    show_enterprises,
    show_hazard,
    show_mark,
    show_score,
    show_state,
)
from backend.errors import Invalid, NotVisible
from backend.kit import clock
from backend.kit.paging import MAX_PAGE, Limit, Page, encode_cursor, page_of
from backend.kit.problems import refusals
from backend.kit.text import ANY_TEXT

EnterpriseId = Annotated[UUID | None, QueryParameter(name="enterpriseId")]
LevelWanted = Annotated[int | None, QueryParameter(ge=0, le=3, description="0 blue, 1 yellow, 2 orange, 3 red")]
GradeWanted = Annotated[int | None, QueryParameter(ge=1, le=4, description="of the gravest hazard; 1 is the gravest")]
Adcode = Annotated[str | None, QueryParameter(pattern=r"^[0-9A-Z]{6}$", description="an area; its branch is meant")]
Words = Annotated[
    str,
    QueryParameter(max_length=60, pattern=ANY_TEXT, description="part of a name, short name, code or pinyin initials"),
]


class RiskController(Controller):
    """Regulators see their area, people of an enterprise their own."""

    path = "/risk"
    tags = ("risk",)

    @get("/hazards", operation_id="listHazardRisks", summary="Major hazards, worst first", responses=refusals(Invalid))
    async def list_hazards(
        self,
        viewer: NamedDependency[Viewer],
        enterprise_id: EnterpriseId = None,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[HazardRisk]:
        """The major hazards in view, or those of one enterprise, with their level and what weighs most."""
        now = clock.now()
        rows = await queries.page_of_hazards(viewer, enterprise_id, limit, after)
        return page_of(rows, limit, lambda row: show_hazard(row, now), lambda r: (r["rank"], r["weight"], r["code"]))

    @get(
        "/enterprises",
        operation_id="listEnterpriseRisks",
        summary="Enterprises, worst first",
        responses=refusals(Invalid),
    )
    async def list_enterprises(
        self,
        viewer: NamedDependency[Viewer],
        adcode: Adcode = None,
        level: LevelWanted = None,
        grade: GradeWanted = None,
        q: Words = "",
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[EnterpriseRisk]:
        """Each enterprise in view with its worst hazard and why; one that was never scored comes last."""
        rows = await queries.page_of_enterprises(viewer, adcode, level, grade, q, limit, after)
        shown = rows[:limit]
        more = encode_cursor(*(shown[-1][key] for key in ("rank", "weight", "code"))) if len(rows) > limit else None
        return Page(items=await show_enterprises(shown, clock.now()), next=more)

    @get("/marks", operation_id="listEnterpriseMarks", summary="Enterprises on a map", responses=refusals(Invalid))
    async def list_marks(
        self,
        viewer: NamedDependency[Viewer],
        limit: FromQuery[Limit] = MAX_PAGE,
        after: FromQuery[str | None] = None,
    ) -> Page[EnterpriseMark]:
        """Each enterprise in view with its area and colour, and nothing else, for drawing all of them at once."""
        rows, now = await queries.page_of_marks(viewer, limit, after), clock.now()
        return page_of(rows, limit, lambda row: show_mark(row, now), lambda r: (r["code"],))

    @get("/counts", operation_id="countRisks", summary="Enterprises by colour and area", responses=refusals(Invalid))
    async def counts(self, viewer: NamedDependency[Viewer], adcode: Adcode = None) -> RiskCounts:
        """How many enterprises in view have their worst hazard at each colour, in all and by area."""
        return await show_counts(await queries.counts(viewer, adcode))

    @get(
        "/hazards/{hazard_id:uuid}",
        operation_id="explainHazardRisk",
        summary="Why a hazard stands where it stands",
        responses=refusals(NotVisible),
    )
    async def explain_hazard(self, hazard_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Explanation:
        """The present score of a major hazard taken apart."""
        return await show_state(await queries.visible_state(viewer, hazard_id))

    @get(
        "/scores/{score_id:uuid}",
        operation_id="explainScore",
        summary="Why a score was what it was",
        responses=refusals(NotVisible),
    )
    async def explain_score(self, score_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Explanation:
        """A score of the record taken apart, computed again from its stored input."""
        return await show_score(await queries.visible_score(viewer, score_id))
