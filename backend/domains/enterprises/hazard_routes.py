"""Major hazards over HTTP: what they hold, their grade, and who answers for them."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from backend.domains.accounts.guards import regulates, signs_for_enterprise
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.hazard_schemas import (
    AppointmentIn,
    HazardDetail,
    HeldIn,
    QuantitiesForecastIn,
    QuantitiesIn,
)
from backend.domains.enterprises.history import hazard_history
from backend.domains.enterprises.history_schemas import HazardChange, HazardForecast
from backend.domains.enterprises.queries import visible_hazard
from backend.domains.enterprises.service import appoint, foresee_quantities, set_quantities
from backend.domains.enterprises.service.hazards import Held
from backend.domains.enterprises.showing_registry import show_hazard, show_held
from backend.errors import Invalid, NotAllowed, NotVisible
from backend.kit import clock
from backend.kit.paging import Limit, Page
from backend.kit.problems import refusals


class HazardController(Controller):
    """The enterprise names who answers; what is filed with the authority, it and its grade, is the regulator's."""

    path = "/hazards/{hazard_id:uuid}"
    tags = ("enterprises",)

    @get("/", operation_id="getHazard", summary="One major hazard", responses=refusals(NotVisible))
    async def get_hazard(self, hazard_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> HazardDetail:
        """A major hazard with its filing, its chemicals, how S and R come about, and the three persons' terms."""
        return await show_hazard(await visible_hazard(viewer, hazard_id), viewer)

    @put(
        "/chemicals",
        operation_id="setHazardChemicals",
        summary="Put down what a hazard holds",
        guards=[regulates],
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def set_chemicals(
        self, hazard_id: FromPath[UUID], data: JSONBody[QuantitiesIn], viewer: NamedDependency[Viewer]
    ) -> HazardDetail:
        """All chemicals with their design maxima; S, R and the grade follow, and a change of grade is on record."""
        hazard = await visible_hazard(viewer, hazard_id)
        await set_quantities(hazard, _held(data.chemicals), clock.now(), by=viewer, reason=data.reason.strip())
        return await show_hazard(hazard, viewer)

    @post(
        "/chemicals/preview",
        operation_id="previewHazardChemicals",
        summary="What quantities would make of a hazard",
        guards=[regulates],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def preview_chemicals(
        self, hazard_id: FromPath[UUID], data: JSONBody[QuantitiesForecastIn], viewer: NamedDependency[Viewer]
    ) -> HazardForecast:
        """S, R and the grade as they would follow from these quantities, beside those on record; nothing is stored."""
        hazard = await visible_hazard(viewer, hazard_id)
        rows, found = await foresee_quantities(hazard, _held(data.chemicals))
        return HazardForecast(
            grade_before=hazard.grade,
            r_before=hazard.r_value,
            grade=found.grade,
            s_value=found.s,
            r_value=found.r,
            alpha=found.alpha,
            is_major=found.is_major,
            chemicals=[show_held(row) for row in rows],
        )

    @get(
        "/history",
        operation_id="listHazardChanges",
        summary="How a hazard came to its grade",
        responses=refusals(NotVisible, Invalid),
    )
    async def changes(
        self,
        hazard_id: FromPath[UUID],
        viewer: NamedDependency[Viewer],
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[HazardChange]:
        """Each change of quantities and of the grade with its author and reason, newest first; from the audit."""
        return await hazard_history(await visible_hazard(viewer, hazard_id), limit, after)

    @post(
        "/responsible",
        operation_id="nameResponsible",
        summary="Name who answers for a hazard",
        guards=[signs_for_enterprise],
        status_code=HTTP_201_CREATED,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def name_responsible(
        self, hazard_id: FromPath[UUID], data: JSONBody[AppointmentIn], viewer: NamedDependency[Viewer]
    ) -> HazardDetail:
        """A new term begins and the one before ends the day before; earlier terms stay on record."""
        hazard = await visible_hazard(viewer, hazard_id)
        await appoint(hazard, data.role, data.name.strip(), data.phone.strip(), data.since, clock.now(), by=viewer)
        return await show_hazard(hazard, viewer)


def _held(chemicals: list[HeldIn]) -> list[Held]:
    return [
        Held(
            chemical=each.chemical.strip(),
            quantity_t=each.quantity_t,
            cas=each.cas.strip(),
            hazard_class=each.hazard_class.strip(),
        )
        for each in chemicals
    ]
