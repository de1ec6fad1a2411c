"""Enterprises over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from backend.domains.accounts.guards import signs_for_enterprise
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.history import info_history
from backend.domains.enterprises.history_schemas import InfoChange
from backend.domains.enterprises.queries import asked_for, page_by_code, page_by_name, visible_enterprise
from backend.domains.enterprises.register_schemas import InfoIn, RegisterOut
from backend.domains.enterprises.schemas import EnterpriseOrder, EnterpriseOut, EnterpriseRow
from backend.domains.enterprises.service import InfoChanged, maintain_info
from backend.domains.enterprises.service.basics import BasicInfo
from backend.domains.enterprises.showing import show_enterprise, show_rows
from backend.domains.enterprises.showing_registry import show_register
from backend.errors import Invalid, NotAllowed, NotVisible
from backend.kit import clock
from backend.kit.etag import version_in
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals

IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", description='The `infoVersion` that was read, such as "1"')
]
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

    @get(
        "/{enterprise_id:uuid}/register",
        operation_id="getRegister",
        summary="What else stands in an enterprise",
        responses=refusals(NotVisible),
    )
    async def get_register(self, enterprise_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> RegisterOut:
        """Warehouses, process units with their key parameters, loading stations with bays and arms, cameras, areas."""
        return await show_register(await visible_enterprise(viewer, enterprise_id))

    @put(
        "/{enterprise_id:uuid}/info",
        operation_id="maintainInfo",
        summary="Maintain the basic information",
        guards=[signs_for_enterprise],
        responses=refusals(NotAllowed, NotVisible, InfoChanged, Invalid),
    )
    async def maintain_info(
        self,
        enterprise_id: FromPath[UUID],
        data: JSONBody[InfoIn],
        viewer: NamedDependency[Viewer],
        if_match: IfMatch = None,
    ) -> EnterpriseOut:
        """What an enterprise keeps itself: names, licence, duty phone, products, contacts. Sent whole; what was on
        record before stays in the audit. With If-Match, the `infoVersion` that was read, nobody is overwritten.
        """
        enterprise = await visible_enterprise(viewer, enterprise_id)
        told = {name: _stripped(getattr(data, name)) for name in data.__struct_fields__ if name != "contacts"}
        contacts = [(each.duty.strip(), each.name.strip(), each.phone.strip()) for each in data.contacts]
        info = BasicInfo(**told, contacts=contacts)
        done = await maintain_info(enterprise, info, clock.now(), by=viewer, version=version_in(if_match))
        return await show_enterprise(done, viewer)

    @get(
        "/{enterprise_id:uuid}/info/history",
        operation_id="listInfoChanges",
        summary="Who maintained the basic information",
        responses=refusals(NotVisible, Invalid),
    )
    async def info_changes(
        self,
        enterprise_id: FromPath[UUID],
        viewer: NamedDependency[Viewer],
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[InfoChange]:
        """Each time with its author and what it was before and after, newest first; from the audit."""
        return await info_history(await visible_enterprise(viewer, enterprise_id), viewer, limit, after)


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
