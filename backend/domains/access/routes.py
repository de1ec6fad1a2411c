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
    AccessContactOut,
    BlockerReport,
    ContactChange,
    ContactDraft,
    CoverageOut,
    DistrictContactOut,
    EnterpriseAccess,
    LedgerOut,
    StepChange,
    StepPhotos,
)
from backend.domains.access.showing import (
    show_all_contacts,
    show_contact,
    show_contacts,
    show_coverage,
    show_enterprise_lines,
    show_lines,
)
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
        now, zone = clock.now(), settings.plant_zone
        codes = await branch_codes(adcode) if adcode is not None else None
        return LedgerOut(clock.plant_day(now, zone), await show_lines(viewer, now, zone, codes=codes))

    @get(
        "/{enterprise_id:uuid}",
        operation_id="getAccess",
        summary="The ledger of one enterprise",
        responses=refusals(NotVisible),
    )
    async def of_enterprise(
        self, enterprise_id: FromPath[UUID], viewer: NamedDependency[Viewer], settings: NamedDependency[Settings]
    ) -> EnterpriseAccess:
        """Its lines with photos and what is not signed, and the contacts there and in its district."""
        return await _shown(enterprise_id, viewer, settings)

    @post(
        "/{enterprise_id:uuid}/steps",
        operation_id="setAccessStep",
        summary="File how a step stands",
        guards=[regulates],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, service.LedgerChanged, service.LimitsNotSigned, Invalid),
    )
    async def set_step(
        self,
        enterprise_id: FromPath[UUID],
        data: JSONBody[StepChange],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
    ) -> EnterpriseAccess:
        """Day done, day due, blocker and note of one line, or of every line of the enterprise; answers its ledger.

        `limits_signed` follows from the threshold passport: it is done when the limits in force of every tank and
        detector were verified on site and approved, and cannot be filed as done before.
        """
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

    @post(
        "/{enterprise_id:uuid}/photos",
        operation_id="addAccessPhotos",
        summary="Show a step in photos",
        guards=[keeps_ledger],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def add_photos(
        self,
        enterprise_id: FromPath[UUID],
        data: JSONBody[StepPhotos],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
    ) -> EnterpriseAccess:
        """Photos that this person sent before, for a step of one line or of every line; at most 12 a step. Sending it
        again is harmless. Answers the ledger of the enterprise.
        """
        await service.add_photos(enterprise_id, data, viewer, clock.now())
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
        codes = await branch_codes(adcode) if adcode is not None else None
        return await show_coverage(viewer, clock.now(), settings.plant_zone, codes)

    @get("/contacts", operation_id="listAccessContacts", summary="Whom to call", responses=refusals(Invalid))
    async def contacts(
        self, viewer: NamedDependency[Viewer], former: FromQuery[bool] = False
    ) -> list[AccessContactOut]:
        """The contacts of districts and enterprises in view, districts first; `former=true`: also those who left, and
        why. A district has a handful, so it is one answer.
        """
        return await show_all_contacts(viewer, former=former)

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
        "/contacts/{contact_id:uuid}/change",
        operation_id="changeAccessContact",
        summary="Correct a contact person",
        guards=[keeps_ledger],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def change_contact(
        self, contact_id: FromPath[UUID], data: JSONBody[ContactChange], viewer: NamedDependency[Viewer]
    ) -> DistrictContactOut:
        """Name, telephone and duty, with the reason; what stood there before is on the audit chain."""
        return show_contact(await service.change_contact(contact_id, data, viewer, clock.now()))

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
    lines = await show_enterprise_lines(viewer, enterprise.id, clock.now(), settings.plant_zone)
    return EnterpriseAccess(lines, await show_contacts(viewer, enterprise))
