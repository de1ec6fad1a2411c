"""The baseline of the API: a bare Litestar route that returns the same bytes."""

from __future__ import annotations

import os
from pathlib import Path

from litestar import Litestar, Response, get


def create_bare() -> Litestar:
    """One route, no plugin, no middleware; the bytes come from the file named in BENCH_BODY."""
    body = Path(os.environ["BENCH_BODY"]).read_bytes()

    @get("/")
    async def same_bytes() -> Response[bytes]:
        return Response(body, media_type="application/json")

    return Litestar([same_bytes], openapi_config=None)
