"""Enterprises over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import asked_for, page_by_code, page_by_name, visible_enterprise
from backend.domains.enterprises.schemas import EnterpriseOrder, EnterpriseOut, EnterpriseRow
from backend.domains.enterprises.showing import show_enterprise, show_rows
from backend.errors import Invalid, NotVisible
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals

Words = Annotated[
    str,
    QueryParameter(max_length=60, description="part of a name, short name, code or of its pinyin initials"),
]


class EnterpriseController(Controller):
    """Regulators see the enterprises of their area, people of an enterprise their own."""

    path = "/enterprises"
    tags = ("enterprises",)

    @get("/", operation_id="listEnterprises", summary="Enterprises in view", responses=refusals(Invalid))
    async def list_enterprises(
        self,
        viewer: NamedDependency[Viewer],
        q: Words = "",
        adcode: FromQuery[str | None] = None,
        order: Annotated[EnterpriseOrder, QueryParameter()] = EnterpriseOrder.CODE,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[EnterpriseRow]:
        """Enterprises of the viewer's area, or of the branch below `adcode`; by code, or by name in pinyin order."""
        query = await asked_for(viewer, q, adcode)
        if order is EnterpriseOrder.NAME:
            rows = await page_by_name(query, limit, after)
        else:
            rows = await page_by_code(query, limit, after)
        shown = rows[:limit]
        last = shown[-1] if len(rows) > limit else None
        keys = () if last is None else (last.initials, last.code) if order is EnterpriseOrder.NAME else (last.code,)
        return Page(items=await show_rows(shown), next=encode_cursor(*keys) if keys else None)

    @get(
        "/{enterprise_id:uuid}", operation_id="getEnterprise", summary="One enterprise", responses=refusals(NotVisible)
    )
    async def get_enterprise(self, enterprise_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> EnterpriseOut:
        """One enterprise with its hazards, counts of tanks and detectors, and its people."""
        return await show_enterprise(await visible_enterprise(viewer, enterprise_id), viewer)
