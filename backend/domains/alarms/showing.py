"""From rows to what goes on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from redis.asyncio import Redis

from backend.domains.accounts.enums import Locale
from backend.domains.alarms.enums import Side
from backend.domains.alarms.models import AlarmEvent
from backend.domains.alarms.queries import events_of
from backend.domains.alarms.rules import deadlines, limit_code, rises_to
from backend.domains.alarms.schemas import AlarmDetail, AlarmEventOut, AlarmOut, DeadlinesOut, PassportOut
from backend.domains.alarms.words import title
from backend.domains.monitoring.enums import PointKind
from backend.domains.monitoring.queries import gateway_is_online, limit_set_by_id
from backend.domains.monitoring.readings import Measured, Reading, current_readings
from backend.domains.monitoring.rules import LimitValues, release_value
from backend.domains.monitoring.schemas import LimitsOut

_AS_STORED = (
    "id",
    "point_id",
    "tag",
    "level",
    "start_level",
    "worst_level",
    "tank_id",
    "detector_id",
    "hazard_id",
    "hazard_name",
    "hazard_grade",
    "enterprise_id",
    "enterprise_name",
    "adcode",
    "unit",
    "decimals",
    "range_lo",
    "range_hi",
    "limit_value",
    "start_value",
    "worst_value",
    "risk_level",
    "rises_at",
    "raised_at",
    "level_since",
    "acknowledged_at",
    "acknowledged_by",
    "cleared_at",
    "late",
)


async def show_alarms(rows: Sequence[dict[str, Any]], redis: Redis, now: datetime) -> list[AlarmOut]:
    """Alarms as `listing` reads them, with what their points measure now."""
    standing = [Measured(row["point_id"], row["gateway_id"]) for row in rows if row["cleared_at"] is None]
    readings = await current_readings(redis, standing, now)
    return [AlarmOut(**_fields(row, readings)) for row in rows]


async def show_alarm(row: dict[str, Any], redis: Redis, now: datetime) -> AlarmDetail:
    """One alarm with its life, its passport and its deadlines."""
    (shown,) = await show_alarms([row], redis, now)
    passport = await limit_set_by_id(row["limit_set_id"])
    limits = LimitValues(passport.limit_ll, passport.limit_l, passport.limit_h, passport.limit_hh)
    return AlarmDetail(
        **{name: getattr(shown, name) for name in shown.__struct_fields__},
        tank_name=row["tank_name"],
        detector_name=row["detector_name"],
        gateway_online=await gateway_is_online(row["gateway_id"]),
        passport=PassportOut(
            version=passport.version,
            author_name=passport.author_name,
            reason=passport.reason,
            basis=passport.basis,
            effective_from=passport.effective_from,
            proposal_id=passport.proposal_id,
            deadband=passport.deadband,
            on_delay_s=passport.on_delay_s,
            off_delay_s=passport.off_delay_s,
            returns_at=release_value(limits, passport.deadband, is_high=shown.side is Side.HIGH),
        ),
        deadlines=_deadlines(row),
        events=[show_event(event) for event in await events_of(row["id"])],
    )


def _fields(row: dict[str, Any], readings: dict[int, Reading]) -> dict[str, Any]:
    kind, side = PointKind(row["kind"]), Side(row["side"])
    named_level = row["level"] or row["worst_level"]
    subject = row["tank_code"] or row["detector_code"] or row["tag"]
    before = "" if row["detector_code"] else subject
    reading = readings.get(row["point_id"]) if row["cleared_at"] is None else None
    due = _deadlines(row) if row["acknowledged_at"] is None else None
    return {name: row[name] for name in _AS_STORED} | {
        "kind": kind,
        "side": side,
        "limit": limit_code(kind, side, named_level),
        "title": title(kind, side, named_level, before),
        "title_en": title(kind, side, named_level, before, Locale.EN),
        "subject": subject,
        "place": row["area"] or row["hazard_name"] or row["detector_name"] or "",
        "medium": row["tank_medium"] or row["detector_medium"] or "",
        "limits": LimitsOut(
            ll=row["limit_ll"], l=row["limit_l"], h=row["limit_h"], hh=row["limit_hh"], version=row["version"]
        ),
        "value": reading.value if reading else None,
        "value_at": reading.at if reading else None,
        "value_state": reading.state if reading else None,
        "rises_to": rises_to(row["risk_level"]) if row["rises_at"] else None,
        "answer_due_at": due.answer_due_at if due else None,
    }


def _deadlines(row: dict[str, Any]) -> DeadlinesOut | None:
    if row["cleared_at"] is not None or row["level"] is None:
        return None
    return DeadlinesOut(*deadlines(row["level"], row["risk_level"], row["raised_at"], row["level_since"]))


def show_event(event: AlarmEvent) -> AlarmEventOut:
    """A line of an alarm's life."""
    return AlarmEventOut(
        id=event.id,
        at=event.at,
        kind=event.kind,
        level=event.level,
        risk_level=event.risk_level,
        value=event.value,
        person_name=event.person_name,
        detail=event.detail,
    )
