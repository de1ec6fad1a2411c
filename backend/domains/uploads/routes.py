"""Frames over HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED
from redis.asyncio import Redis

from backend.domains.uploads.models import Upload
from backend.domains.uploads.schemas import Refused, UploadOut
from backend.domains.uploads.service import (
    MOST_BYTES,
    TooLarge,
    TooManyFailures,
    TooManyOpen,
    prove_gateway,
    settled,
    take_batch,
    upload_of,
)
from backend.errors import NotAllowed, NotVisible
from backend.kit import clock
from backend.kit.problems import refusals

# The answer of a gateway's own programs is read by machines: they look at the code first.
NOT_YET = ResponseSpec(UploadOut, description="Kept, and not judged and committed yet: ask again under its id")


@dataclass
class FramesOperation(Operation):
    """Tells the document that the body is a frame or a list of frames, in JSON or MessagePack."""

    def __post_init__(self) -> None:
        """Add the body, which the framework cannot know of."""
        frames = OpenAPIMediaType(
            schema=Schema(description="a frame or a list of frames, as docs/gateways.md has them"),
            example=[{"t": 1700000000000, "n": 17, "p": {"TK101-LI": 12.5}}],
        )
        packed = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, content_media_type="application/msgpack"))
        content = {"application/json": frames, "application/msgpack": packed}
        self.request_body = RequestBody(content=content, required=True)


class UploadController(Controller):
    """For gateways that cannot speak MQTT: the same payloads, with the gateway's code and secret."""

    path = "/gateways/{code:str}/frames"
    tags = ("gateways",)
    opt = {"exclude_from_auth": True}  # noqa: RUF012 - Litestar reads it as a class attribute.

    @post(
        "/",
        operation_id="sendFrames",
        summary="Send a batch of frames",
        status_code=HTTP_200_OK,
        operation_class=FramesOperation,
        request_max_body_size=MOST_BYTES + 1,
        responses={
            HTTP_202_ACCEPTED: NOT_YET,
            **refusals(NotAllowed, TooLarge, TooManyFailures, TooManyOpen),
        },
    )
    async def send_frames(
        self, code: FromPath[str], request: Request[object, object, State], redis: NamedDependency[Redis]
    ) -> Response[UploadOut]:
        """A frame or a list of frames, at most 1 MB. 200: judged and committed, with what was stored, what was there
        before and what was refused for which reason. 202: kept durably and not yet judged, which is all that
        `Prefer: respond-async` asks for; ask under its id. Sending a batch again changes nothing.
        """
        gateway = await prove_gateway(request.headers.get("authorization", ""), code, _address(request), redis)
        upload = await take_batch(gateway, await request.body(), clock.now())
        waits = "respond-async" not in request.headers.get("prefer", "")
        return _answer(await settled(upload) if waits else upload)

    @get(
        "/{upload_id:int}",
        operation_id="getSentFrames",
        summary="What became of a batch",
        responses={HTTP_202_ACCEPTED: NOT_YET, **refusals(NotAllowed, NotVisible, TooManyFailures)},
    )
    async def get_sent_frames(
        self,
        code: FromPath[str],
        upload_id: FromPath[int],
        request: Request[object, object, State],
        redis: NamedDependency[Redis],
    ) -> Response[UploadOut]:
        """The answer to a batch, kept for a day; 202 while it is not judged and committed."""
        gateway = await prove_gateway(request.headers.get("authorization", ""), code, _address(request), redis)
        return _answer(await upload_of(gateway, upload_id))


def _answer(upload: Upload) -> Response[UploadOut]:
    shown = UploadOut(
        upload.id,
        upload.done_at is not None,
        upload.stored,
        upload.known,
        [Refused(reason, detail) for reason, detail in upload.refused],
    )
    return Response(shown, status_code=HTTP_200_OK if shown.done else HTTP_202_ACCEPTED)


def _address(request: Request[object, object, State]) -> str:
    return request.client.host if request.client else ""
