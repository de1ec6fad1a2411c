"""What the ledger says of a step: its state, what the system sees itself, and where the two differ. No database."""

from __future__ import annotations

from datetime import date

import msgspec

from backend.domains.access.enums import AccessStep, Contradiction, StepState

STEPS = tuple(AccessStep)
# Of these the system knows by itself whether they are done.
SEEN_BY_SYSTEM = (AccessStep.GATEWAY_INSTALLED, AccessStep.POWERED, AccessStep.INTEGRATED, AccessStep.LIMITS_SIGNED)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the system sees of one hazard (or of an enterprise without one).

    gateways: that serve a point of it; heard: those of them that ever sent. points_seen: points that their gateway
    sends. points_limited: points with limits in force. tanks_measured: tanks with at least one point.
    """

    gateways: int = 0
    heard: int = 0
    tanks: int = 0
    tanks_measured: int = 0
    detectors: int = 0
    detectors_measured: int = 0
    points: int = 0
    points_seen: int = 0
    points_limited: int = 0

    @property
    def is_connected(self) -> bool:
        """Every tank and detector is measured, and every point of them is sent."""
        return (
            self.points > 0
            and self.tanks_measured == self.tanks
            and self.detectors_measured == self.detectors
            and self.points_seen == self.points
        )


def seen(step: AccessStep, facts: Facts) -> bool | None:
    """Whether the system itself sees that a step is done; None where it cannot know."""
    if step is AccessStep.GATEWAY_INSTALLED:
        return facts.gateways > 0
    if step is AccessStep.POWERED:
        return facts.heard > 0
    if step is AccessStep.INTEGRATED:
        return facts.is_connected
    if step is AccessStep.LIMITS_SIGNED:
        return facts.points > 0 and facts.points_limited == facts.points
    return None


def contradiction(done_on: date | None, is_seen: bool | None) -> Contradiction | None:
    """Where filed and seen differ."""
    if is_seen is None or (done_on is not None) == is_seen:
        return None
    return Contradiction.SEEN_NOT_FILED if is_seen else Contradiction.FILED_NOT_SEEN


def step_state(done_on: date | None, due_on: date | None, blocker: str, today: date) -> StepState:
    """Where a step stands today. A blocked step whose day is past is overdue: a blocker says why, it is no excuse."""
    if done_on is not None:
        return StepState.DONE
    if due_on is not None and due_on < today:
        return StepState.OVERDUE
    if blocker:
        return StepState.BLOCKED
    return StepState.DUE if due_on is not None else StepState.OPEN


def next_step(done: dict[AccessStep, bool]) -> AccessStep | None:
    """The first step that is not done; None when all are."""
    return next((step for step in STEPS if not done.get(step, False)), None)


def what_is_wrong(due_on: date | None, done_on: date | None, today: date) -> tuple[str, str] | None:
    """The field and the words of what cannot be, or None. Nothing is done in the future."""
    if done_on is not None and done_on > today:
        return "doneOn", "a step is done today or was done before"
    for field, day in (("dueOn", due_on), ("doneOn", done_on)):
        if day is not None and not 2015 <= day.year <= 2099:
            return field, "the ledger holds days of the years 2015 to 2099"
    return None
