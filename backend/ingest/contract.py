"""The MQTT contract: topics, and the payloads that may stand on them (docs/gateways.md)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from msgspec import Meta, Struct

from backend.ingest.reasons import Reason, Rejected

PREFIX = "anlan/v1"
SPARKPLUG = "spBv1.0"
# The share of whoever reads what comes as Sparkplug, beside those of the regions.
SPARKPLUG_SHARE = "sparkplug"
TOPIC = re.compile(
    r"anlan/v1/([A-Za-z0-9]{6})/([A-Za-z0-9_-]{1,40})/([A-Za-z0-9_-]{1,40})/(birth|frame|event|state|sparkplug)"
)

# A backfill of about 2 000 frames of 58 points; a gateway with more sends it in pieces.
MAX_PAYLOAD_BYTES = 1 << 20
MAX_POINTS = 4096


class Topic(NamedTuple):
    """Where a message stands in the tree: who sent it and what it is."""

    region: str
    enterprise: str
    gateway: str
    kind: str


class BirthPoint(Struct):
    """One position of the frames that follow."""

    tag: Annotated[str, Meta(min_length=1, max_length=80)]
    kind: str = ""
    unit: str = ""


class Birth(Struct):
    """The order of `v` in frames that name this layout."""

    layout: Annotated[int, Meta(ge=0, lt=2**31)]
    points: Annotated[list[BirthPoint], Meta(min_length=1, max_length=MAX_POINTS)]


class WireFrame(Struct, gc=False):
    """All values of one instant, by position (`layout`, `v`, `q`) or by name (`p`, `pq`), as it came.

    t: source time, ms since the epoch. n: sequence number. None in `v` or `p`: no value. pq: qualities of those in `p`
    that are not good. late: the gateway says itself that this is from its store.
    A value that was sent and is no finite number stands here as NaN or infinity.
    """

    t: int
    n: int | None = None
    layout: int | None = None
    v: list[float | None] | None = None
    q: list[int] | None = None
    p: dict[str, float | None] | None = None
    pq: dict[str, int] | None = None
    late: bool = False


class EdgeEvent(Struct):
    """Something that happened at the edge, such as an earth clamp that came off during loading."""

    t: int
    id: Annotated[str, Meta(min_length=1, max_length=64)]
    type: Annotated[str, Meta(min_length=1, max_length=60)]
    bay: Annotated[str, Meta(max_length=40)] | None = None
    arm: Annotated[str, Meta(max_length=40)] | None = None
    on: bool | None = None
    detail: dict[str, Any] = {}


class State(Struct):
    """Whether the gateway is connected; `online: false` is its last will."""

    online: bool


def filters_of(share: str) -> tuple[str, ...]:
    """What the session of a share subscribes to: the branch of a region, or Sparkplug, whose topics name no region."""
    if share == SPARKPLUG_SHARE:
        return f"{SPARKPLUG}/+/+/+", f"{SPARKPLUG}/+/+/+/+"
    return (f"{PREFIX}/{share}/+/+/+",)


def retained_filters_of(share: str) -> tuple[str, ...]:
    """What of a share may be retained; a Sparkplug birth never is."""
    if share == SPARKPLUG_SHARE:
        return ()
    return f"{PREFIX}/{share}/+/+/birth", f"{PREFIX}/{share}/+/+/state"


@lru_cache(maxsize=8192)
def parse_topic(topic: str) -> Topic:
    """The parts of a topic; raises Rejected for one outside the contract."""
    match = TOPIC.fullmatch(topic)
    if match is None:
        raise Rejected(Reason.FOREIGN_TOPIC, "not a topic of the contract")
    return Topic(*match.groups())
