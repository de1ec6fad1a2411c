"""Gateways over HTTP: seen by those whose area they stand in, let in and shut out by administrators.

The safety officer of the enterprise may renew a secret, because it is they who enter it at the device: it then passes
through nobody's hands. Regulators read.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from redis.asyncio import Redis

from backend.domains.accounts.guards import administrates, renews_secrets
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.queries import visible_enterprise
from backend.domains.monitoring.admitting import BrokerDoor, tell_broker
from backend.domains.monitoring.gateway_detail import onboarding_of, page_of_rejects, show_gateway, show_reject
from backend.domains.monitoring.models import Gateway
from backend.domains.monitoring.onboarding import address, client_config, qr_svg, trial_script
from backend.domains.monitoring.queries import page_of_gateways, visible_gateway
from backend.domains.monitoring.schemas import (
    GatewayDetail,
    GatewayDraft,
    GatewayOut,
    ReasonRequest,
    RejectOut,
    SecretOut,
    SetupOut,
)
from backend.domains.monitoring.service import GatewayMade, make_gateway, renew_secret, set_gateway_active
from backend.domains.monitoring.showing import show_gateways
from backend.errors import Invalid, NotAllowed, NotVisible
from backend.kit import clock
from backend.kit.paging import Limit, Page, encode_cursor
from backend.kit.problems import refusals
from backend.settings import Settings

Retired = Annotated[bool, QueryParameter(name="retired", description="those that were shut out; administrators only")]
AnyRequest = Request[Any, Any, Any]


class GatewayController(Controller):
    """Gateways: whether they are there, and who may send."""

    path = "/gateways"
    tags = ("monitoring",)

    @get("/", operation_id="listGateways", summary="Gateways and whether they are there", responses=refusals(Invalid))
    async def list_gateways(
        self,
        viewer: NamedDependency[Viewer],
        adcode: FromQuery[str | None] = None,
        enterprise_id: Annotated[UUID | None, QueryParameter(name="enterpriseId")] = None,
        online: FromQuery[bool | None] = None,
        retired: Retired = False,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[GatewayOut]:
        """Gateways of the enterprises in view, by code; `online=false` asks for those that are not there."""
        rows = await page_of_gateways(
            viewer, limit, after, adcode=adcode, enterprise_id=enterprise_id, online=online, retired=retired
        )
        shown = rows[:limit]
        more = encode_cursor(shown[-1].code) if len(rows) > limit else None
        return Page(items=await show_gateways(shown, clock.now()), next=more)

    @get("/{gateway_id:int}", operation_id="getGateway", summary="One gateway", responses=refusals(NotVisible))
    async def get_gateway(self, gateway_id: FromPath[int], viewer: NamedDependency[Viewer]) -> GatewayDetail:
        """One gateway with its clock, its last frames, what happened to it and what was refused."""
        return await show_gateway(await visible_gateway(viewer, gateway_id), clock.now())

    @get(
        "/{gateway_id:int}/rejects",
        operation_id="listRejects",
        summary="What of a gateway was refused",
        responses=refusals(NotVisible, Invalid),
    )
    async def list_rejects(
        self,
        gateway_id: FromPath[int],
        viewer: NamedDependency[Viewer],
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[RejectOut]:
        """Messages and parts of messages that were not taken, newest first, each with its reason."""
        gateway = await visible_gateway(viewer, gateway_id)
        rows = await page_of_rejects(gateway.id, limit, after)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].received_at, shown[-1].id) if len(rows) > limit else None
        return Page(items=[show_reject(row) for row in shown], next=more)

    @get(
        "/{gateway_id:int}/setup",
        operation_id="getGatewaySetup",
        summary="How to bring a gateway on line",
        guards=[renews_secrets],
        responses=refusals(NotAllowed, NotVisible),
    )
    async def get_setup(
        self,
        gateway_id: FromPath[int],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        request: AnyRequest,
    ) -> SetupOut:
        """Address, branch, QR code, test script and configuration, without the secret: nobody has it any more."""
        gateway = await visible_gateway(viewer, gateway_id)
        return await _setup(gateway, settings, request)

    @post(
        "/",
        operation_id="makeGateway",
        summary="Let a gateway in",
        guards=[administrates],
        status_code=HTTP_201_CREATED,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def make(
        self,
        data: JSONBody[GatewayDraft],
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        settings: NamedDependency[Settings],
        door: NamedDependency[BrokerDoor],
        request: AnyRequest,
    ) -> SecretOut:
        """Enter a gateway and tell its secret, this once. A code is taken once, so a repeat is refused."""
        enterprise = await visible_enterprise(viewer, data.enterprise_id)
        made = await make_gateway(enterprise.id, data.code, clock.now(), by=viewer, name=data.name.strip(), redis=redis)
        return await _told(made, settings, door, request)

    @post(
        "/{gateway_id:int}/rotate",
        operation_id="renewGatewaySecret",
        summary="Give a gateway a new secret",
        guards=[renews_secrets],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def rotate(
        self,
        gateway_id: FromPath[int],
        data: JSONBody[ReasonRequest],
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        settings: NamedDependency[Settings],
        door: NamedDependency[BrokerDoor],
        request: AnyRequest,
    ) -> SecretOut:
        """A new secret, told this once; the old one stops working and a connection that uses it is cut."""
        gateway = await visible_gateway(viewer, gateway_id)
        made = await renew_secret(gateway.code, clock.now(), by=viewer, reason=data.reason.strip(), redis=redis)
        return await _told(made, settings, door, request)

    @post(
        "/{gateway_id:int}/retire",
        operation_id="retireGateway",
        summary="Shut a gateway out",
        guards=[administrates],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def retire(
        self,
        gateway_id: FromPath[int],
        data: JSONBody[ReasonRequest],
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        door: NamedDependency[BrokerDoor],
    ) -> GatewayDetail:
        """It can no longer sign in, and a connection of it is cut; what it has sent stays."""
        return await _set_active(viewer, gateway_id, False, data.reason, redis, door)

    @post(
        "/{gateway_id:int}/restore",
        operation_id="restoreGateway",
        summary="Let a retired gateway in again",
        guards=[administrates],
        status_code=HTTP_200_OK,
        responses=refusals(NotAllowed, NotVisible, Invalid),
    )
    async def restore(
        self,
        gateway_id: FromPath[int],
        data: JSONBody[ReasonRequest],
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        door: NamedDependency[BrokerDoor],
    ) -> GatewayDetail:
        """It may sign in again with the secret it had."""
        return await _set_active(viewer, gateway_id, True, data.reason, redis, door)


async def _set_active(
    viewer: Viewer, gateway_id: int, active: bool, reason: str, redis: Redis, door: BrokerDoor
) -> GatewayDetail:
    gateway = await visible_gateway(viewer, gateway_id)
    now = clock.now()
    if gateway.active is not active:
        gateway = await set_gateway_active(gateway.code, active, now, by=viewer, reason=reason.strip(), redis=redis)
        await tell_broker(door)
    return await show_gateway(gateway, now)


async def _told(made: GatewayMade, settings: Settings, door: BrokerDoor, request: AnyRequest) -> SecretOut:
    told = await tell_broker(door)
    gateway = await Gateway.get(id=made.gateway.id)
    setup = await _setup(gateway, settings, request, made.secret)
    return SecretOut(await show_gateway(gateway, clock.now()), made.secret, setup, told)


async def _setup(gateway: Gateway, settings: Settings, request: AnyRequest, secret: str | None = None) -> SetupOut:
    told = await onboarding_of(gateway, settings, request.url.hostname, secret)
    return SetupOut(
        host=told.place.host,
        port=told.place.port,
        username=told.code,
        branch=told.branch,
        address=address(told),
        qr_svg=qr_svg(told),
        script=trial_script(told),
        config=client_config(told),
    )
