"""`/metrics`: the numbers of the API and of the processes beside it, in the text form of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from litestar import Response, get
from litestar.datastructures import State
from litestar.plugins.prometheus import PrometheusController
from msgspec import DecodeError
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from redis.exceptions import RedisError

from backend.kit.meters import read_meters


class Beside:
    """Numbers that were read already, as a collector."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        return iter(self._metrics)


class MetricsController(PrometheusController):
    """Everything in one place; what Redis cannot tell now is left out."""

    @get()
    async def get(self, state: State) -> Response[bytes]:
        """The numbers of this process, then those of ingest."""
        beside: list[Metric] = []
        with suppress(RedisError, OSError, DecodeError):
            beside = await read_meters(state.redis)
        registry = CollectorRegistry()
        registry.register(Beside(beside))
        return Response(
            generate_latest(REGISTRY) + generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )
