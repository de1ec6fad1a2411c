"""What the ledger says of a step: its state, what the system sees itself, and where the two differ. No database."""

from __future__ import annotations

from datetime import date

import msgspec

from backend.domains.access.enums import AccessStep, Contradiction, StepState, WhyUnsigned
from backend.domains.monitoring.enums import PointKind

STEPS = tuple(AccessStep)
# Of these the system knows by itself whether they are done.
SEEN_BY_SYSTEM = (AccessStep.GATEWAY_INSTALLED, AccessStep.POWERED, AccessStep.INTEGRATED, AccessStep.LIMITS_SIGNED)

# Nobody files these as done: the records of another domain say so.
DERIVED = frozenset({AccessStep.LIMITS_SIGNED})
# What experts verify at the tank: the twelve values of temperature, pressure and level (notice S3), and the alarm
# levels of gas (GB/T 50493). Flows and other measurements are the plant's own business.
SIGNED_KINDS = (
    PointKind.LEVEL,
    PointKind.TEMPERATURE,
    PointKind.PRESSURE,
    PointKind.COMB_GAS,
    PointKind.TOXIC_GAS,
    PointKind.OXYGEN,
)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the system sees of one hazard (or of an enterprise without one).

    gateways: that serve a point of it; heard: those of them that ever sent. points_seen: points that their gateway
    sends. points_limited: points with limits in force. tanks_measured: tanks with at least one point. tanks_signed,
    detectors_signed: those whose limits in force, all of them, were verified on site and approved.
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
    tanks_signed: int = 0
    detectors_signed: int = 0

    @property
    def is_signed(self) -> bool:
        """The limits in force of every tank and detector were verified on site and approved."""
        return (
            self.tanks + self.detectors > 0
            and self.tanks_signed == self.tanks
            and self.detectors_signed == self.detectors
        )

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
        return facts.is_signed
    return None


def is_done(step: AccessStep, done_on: date | None, is_seen: bool | None) -> bool:
    """Whether a step counts as done: as it was filed, or, of a derived one, as the system sees it."""
    return bool(is_seen) if step in DERIVED else done_on is not None


def why_unsigned(points: int, limited: int, coming: int, waiting: str | None) -> WhyUnsigned:
    """Why a place is not signed. points: that are to be signed; limited: with limits in force; coming: approved for a
    time to come; waiting: the state of an open proposal, if there is one.
    """
    if points == 0:
        return WhyUnsigned.NO_POINTS
    if coming:
        return WhyUnsigned.TO_COME
    if waiting is not None:
        return WhyUnsigned.WAITS_FOR_APPROVAL if waiting == "verified" else WhyUnsigned.WAITS_FOR_EXPERT
    return WhyUnsigned.NO_LIMITS if limited < points else WhyUnsigned.NOT_VERIFIED


def contradiction(step: AccessStep, done_on: date | None, is_seen: bool | None) -> Contradiction | None:
    """Where filed and seen differ. A derived step needs no filing; one that was filed too early is told."""
    if is_seen is None or (done_on is not None) == is_seen or (is_seen and step in DERIVED):
        return None
    return Contradiction.SEEN_NOT_FILED if is_seen else Contradiction.FILED_NOT_SEEN


def step_state(*, done: bool, due_on: date | None, blocker: str, today: date) -> StepState:
    """Where a step stands today. A blocked step whose day is past is overdue: a blocker says why, it is no excuse."""
    if done:
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
