"""What points measured, as a file to take away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream

from backend.domains.accounts.viewer import Viewer
from backend.domains.monitoring.history.archive import Archive, ArchiveAway
from backend.domains.monitoring.history.exporting import MOST_POINTS, as_csv, as_parquet, check_archive, check_bounds
from backend.domains.monitoring.models import Point
from backend.domains.monitoring.queries import visible_point, visible_points
from backend.domains.monitoring.trends import known_time
from backend.errors import Invalid, NotVisible
from backend.kit import clock
from backend.kit.problems import refusals
from backend.settings import Settings

USUAL_EXPORT = timedelta(days=1)
From = Annotated[datetime | None, QueryParameter(name="from", description="a day before `to` when left out")]
To = Annotated[datetime | None, QueryParameter(name="to", description="now when left out")]
PointIds = Annotated[list[int] | None, QueryParameter(name="pointIds", description="given once for each point")]


class ExportFormat(StrEnum):
    """How the file is written."""

    CSV = "csv"
    PARQUET = "parquet"


MEDIA = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.PARQUET: "application/vnd.apache.parquet"}


class ExportController(Controller):
    """Files of measured values."""

    path = "/points"
    tags = ("monitoring",)
    # Compressing would gather what is meant to flow.
    opt = {"packed_already": True}  # noqa: RUF012 - Litestar declares it so.

    @get(
        "/{point_id:int}/export",
        operation_id="exportPoint",
        summary="All values of a point as a file",
        responses=refusals(NotVisible, Invalid, ArchiveAway),
    )
    async def export_point(
        self,
        point_id: FromPath[int],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        start: From = None,
        end: To = None,
        format: FromQuery[ExportFormat] = ExportFormat.CSV,
    ) -> Stream:
        """Every value that came, with time, unit and quality; bad ones are among them and say so, what never came has
        no row. CSV has times with offset, Parquet in UTC. At most a year, streamed.
        """
        point = await visible_point(viewer, point_id)
        return await _export([point], start, end, format, settings, point.tag)

    @get(
        "/export",
        operation_id="exportPoints",
        summary="All values of several points of an enterprise as a file",
        responses=refusals(NotVisible, Invalid, ArchiveAway),
    )
    async def export_points(
        self,
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        point_ids: PointIds = None,
        start: From = None,
        end: To = None,
        format: FromQuery[ExportFormat] = ExportFormat.CSV,
    ) -> Stream:
        """As of one point, a row for each value: gateway by gateway, in order of time. At most 100 points of one
        enterprise, and 2200 days of points: three weeks of 100, a year of six.
        """
        ids = sorted(set(point_ids or ()))
        if not ids:
            raise Invalid("`pointIds` names the points to export", field="pointIds")
        if len(ids) > MOST_POINTS:
            raise Invalid(f"at most {MOST_POINTS} points at a time", field="pointIds")
        points = [await visible_point(viewer, ids[0])]
        if len(ids) > 1:
            known = [each for each in ids if -(2**31) <= each < 2**31]
            points = await visible_points(viewer).filter(id__in=known)
            if len(points) < len(ids):
                missing = sorted(set(ids) - {point.id for point in points})
                raise NotVisible("there is no such point in your area", id=missing[0])
        if len({point.enterprise_id for point in points}) > 1:
            raise Invalid("the points of an export belong to one enterprise", field="pointIds")
        return await _export(points, start, end, format, settings, f"{points[0].tag}+{len(points) - 1}")


async def _export(
    points: Sequence[Point],
    start: datetime | None,
    end: datetime | None,
    format: ExportFormat,
    settings: Settings,
    called: str,
) -> Stream:
    until = clock.now() if end is None else known_time(end, "to")
    since = until - USUAL_EXPORT if start is None else known_time(start, "from")
    check_bounds(points, since, until)
    archive, zone = Archive(settings.archive_folder), settings.plant_zone
    await check_archive(archive, since, until)
    times = "_".join(f"{at.astimezone(zone):%Y%m%dT%H%M}" for at in (since, until))
    rows = as_csv(points, since, until, archive, zone)
    if format == ExportFormat.PARQUET:
        rows = as_parquet(points, since, until, archive)
    name = f"{called}_{times}.{format}"
    plain = re.sub(r"[^A-Za-z0-9._+-]+", "-", name)
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Stream(rows, media_type=MEDIA[format], headers={"content-disposition": told, "cache-control": "no-store"})
