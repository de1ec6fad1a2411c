"""The workbook over HTTP: template, export, dry run, import."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import MultipartBody
from litestar.status_codes import HTTP_200_OK
from litestar.types import ExceptionHandlersMap
from msgspec import Meta, Struct
from redis.asyncio import Redis

from backend.domains.accounts.guards import keeps_registry
from backend.domains.accounts.viewer import Viewer
from backend.domains.enterprises.workbook.exporting import export_workbook
from backend.domains.enterprises.workbook.importing import (
    RegistryMoved,
    WorkbookFaults,
    check_workbook,
    import_workbook,
)
from backend.domains.enterprises.workbook.opening import LARGEST_FILE
from backend.domains.enterprises.workbook.reporting import Report
from backend.domains.enterprises.workbook.writing import XLSX, make_workbook
from backend.domains.monitoring.admitting import BrokerDoor, tell_broker
from backend.domains.monitoring.service import LimitsChanged
from backend.errors import Invalid, NotAllowed, as_problem_json
from backend.kit import clock
from backend.kit.problems import refusals

# Room for the envelope around the largest workbook; what is between the two gets the workbook's own refusal.
LARGEST_BODY = LARGEST_FILE + 1_000_000
A_WORKBOOK = ResponseSpec(bytes, media_type=XLSX, description="An .xlsx workbook", generate_examples=False)


NO_FILE = "the field `file` holds no file"


def _no_file(request: Request[Any, Any, Any], exc: Exception) -> Response[Any]:
    """The framework reads a part without a file name as text, and stumbles over a workbook that is sent so."""
    if isinstance(exc, (KeyError, IndexError)):
        raise exc  # A mistake of ours; only an unknown encoding of the part is a bare LookupError.
    return as_problem_json(Invalid(NO_FILE, field="file")).to_response(request)


UNREADABLE: ExceptionHandlersMap = {UnicodeDecodeError: _no_file, LookupError: _no_file}


class Upload(Struct):
    """The workbook, as a form sends a file."""

    file: Annotated[UploadFile, Meta(description="an .xlsx workbook of at most 10 MB")]


class RegistryController(Controller):
    """The registry as a spreadsheet."""

    path = "/registry"
    tags = ("registry",)

    @get(
        "/template",
        operation_id="getRegistryTemplate",
        summary="An empty workbook to fill",
        responses={HTTP_200_OK: A_WORKBOOK, **refusals()},
    )
    async def template(self) -> Response[bytes]:
        """Every sheet with its headings, what each column takes, and how it is filled."""
        return _workbook(await asyncio.to_thread(make_workbook, {}), "anlan-template.xlsx")

    @get(
        "/export",
        operation_id="exportRegistry",
        summary="The registry as a workbook",
        responses={HTTP_200_OK: A_WORKBOOK, **refusals()},
    )
    async def export(self, viewer: NamedDependency[Viewer]) -> Response[bytes]:
        """The enterprises in view with all that stands in them, as it can be imported again."""
        return _workbook(await export_workbook(clock.now(), by=viewer), "anlan-registry.xlsx")

    @post(
        "/check",
        operation_id="checkRegistry",
        summary="What an import would do",
        guards=[keeps_registry],
        status_code=HTTP_200_OK,
        request_max_body_size=LARGEST_BODY,
        exception_handlers=UNREADABLE,
        responses=refusals(NotAllowed, Invalid),
    )
    async def check(self, data: MultipartBody[Upload], viewer: NamedDependency[Viewer]) -> Report:
        """The dry run: every fault by sheet, row, column and reason, and what would change. Nothing is written."""
        file = _file_of(data)
        return await check_workbook(await file.read(), clock.now(), by=viewer)

    @post(
        "/import",
        operation_id="importRegistry",
        summary="Import a workbook",
        guards=[keeps_registry],
        status_code=HTTP_200_OK,
        request_max_body_size=LARGEST_BODY,
        exception_handlers=UNREADABLE,
        responses=refusals(NotAllowed, RegistryMoved, LimitsChanged, Invalid, WorkbookFaults),
    )
    async def import_(
        self,
        data: MultipartBody[Upload],
        viewer: NamedDependency[Viewer],
        redis: NamedDependency[Redis],
        door: NamedDependency[BrokerDoor],
    ) -> Report:
        """All or nothing. A second import of the same file changes nothing. Secrets of new gateways are told once."""
        file = _file_of(data)
        name = "".join(sign for sign in file.filename if sign.isprintable())[:100] or "workbook"
        report = await import_workbook(await file.read(), name, clock.now(), by=viewer, redis=redis)
        if report.secrets:
            await tell_broker(door)
        return report


def _file_of(data: Upload) -> UploadFile:
    """The file; a field of that name without a file arrives as a text, whatever the struct says."""
    file: Any = data.file
    if not isinstance(file, UploadFile):
        raise Invalid(NO_FILE, field="file")
    return file


def _workbook(data: bytes, name: str) -> Response[bytes]:
    return Response(data, media_type=XLSX, headers={"content-disposition": f'attachment; filename="{name}"'})
