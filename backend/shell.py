"""The pages: hashed assets for ever, the shell never from a cache, compressed copies where they exist."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from litestar import Request, route
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import File, Response
from litestar.types import ControllerRouterHandler

IMMUTABLE = "public, max-age=31536000, immutable"
FRESH = "no-cache"
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
GUARDED = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def shell_handlers(folder: Path) -> list[ControllerRouterHandler]:
    """Routes that serve the built pages from `folder`; without a build they say how to make one."""
    root = folder.resolve()

    @route(["/", "/{path:path}"], http_method=["GET", "HEAD"], include_in_schema=False, opt={"packed_already": True})
    async def page(request: Request[object, object, State], path: FromPath[str | None] = None) -> Response[object]:
        """A file of the build, or the shell for every address that the pages know."""
        wanted = (root / (path or "").lstrip("/")).resolve()
        if not wanted.is_relative_to(root) or (path or "").startswith("/api/"):
            raise NotFoundException("there is nothing at this address")
        if wanted.is_file():
            cache = IMMUTABLE if (path or "").startswith("/assets/") else FRESH
            return _send(wanted, request.headers.get("accept-encoding", ""), cache)
        if (path or "").startswith("/assets/") or not (root / "index.html").is_file():
            raise NotFoundException("the pages are not built; run `make setup`")
        return _send(root / "index.html", request.headers.get("accept-encoding", ""), FRESH)

    return [page]


def _send(file: Path, accepted: str, cache: str) -> File:
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {**GUARDED, "cache-control": cache, "vary": "accept-encoding"}
    for name, suffix in ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if name in accepted and packed.is_file():
            headers["content-encoding"] = name
            return File(packed, media_type=media_type, content_disposition_type="inline", headers=headers)
    return File(file, media_type=media_type, content_disposition_type="inline", headers=headers)
