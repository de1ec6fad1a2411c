"""Numbers of processes that serve no HTTP of their own: told through Redis, shown beside those of the API.

They are a bell like the rest of Redis: without it they are missing for a while, and nothing else is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import msgspec
from prometheus_client.core import Metric
from redis.asyncio import Redis

KEY = "meters"
# A process tells every two seconds; one that has not for so long is gone.
FRESH_S = 15.0


class Sample(msgspec.Struct, array_like=True, frozen=True):
    """One number; `suffix` follows the family's name."""

    suffix: str
    labels: dict[str, str]
    value: float


class Family(msgspec.Struct, array_like=True, frozen=True):
    """Numbers of one name. kind: counter, gauge or histogram."""

    name: str
    kind: str
    words: str
    samples: list[Sample]


class Told(msgspec.Struct, array_like=True, frozen=True):
    """What one process told, and when (seconds since the epoch)."""

    at: float
    families: list[Family]


_told = msgspec.msgpack.Decoder(Told)


async def tell_meters(redis: Redis, process: str, families: Sequence[Family]) -> None:
    """Tell the numbers of this process in place of those it told before."""
    await redis.hset(KEY, process, msgspec.msgpack.encode(Told(time.time(), list(families))))  # type: ignore[arg-type,misc]  # bytes will do.


async def forget_meters(redis: Redis, process: str) -> None:
    """This process ends."""
    await redis.hdel(KEY, process)  # type: ignore[misc]


async def read_meters(redis: Redis) -> list[Metric]:
    """The numbers of all living processes, each with the label `process`; those of dead ones are thrown away."""
    told: dict[bytes, bytes] = await redis.hgetall(KEY)  # type: ignore[misc]
    fresh: dict[str, Told] = {}
    gone: list[bytes] = []
    for process, raw in told.items():
        numbers = _told.decode(raw)
        if time.time() - numbers.at > FRESH_S:
            gone.append(process)
        else:
            fresh[process.decode()] = numbers
    if gone:
        await redis.hdel(KEY, *gone)  # type: ignore[arg-type,misc]  # bytes will do.
    return list(_merged(fresh.items()))


def _merged(told: Iterable[tuple[str, Told]]) -> Iterable[Metric]:
    metrics: dict[str, Metric] = {}
    for process, numbers in told:
        for family in numbers.families:
            metric = metrics.setdefault(family.name, Metric(family.name, family.words, family.kind))
            for sample in family.samples:
                metric.add_sample(family.name + sample.suffix, {"process": process, **sample.labels}, sample.value)
    return metrics.values()
