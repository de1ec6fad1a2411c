"""The stream of events over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, Request, get
from litestar.channels import ChannelsPlugin
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import HeaderParameter
from litestar.response import Stream
from redis.asyncio import Redis

from backend.domains.accounts.viewer import Viewer
from backend.domains.live.closing import Closing
from backend.domains.live.streaming import Streams
from backend.kit.problems import refusals

EVENT_STREAM = "text/event-stream"
EXAMPLE = Example(
    id="stream",
    summary="the beginning of a stream",
    value='retry: 3000\n\nid: 4711\nevent: ready\ndata: {"at":"2026-11-24T01:41:00Z"}\n\nid: 4712\nevent: alarm\n'
    'data: {"id":"0193b1a2-7c00-7000-8000-000000000001","event":"raised","eventId":4712,"riskLevel":2}\n\n: ping\n\n',
)
LastEventId = Annotated[
    str | None,
    HeaderParameter(name="Last-Event-ID", description="the newest id this page has; browsers send it by themselves"),
]
NOT_BUFFERED = {"cache-control": "no-store", "x-accel-buffering": "no"}


def streams_of(state: State, channels: ChannelsPlugin, redis: Redis) -> Streams:
    """What all streams of this process share; made for the first one."""
    found: Streams | None = state.get("streams")
    if found is None:
        closing = Closing()
        closing.listen()
        found = state["streams"] = Streams(channels, redis, closing)
    return found


class StreamController(Controller):
    """What happens, as it happens."""

    path = "/stream"
    tags = ("live",)

    @get(
        "/",
        operation_id="streamEvents",
        summary="What happens, as it happens",
        media_type=EVENT_STREAM,
        responses={
            200: ResponseSpec(
                str,
                media_type=EVENT_STREAM,
                generate_examples=False,
                examples=[EXAMPLE],
                description="Server-sent events",
            ),
            **refusals(),
        },
    )
    async def stream(
        self,
        request: Request[Viewer, object, State],
        viewer: NamedDependency[Viewer],
        channels: NamedDependency[ChannelsPlugin],
        redis: NamedDependency[Redis],
        last_event_id: LastEventId = None,
    ) -> Stream:
        """Server-sent events of the viewer's enterprise or area: `ready` first, then `alarm` (an alarm as it is now,
        with `event` and `eventId`), `risk`, `gateway`. Only alarms carry an id to resume from; after a reconnect the
        alarms that moved meanwhile come first, marked `replayed`, or `resync` when they are too many: load the lists
        anew then. A comment every 15 s shows that the stream lives; it ends with the session.
        """
        streams = streams_of(request.app.state, channels, redis)
        last = int(last_event_id) if last_event_id and last_event_id.isascii() and last_event_id.isdigit() else None
        return Stream(streams.stream(viewer, last), media_type=EVENT_STREAM, headers=NOT_BUFFERED)
