"""The API: plugins, routers and what lives as long as the process. No logic here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from litestar import Litestar, Request, Router
from litestar.channels import ChannelsPlugin
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.plugins.problem_details import ProblemDetailsConfig, ProblemDetailsPlugin
from litestar.plugins.prometheus import PrometheusConfig
from redis.asyncio import Redis
from tortoise.exceptions import OperationalError

from backend.db import open_database
from backend.documents import openapi_config
from backend.domains.access.routes import AccessController, CoverageController
from backend.domains.accounts.authentication import Authentication
from backend.domains.accounts.routes import AccountController, SignInController
from backend.domains.accounts.tokens import new_token_key
from backend.domains.accounts.viewer import Viewer
from backend.domains.alarms.routes import AlarmController
from backend.domains.commitments.routes import CommitmentController, CommitmentHoursController
from backend.domains.enterprises.hazard_routes import HazardController
from backend.domains.enterprises.reference_routes import ReferenceController
from backend.domains.enterprises.routes import EnterpriseController
from backend.domains.enterprises.workbook.routes import RegistryController
from backend.domains.live.routes import StreamController
from backend.domains.media.routes import PhotoController
from backend.domains.monitoring.admitting import BrokerDoor, NoDoor
from backend.domains.monitoring.routes import (
    DetectorController,
    ExportController,
    GatewayController,
    PointController,
    PointListController,
    TankController,
)
from backend.domains.notifications.routes import PushController
from backend.domains.outages.routes import DataGapController, GapRuleController, StopController
from backend.domains.passports.routes import LimitProposalController
from backend.domains.permits.routes import WorkReportController
from backend.domains.regions.routes import RegionController
from backend.domains.risk.routes import RiskController
from backend.domains.uploads.routes import UploadController
from backend.errors import Problem, as_problem_json, database_as_problem_json, http_as_problem_json
from backend.health import HealthController
from backend.kit.live import Bell, SteadyPubSub
from backend.kit.queue import Queue
from backend.kit.secrets import secret
from backend.logs import configure_logs
from backend.metrics import MetricsController
from backend.settings import Settings, load_settings
from backend.shell import shell_handlers

log = structlog.get_logger()

CONTROLLERS = [
    SignInController,
    AccountController,
    RegionController,
    EnterpriseController,
    HazardController,
    RegistryController,
    ReferenceController,
    TankController,
    DetectorController,
    PointController,
    PointListController,
    ExportController,
    GatewayController,
    LimitProposalController,
    PhotoController,
    StopController,
    DataGapController,
    GapRuleController,
    AccessController,
    CoverageController,
    AlarmController,
    StreamController,
    WorkReportController,
    CommitmentController,
    CommitmentHoursController,
    RiskController,
    PushController,
    UploadController,
]


async def viewer_of_request(request: Request[Viewer, object, State]) -> Viewer:
    """The viewer that the authentication put into the request."""
    return request.user


async def queue_of_app(state: State) -> Queue:
    """The job queue."""
    return state.queue  # type: ignore[no-any-return]


async def bell_of_app(state: State) -> Bell:
    """The live channel."""
    return state.bell  # type: ignore[no-any-return]


async def redis_of_app(state: State) -> Redis:
    """Redis, for last values."""
    return state.redis  # type: ignore[no-any-return]


async def settings_of_app(state: State) -> Settings:
    """What the operator chose."""
    return state.settings  # type: ignore[no-any-return]


async def door_of_app(state: State) -> BrokerDoor:
    """The door of the broker."""
    return state.door  # type: ignore[no-any-return]


@asynccontextmanager
async def living(app: Litestar) -> AsyncIterator[None]:
    """Open what the requests need; tests bring a database of their own and leave `database_url` empty."""
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        if settings.database_url:
            await stack.enter_async_context(open_database(settings.database_url))
        app.state.token_key = await secret("token-key", new_token_key)
        app.state.queue = await Queue.connect(settings.redis_url or "")
        stack.push_async_callback(app.state.queue.close)
        yield


def create_app(settings: Settings | None = None, door: BrokerDoor | None = None) -> Litestar:
    """The API for these settings (from the environment when none are given).

    door: how the broker is told who may sign in; None = the broker is another's.
    """
    if settings is None:
        settings = load_settings()
        configure_logs(settings.log_level)
    redis: Redis = Redis.from_url(settings.redis_url or "redis://127.0.0.1:6379/0")
    channels = ChannelsPlugin(
        backend=SteadyPubSub(redis=redis),
        arbitrary_channels_allowed=True,
        subscriber_max_backlog=200,
        subscriber_backlog_strategy="dropleft",
    )
    problems = ProblemDetailsPlugin(
        ProblemDetailsConfig(
            exception_to_problem_detail_map={
                Problem: as_problem_json,
                HTTPException: http_as_problem_json,
                OperationalError: database_as_problem_json,
            }
        )
    )
    api = Router(
        "/api/v1",
        route_handlers=[*CONTROLLERS],
        middleware=[DefineMiddleware(Authentication, exclude_from_auth_key="exclude_from_auth")],
    )
    metrics = PrometheusConfig(app_name="anlan", prefix="anlan", group_path=True, exclude=["^/assets", "^/health"])
    return Litestar(
        route_handlers=[api, HealthController, MetricsController, *shell_handlers(settings.pwa_dir)],
        state=State({"settings": settings, "redis": redis, "bell": Bell(redis), "door": door or NoDoor()}),
        lifespan=[living],
        plugins=[channels, problems],
        dependencies={
            "viewer": Provide(viewer_of_request),
            "queue": Provide(queue_of_app),
            "bell": Provide(bell_of_app),
            "redis": Provide(redis_of_app),
            "settings": Provide(settings_of_app),
            "door": Provide(door_of_app),
        },
        middleware=[metrics.middleware],
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=1000, exclude=["^/api/v1/stream"], exclude_opt_key="packed_already"
        ),
        openapi_config=openapi_config(),
        request_max_body_size=1_000_000,
    )
