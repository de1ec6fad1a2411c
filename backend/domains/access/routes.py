"""The access ledger over HTTP."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from backend.domains.access import service
from backend.domains.access.schemas import (
    BlockerReport,
    ContactDraft,
    CoverageOut,
    DistrictContactOut,
    EnterpriseAccess,
    LedgerOut,
    StepChange,
)
from backend.domains.access.showing import show_contact, show_contacts, show_coverage, show_lines
from backend.domains.accounts.guards import keeps_ledger, regulates, signs_for_enterprise
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprise
from backend.domains.monitoring.schemas import ReasonRequest
from backend.domains.regions.queries import branch_codes
from backend.errors import Invalid, NotAllowed, NotVisible, SameIdOtherBody
from backend.kit import clock
from backend.kit.problems import refusals
from backend.settings import Settings


class AccessController(Controller):
    """Which hazard is how far on its way onto the system, and what holds it up."""

    path = "/access"
    tags = ("access",)

    @get("/", operation_id="listAccess", summary="The access ledger", responses=refusals(Invalid))
    async def ledger(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        adcode: FromQuery[str | None] = None,
    ) -> LedgerOut:
        """Every hazard in view with its steps, filed and seen, and where the two differ; overdue ones first.

        One answer, not pages: a city has some hundred hazards, and a board is read as a whole.
        """
        now = clock.now()
        today = clock.plant_day(now, settings.plant_zone)
        codes = await branch_codes(adcode) if adcode is not None else None
        return LedgerOut(today, await show_lines(viewer, now, today, codes=codes))

    @get(
        "/{enterprise_id:uuid}",
        operation_id="getAccess",
        summary="The ledger of one enterprise",
        responses=refusals(NotVisible),
    )
    async def of_enterprise(
        self, enterprise_id: FromPath[UUID], viewer: NamedDependency[Viewer], settings: NamedDependency[Settings]
    ) -> EnterpriseAccess:
        """The lines of one enterprise, and the contacts there and in its district."""
        return await _shown(enterprise_id, viewer, settings)

    @post(
        "/{enterprise_id:uuid}/steps",
        operation_id="setAccessStep",
        summary="File how a step stands",
        guards=[regulates],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.LedgerChanged, Invalid),
    )
    async def set_step(
        self,
        enterprise_id: FromPath[UUID],
        data: JSONBody[StepChange],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
    ) -> EnterpriseAccess:
        """Day done, day due, blocker and note of one line, or of every line of the enterprise; answers its ledger."""
        now = clock.now()
        today = clock.plant_day(now, settings.plant_zone)
        await service.set_step(enterprise_id, data, viewer, now, today)
        return await _shown(enterprise_id, viewer, settings)

    @post(
        "/{enterprise_id:uuid}/blockers",
        operation_id="reportBlocker",
        summary="Say what holds a step up",
        guards=[signs_for_enterprise],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def report_blocker(
        self,
        enterprise_id: FromPath[UUID],
        data: JSONBody[BlockerReport],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
    ) -> EnterpriseAccess:
        """What holds the enterprise up, in its own words; an empty text takes it back. Answers its ledger."""
        await service.report_blocker(enterprise_id, data, viewer, clock.now())
        return await _shown(enterprise_id, viewer, settings)


class CoverageController(Controller):
    """How far the area is on the system, and whom to call about the rest."""

    path = "/access-coverage"
    tags = ("access",)

    @get("/", operation_id="getCoverage", summary="Coverage by district and grade", responses=refusals(Invalid))
    async def coverage(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        adcode: FromQuery[str | None] = None,
    ) -> CoverageOut:
        """Hazards, tanks, detectors and points that are on the system and those that are missing, with the contacts."""
        now = clock.now()
        codes = await branch_codes(adcode) if adcode is not None else None
        return await show_coverage(viewer, now, clock.plant_day(now, settings.plant_zone), codes)

    @post(
        "/contacts",
        operation_id="addAccessContact",
        summary="Enter a contact person",
        guards=[keeps_ledger],
        status_code=HTTP_201_CREATED,
        responses={
            HTTP_200_OK: ResponseSpec(DistrictContactOut, description="Entered before; answered again"),
            **refusals(NotAllowed, NotVisible, SameIdOtherBody, Invalid),
        },
    )
    async def add_contact(
        self, data: JSONBody[ContactDraft], viewer: NamedDependency[Viewer]
    ) -> Response[DistrictContactOut]:
        """Whom to call in a district, or at an enterprise."""
        contact, is_new = await service.add_contact(data, viewer, clock.now())
        return Response(show_contact(contact), status_code=HTTP_201_CREATED if is_new else HTTP_200_OK)

    @post(
        "/contacts/{contact_id:uuid}/leave",
        operation_id="removeAccessContact",
        summary="Say that someone is no contact any more",
        guards=[keeps_ledger],
        status_code=HTTP_204_NO_CONTENT,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def remove_contact(
        self, contact_id: FromPath[UUID], data: JSONBody[ReasonRequest], viewer: NamedDependency[Viewer]
    ) -> None:
        """The row stays; it is no longer shown."""
        await service.remove_contact(contact_id, data.reason, viewer, clock.now())


async def _shown(enterprise_id: UUID, viewer: Viewer, settings: Settings) -> EnterpriseAccess:
    enterprise = await visible_enterprise(viewer, enterprise_id)
    now = clock.now()
    today = clock.plant_day(now, settings.plant_zone)
    lines = await show_lines(viewer, now, today, enterprise_id=enterprise.id)
    return EnterpriseAccess(lines, await show_contacts(viewer, enterprise))
