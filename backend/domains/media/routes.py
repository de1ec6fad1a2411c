"""Photos over HTTP."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, MultipartBody
from litestar.response import File
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_304_NOT_MODIFIED

from backend.domains.accounts.viewer import Viewer
from backend.domains.media.models import Photo
from backend.domains.media.queries import visible_photo
from backend.domains.media.schemas import MOST_BYTES, PhotoOut, PhotoUpload
from backend.domains.media.service import NotAPicture, take_photo
from backend.domains.media.storing import path_of
from backend.errors import Invalid, NotVisible, SameIdOtherBody
from backend.kit import clock
from backend.kit.problems import refusals
from backend.settings import Settings

# What lies under an id never changes; only this person's browser may keep it.
FOR_EVER = "private, max-age=31536000, immutable"


class PhotoController(Controller):
    """Photos that belong to records: checked, scrubbed, marked, kept by their content."""

    path = "/photos"
    tags = ("media",)

    @post(
        "/",
        operation_id="uploadPhoto",
        summary="Send a photo",
        status_code=HTTP_201_CREATED,
        request_max_body_size=MOST_BYTES,
        responses={
            HTTP_200_OK: ResponseSpec(PhotoOut, description="Sent before; answered again"),
            **refusals(NotVisible, SameIdOtherBody, NotAPicture, Invalid),
        },
    )
    async def upload(
        self, data: MultipartBody[PhotoUpload], viewer: NamedDependency[Viewer], settings: NamedDependency[Settings]
    ) -> Response[PhotoOut]:
        """A JPEG, PNG or WebP of at most 12 MB under an id made on the phone. It is turned upright, made at most
        2560 px long, marked with time and place, and kept without its metadata; what those said stays beside it.
        """
        content = await data.file.read()
        photo, is_new = await take_photo(data, content, viewer, clock.now(), settings.photo_dir, settings.plant_zone)
        return Response(show_photo(photo), status_code=HTTP_201_CREATED if is_new else HTTP_200_OK)

    @get(
        "/{photo_id:uuid}", operation_id="getPhoto", summary="What is known of a photo", responses=refusals(NotVisible)
    )
    async def get_photo(self, photo_id: FromPath[UUID], viewer: NamedDependency[Viewer]) -> PhotoOut:
        """When, where and by whom it was taken."""
        return show_photo(await visible_photo(viewer, photo_id))

    @get(
        "/{photo_id:uuid}/image",
        operation_id="getPhotoImage",
        summary="The picture",
        media_type="image/jpeg",
        responses=refusals(NotVisible),
        opt={"packed_already": True},
    )
    async def get_image(
        self,
        photo_id: FromPath[UUID],
        viewer: NamedDependency[Viewer],
        settings: NamedDependency[Settings],
        request: Request[Viewer, object, State],
    ) -> File | Response[bytes]:
        """The JPEG; it never changes under its id, so a browser may keep it for ever."""
        photo = await visible_photo(viewer, photo_id)
        headers = {"cache-control": FOR_EVER, "etag": f'"{photo.sha256}"'}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
        path = path_of(settings.photo_dir, photo.sha256)
        if not path.is_file():
            raise NotVisible("the file of this photo is not on this server", id=str(photo.id))
        return File(
            path,
            media_type="image/jpeg",
            content_disposition_type="inline",
            headers=headers,
            filename=f"{photo.id}.jpg",
        )


def show_photo(photo: Photo) -> PhotoOut:
    """A photo as it is answered."""
    return PhotoOut(
        id=photo.id,
        enterprise_id=photo.enterprise_id,
        url=f"/api/v1/photos/{photo.id}/image",
        sha256=photo.sha256,
        bytes=photo.bytes,
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at,
        lon=photo.lon,
        lat=photo.lat,
        accuracy_m=photo.accuracy_m,
        exif_at=photo.exif_at,
        exif_lon=photo.exif_lon,
        exif_lat=photo.exif_lat,
        uploaded_by_name=photo.uploaded_by_name,
        received_at=photo.received_at,
    )
