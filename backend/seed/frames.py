"""A month of frames with their hours: coarse where it is old, fine where it is young and wherever an alarm rang."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
import numpy as np

from backend.domains.monitoring.history.hours import roll_up
from backend.domains.monitoring.history.making import SETTLED, rows_of, set_progress, store_rows
from backend.domains.monitoring.history.reading import HOURS, hour_of
from backend.seed.settling import SettledEnterprise, SettledGateway
from backend.simulator.dynamics import GatewayModel
from backend.simulator.dynamics.noise import Floats

DAY_S = 86_400.0
MONTH_DAYS = 30
# (days back, step in s): the older the coarser.
STEPS = ((30.0, 1800.0), (7.0, 300.0), (1.0, 60.0), (0.25, 30.0), (1 / 18, 10.0))
# Around an alarm a window gets about so many frames, in steps of at least 15 s and at most a minute; and an hour before
# and after it one a minute, because that is what is shown with an alarm.
FRAMES_NEAR_ALARM, FINEST_S, COARSEST_S, BESIDE_S = 120, 15.0, 60.0, 3600.0
MERGE_S = 8.0  # instants closer than this are one
COLUMNS = ["gateway_id", "t", "layout_id", "received_at", "late", "v", "q"]


async def make_days(con: asyncpg.Connection, now: datetime) -> None:
    """The partitions that the month needs, and tomorrow's."""
    today = now.astimezone(UTC).date()
    for back in range(-1, MONTH_DAYS + 2):
        await con.execute("select ensure_frame_day($1)", today - timedelta(days=back))


def instants(now: float, windows: Iterable[tuple[float, float]]) -> Floats:
    """The moments of the month up to `now` (s since the epoch), ascending: by STEPS, and finer inside `windows`."""
    start = now - MONTH_DAYS * DAY_S
    ends = [now - days * DAY_S for days, _ in STEPS[1:]] + [now]
    pieces = [
        np.arange(math.ceil(max(start, now - days * DAY_S) / step) * step, end, step)
        for (days, step), end in zip(STEPS, ends, strict=True)
    ]
    for begins, until in windows:
        step = min(COARSEST_S, max(FINEST_S, (until - begins) / FRAMES_NEAR_ALARM))
        pieces.append(np.arange(max(begins, start), min(until, now), step))
        pieces.append(np.arange(max(begins - BESIDE_S, start), min(until + BESIDE_S, now), COARSEST_S))
    moments = np.unique(np.floor(np.concatenate(pieces)))
    keep = np.concatenate([[True], np.diff(moments) >= MERGE_S])
    chosen: Floats = moments[keep]
    return chosen


class Month(NamedTuple):
    """What a gateway measured: [frames] in s since the epoch, [frames, points], and when it arrived."""

    t: Floats
    values: Any
    quality: Any
    arrives: Floats


def measured(model: GatewayModel, now: float) -> Month:
    """The month of a gateway; what was measured while its line was down arrived late, all at once."""
    windows = [(each.start, each.end) for each in model.windows(now - MONTH_DAYS * DAY_S, now)]
    t = instants(now, windows)
    frames = model.frames(t)
    arrives = t + 0.4
    for began, ended in model.troubles.outages(float(t[0]), now):
        arrives[(t >= began) & (t < ended)] = ended + 2
    return Month(t, frames.values.astype(np.float32), frames.quality, arrives)


def frames_of(gateway: SettledGateway, month: Month, now: float) -> Iterator[tuple[object, ...]]:
    """The frames of a gateway as rows."""
    t, values, quality, arrives = month
    missing = set(np.nonzero(np.isnan(values))[0].tolist())
    flawed = set(np.nonzero(quality)[0].tolist())
    for index, row in enumerate(values.tolist()):
        yield (
            gateway.id,
            datetime.fromtimestamp(t[index], UTC),
            gateway.layout_id,
            datetime.fromtimestamp(min(arrives[index], now), UTC),
            bool(arrives[index] - t[index] > 60),
            [None if value != value else value for value in row] if index in missing else row,
            quality[index].tolist() if index in flawed else None,
        )


async def copy_frames(
    con: asyncpg.Connection,
    enterprises: list[SettledEnterprise],
    models: dict[str, GatewayModel],
    now: datetime,
    progress: Callable[[int, int], None],
) -> int:
    """Store the month of all gateways with its hours; returns how many frames it is."""
    gateways = [gateway for enterprise in enterprises for gateway in enterprise.gateways]
    until = hour_of(now - SETTLED)
    stored = 0
    for done, gateway in enumerate(gateways, 1):
        month = measured(models[gateway.plan.code], now.timestamp())
        rows = list(frames_of(gateway, month, now.timestamp()))
        await con.copy_records_to_table("frame", records=rows, columns=COLUMNS)
        await con.execute("update gateway set last_frame_at = $2 where id = $1", gateway.id, rows[-1][1])
        over = int(np.searchsorted(month.t, until.timestamp()))
        hours = roll_up(
            np.round(month.t[:over] * 1e6).astype(np.int64), month.values[:over], month.quality[:over].astype(np.uint8)
        )
        await store_rows(con, HOURS, rows_of(gateway.id, gateway.layout_id, hours), is_new=True)
        stored += len(rows)
        progress(done, len(gateways))
    await set_progress(con, until)
    return stored
