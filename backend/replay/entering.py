"""What must be there before a recording can be sent: its gateway, its points and their limits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from redis.asyncio import Redis
from tortoise.connection import get_connection

from backend.domains.enterprises.models import Enterprise, Tank
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.models import Gateway, LimitSet, Point
from backend.domains.monitoring.rules import Damping, LimitValues, default_damping
from backend.domains.monitoring.service import NewPoint, make_gateway, make_points, renew_secret, set_limits
from backend.embedded.files import write_private
from backend.errors import Invalid
from backend.kit import clock
from backend.simulator.credentials import read_gateways
from backend.simulator.recording import Mapped

SECRETS_FILE = "replay-gateways.json"
MOST_TURNS = 99


FORM = "TAG:ll=…,l=…,h=…,hh=… and deadband=…,on=…,off=… where the usual ones do not suit"


class WantedLimits(msgspec.Struct, forbid_unknown_fields=True):
    """Limits of a tag, in its unit; on and off: delays in s. None: the usual one of its kind."""

    ll: float | None = None
    l: float | None = None  # noqa: E741 - the plant's own name for it
    h: float | None = None
    hh: float | None = None
    deadband: float | None = None
    on: float | None = None
    off: float | None = None

    @property
    def values(self) -> LimitValues:
        """The limits alone."""
        return LimitValues(self.ll, self.l, self.h, self.hh)

    @property
    def told_damping(self) -> Damping | None:
        """The damping where all of it is told."""
        if self.deadband is None or self.on is None or self.off is None:
            return None
        return Damping(self.deadband, self.on, self.off)

    def damping(self, point: Point) -> Damping:
        """The damping: as wanted, else as usual for the kind."""
        usual = default_damping(point.kind, self.values, point.range_lo, point.range_hi)
        return Damping(
            usual.deadband if self.deadband is None else self.deadband,
            usual.on_delay_s if self.on is None else self.on,
            usual.off_delay_s if self.off is None else self.off,
        )


def read_limit(text: str, wanted: Sequence[Mapped]) -> tuple[str, WantedLimits]:
    """`TAG:l=20,ll=10` as a tag of the replay and its limits; raises Invalid."""
    tag, colon, told = text.rpartition(":")
    if not colon or tag not in {each.tag for each in wanted}:
        raise Invalid(f"a limit reads {FORM}, of a mapped tag, not {text!r}", field="limit")
    try:
        given = {name.strip(): value for name, value in (part.split("=", 1) for part in told.split(","))}
        return tag, msgspec.convert(given, WantedLimits, strict=False)
    except (ValueError, msgspec.ValidationError) as exc:
        raise Invalid(f"a limit reads {FORM}, not {text!r}", field="limit") from exc


async def free_gateway(enterprise: Enterprise, base: str, since: datetime) -> tuple[str, Gateway | None]:
    """A code whose gateway has no frames from `since` on, and the gateway of this file that was replayed last.

    Two recordings in the same minutes of one gateway would make nonsense of both: so a file that is replayed again
    before its own length has passed becomes another gateway, `-2`, `-3` and so on.
    """
    last: Gateway | None = None
    for turn in range(1, MOST_TURNS + 1):
        code = base if turn == 1 else f"{base[:36]}-{turn}"
        known = await Gateway.get_or_none(code=code, enterprise_id=enterprise.id)
        if known is None or not await _has_frames(known, since):
            return code, last
        last = known
    raise Invalid(f"{base} was replayed {MOST_TURNS} times within its own length; wait a while", field="gateway")


async def enter_gateway(
    data_dir: Path, enterprise: Enterprise, code: str, file: Path, redis: Redis
) -> tuple[Gateway, str]:
    """The gateway of the replay and its secret; made when missing."""
    known = await Gateway.get_or_none(code=code)
    secrets = _secrets(data_dir)
    now = clock.now()
    if known is None:
        made = await make_gateway(enterprise.id, code, now, by=None, name=f"replay of {file.name}"[:80], redis=redis)
        _remember(data_dir, secrets | {code: made.secret})
        return made.gateway, made.secret
    if known.enterprise_id != enterprise.id:
        raise Invalid(f"gateway {code} stands at another enterprise", field="gateway")
    secret = secrets.get(code) or read_gateways(data_dir).get(code)
    if secret is None:
        if not known.name.startswith("replay of "):
            raise Invalid(f"the secret of gateway {code} is not known here; leave --gateway out", field="gateway")
        secret = (await renew_secret(code, now, by=None, redis=redis)).secret
        _remember(data_dir, secrets | {code: secret})
    return known, secret


async def known_tank(enterprise: Enterprise, code: str | None) -> Tank | None:
    """The tank of that code, None when none is asked for; raises Invalid for one that is not there."""
    if code is None:
        return None
    tank = await Tank.get_or_none(enterprise_id=enterprise.id, code=code)
    if tank is None:
        raise Invalid(f"{enterprise.short_name} has no tank {code}", field="tank")
    return tank


async def enter_points(
    gateway: Gateway, wanted: Sequence[Mapped], tank: Tank | None, last: Gateway | None, file: Path, redis: Redis
) -> dict[str, Point]:
    """The points of the mapped tags; made when missing, with the limits they have at the gateway replayed last."""
    limits = await _limits_at(last) if last is not None else {}
    have = {point.tag for point in await Point.filter(gateway_id=gateway.id)}
    new = [
        NewPoint(
            tag=each.tag,
            kind=PointKind(each.kind),
            name=each.column[:80],
            unit=each.unit,
            range_lo=each.range_lo,
            range_hi=each.range_hi,
            tank_id=tank.id if tank else None,
            limits=limits[each.tag].values if each.tag in limits else None,
            damping=limits[each.tag].told_damping if each.tag in limits else None,
        )
        for each in wanted
        if each.tag not in have
    ]
    if new:
        await make_points(gateway, new, clock.now(), by=None, reason=f"replay of {file.name}", redis=redis)
    return {point.tag: point for point in await Point.filter(gateway_id=gateway.id)}


async def enter_limits(point: Point, wanted: WantedLimits, file: Path, redis: Redis) -> None:
    """Bring limits into force, unless they are already."""
    damping = wanted.damping(point)
    newest = await LimitSet.filter(point_id=point.id).order_by("-version").first()
    if newest is not None:
        in_force = _as_wanted(newest)
        if (in_force.values, in_force.told_damping) == (wanted.values, damping):
            return
    reason = f"for the replay of {file.name}"
    await set_limits(point, wanted.values, clock.now(), by=None, reason=reason, damping=damping, redis=redis)


async def _has_frames(gateway: Gateway, since: datetime) -> bool:
    (row,) = await get_connection("default").execute_query_dict(
        "select exists (select from frame where gateway_id = $1 and t >= $2) as found", [gateway.id, since]
    )
    return bool(row["found"])


async def _limits_at(gateway: Gateway) -> dict[str, WantedLimits]:
    """The limits in force at a gateway by tag, as far as there are any."""
    tags = {point.id: point.tag for point in await Point.filter(gateway_id=gateway.id)}
    rows = await LimitSet.filter(point_id__in=list(tags)).order_by("version")
    return {tags[row.point_id]: _as_wanted(row) for row in rows}


def _as_wanted(row: LimitSet) -> WantedLimits:
    return WantedLimits(
        row.limit_ll, row.limit_l, row.limit_h, row.limit_hh, row.deadband, row.on_delay_s, row.off_delay_s
    )


def _secrets(data_dir: Path) -> dict[str, str]:
    with suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode((data_dir / SECRETS_FILE).read_bytes(), type=dict[str, str])
    return {}


def _remember(data_dir: Path, secrets: dict[str, str]) -> None:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(data_dir / SECRETS_FILE, msgspec.json.encode(secrets).decode())
