"""Stand-ins that keep what they were given, and a device to ring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.domains.accounts.models import Person
from backend.domains.notifications.models import PushSubscription
from backend.domains.notifications.sealing import Sealed
from backend.domains.notifications.sending import Answer
from backend.kit.live import LiveEvent
from tests.support.push_service import PushServiceDouble

KNOWN_ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/"


@dataclass
class FakeBell:
    """Keeps what was rung."""

    rung: list[tuple[LiveEvent, list[str]]] = field(default_factory=list)

    async def ring(self, event: LiveEvent, channels: Iterable[str]) -> None:
        self.rung.append((event, list(channels)))


@dataclass
class FakeQueue:
    """Keeps what was enqueued; a job that waits is not taken twice."""

    jobs: list[tuple[str, str]] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)

    async def enqueue(self, name: str, *args: Any, job_id: str | None = None, delay: timedelta | None = None) -> bool:
        if job_id in self.waiting:
            return False
        if job_id:
            self.waiting.add(job_id)
        self.jobs.append((name, *args))
        return True


@dataclass
class FakePush:
    """Answers what it is told to and keeps what was posted."""

    answers: list[Answer] = field(default_factory=list)
    posted: list[tuple[str, Sealed]] = field(default_factory=list)

    async def post(self, endpoint: str, sealed: Sealed) -> Answer:
        self.posted.append((endpoint, sealed))
        return self.answers.pop(0) if self.answers else Answer(201)


async def device_of(
    person: Person, service: PushServiceDouble, now: datetime, session_id: UUID | None = None
) -> PushSubscription:
    """A device of that person, subscribed at the double."""
    made = service.subscribe()
    return await PushSubscription.create(
        person_id=person.id,
        session_id=session_id,
        endpoint=made["endpoint"],
        p256dh=made["keys"]["p256dh"],
        auth=made["keys"]["auth"],
        created_at=now,
    )
