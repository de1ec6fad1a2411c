"""The stream of events on the wire."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from backend.domains.alarms.enums import AlarmEventKind
from backend.domains.alarms.schemas import AlarmOut


class LiveAlarm(AlarmOut):
    """An alarm as it is now, and what just happened to it.

    replayed: it happened while this page was not connected; `event` is then the newest of what was missed.
    """

    event: AlarmEventKind
    event_id: int
    replayed: bool = False


class Ready(Struct, rename="camel"):
    """The first event of every stream: from here on nothing is missed."""

    at: datetime


class Resync(Struct, rename="camel"):
    """Too much was missed to tell it one by one; load the lists anew."""

    at: datetime
