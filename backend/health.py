"""Is it alive, can it work: for supervisors and proxies."""

from __future__ import annotations

import msgspec
from litestar import Controller, Response, get
from litestar.datastructures import State
from redis.exceptions import RedisError
from tortoise.connection import get_connection

from backend.kit import clock


class Health(msgspec.Struct, rename="camel"):
    """What works; `database` decides, Redis only dims the live view."""

    database: bool
    redis: bool
    at: str


class HealthController(Controller):
    """Two questions without sign-in."""

    path = "/health"
    tags = ("health",)

    @get("/live", operation_id="isLive", summary="The process answers")
    async def live(self) -> dict[str, str]:
        """Always 200 while the process runs."""
        return {"status": "live"}

    @get("/ready", operation_id="isReady", summary="The database answers")
    async def ready(self, state: State) -> Response[Health]:
        """200 when requests can be served, else 503."""
        try:
            await get_connection("default").execute_query("select 1")
            database = True
        except Exception:
            database = False
        try:
            redis = bool(await state.redis.ping())
        except (RedisError, OSError):
            redis = False
        return Response(Health(database, redis, clock.now().isoformat()), status_code=200 if database else 503)
