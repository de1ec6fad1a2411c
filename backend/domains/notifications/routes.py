"""Web push over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT
from msgspec import convert
from tortoise.expressions import Q

from backend.domains.accounts.queries import persons_of
from backend.domains.accounts.viewer import Viewer
from backend.domains.notifications import service
from backend.domains.notifications.models import Delivery
from backend.domains.notifications.queries import own_subscriptions, visible_deliveries
from backend.domains.notifications.schemas import (
    DeliveryOut,
    PushKey,
    Shown,
    SubscriptionOut,
    SubscriptionRequest,
    TrialRung,
)
from backend.domains.notifications.vapid import vapid_keys
from backend.errors import Invalid, NotVisible
from backend.kit import clock
from backend.kit.paging import Limit, Page, decode_cursor, encode_cursor
from backend.kit.problems import refusals
from backend.kit.queue import Queue
from backend.settings import Settings

AlarmId = Annotated[UUID | None, QueryParameter(name="alarmId")]


class PushController(Controller):
    """Devices that are rung, and the ledger of what was sent to them."""

    path = "/push"
    tags = ("notifications",)

    @get("/key", operation_id="getPushKey", summary="The key to subscribe with", responses=refusals())
    async def key(self) -> PushKey:
        """The public VAPID key of this installation; it never changes."""
        return PushKey((await vapid_keys()).application_server_key)

    @get("/subscriptions", operation_id="listPushSubscriptions", summary="My devices", responses=refusals())
    async def subscriptions(self, viewer: NamedDependency[Viewer]) -> list[SubscriptionOut]:
        """The devices on which the signed-in person is rung, newest first."""
        rows = await own_subscriptions(viewer).order_by("-created_at")
        return [convert(row, SubscriptionOut, from_attributes=True) for row in rows]

    @post(
        "/subscriptions",
        operation_id="subscribePush",
        summary="Ring me on this device",
        status_code=HTTP_201_CREATED,
        responses={
            HTTP_200_OK: ResponseSpec(SubscriptionOut, description="Known already; it rings the signed-in person now"),
            **refusals(Invalid, service.PushHostNotKnown),
        },
    )
    async def subscribe(
        self,
        data: JSONBody[SubscriptionRequest],
        request: Request[Viewer, object, State],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
    ) -> Response[SubscriptionOut]:
        """Take a browser's subscription; only push services that the operator knows are called."""
        device = request.headers.get("user-agent", "")
        row, is_new = await service.subscribe(data, viewer, device, settings.push_hosts, clock.now())
        shown = convert(row, SubscriptionOut, from_attributes=True)
        return Response(shown, status_code=HTTP_201_CREATED if is_new else HTTP_200_OK)

    @delete(
        "/subscriptions/{subscription_id:uuid}",
        operation_id="unsubscribePush",
        summary="Do not ring this device any more",
        status_code=HTTP_204_NO_CONTENT,
        responses=refusals(NotVisible),
    )
    async def unsubscribe(self, subscription_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> None:
        """Forget one of one's own devices."""
        await service.unsubscribe(subscription_id, viewer)

    @post(
        "/test",
        operation_id="testPush",
        summary="Ring my devices for a test",
        status_code=HTTP_202_ACCEPTED,
        responses=refusals(service.TooManyTests),
    )
    async def test(self, viewer: NamedDependency[Viewer], queue: NamedDependency[Queue]) -> TrialRung:
        """Send a test to each of one's own devices; the ledger tells how far each message came."""
        rows = await service.ring_own_devices(viewer, clock.now())
        for row in rows:
            await queue.enqueue("push.send", str(row.id), job_id=f"push.send:{row.id}")
        return TrialRung(len(rows), [row.id for row in rows])

    @get(
        "/deliveries",
        operation_id="listDeliveries",
        summary="Who was told, and how far it came",
        responses=refusals(NotVisible, Invalid),
    )
    async def deliveries(
        self,
        viewer: NamedDependency[Viewer],
        alarm_id: AlarmId = None,
        limit: FromQuery[Limit] = 50,
        after: FromQuery[str | None] = None,
    ) -> Page[DeliveryOut]:
        """One's own messages, or everybody's about an alarm that one may see; newest first."""
        query = await visible_deliveries(viewer, alarm_id)
        if after is not None:
            at, last = decode_cursor(after, datetime, UUID)
            query = query.filter(Q(queued_at__lt=at) | Q(queued_at=at, id__lt=last))
        rows = await query.order_by("-queued_at", "-id").limit(limit + 1)
        shown = rows[:limit]
        more = encode_cursor(shown[-1].queued_at, shown[-1].id) if len(rows) > limit else None
        return Page(items=await _show(shown), next=more)

    @post(
        "/shown",
        operation_id="confirmPushShown",
        summary="A message was shown",
        status_code=HTTP_204_NO_CONTENT,
        responses=refusals(NotVisible, Invalid),
    )
    async def shown(self, data: JSONBody[Shown], viewer: NamedDependency[Viewer]) -> None:
        """The service worker says that it showed a message; saying so again changes nothing."""
        await service.mark_shown(data.delivery_id, viewer, clock.now())


async def _show(rows: list[Delivery]) -> list[DeliveryOut]:
    persons = await persons_of({row.person_id for row in rows})
    return [
        DeliveryOut(
            id=row.id,
            person_id=row.person_id,
            person_name=persons[row.person_id].name,
            role=persons[row.person_id].role,
            alarm_id=row.alarm_id,
            risk_level=row.risk_level,
            channel=row.channel,
            state=row.state,
            attempts=row.attempts,
            queued_at=row.queued_at,
            accepted_at=row.accepted_at,
            shown_at=row.shown_at,
            detail=row.detail,
        )
        for row in rows
    ]
