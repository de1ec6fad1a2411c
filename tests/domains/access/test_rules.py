from datetime import date, timedelta
from typing import Any

import pytest

from backend.domains.access.enums import AccessStep, Contradiction, StepState, WhyUnsigned
from backend.domains.access.rules import (
    SEEN_BY_SYSTEM,
    STEPS,
    Facts,
    contradiction,
    is_done,
    next_step,
    seen,
    step_state,
    what_is_wrong,
    why_unsigned,
)

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
WHOLE: dict[str, Any] = {
    "gateways": 1, "heard": 1, "tanks": 2, "tanks_measured": 2, "detectors": 1, "detectors_measured": 1, "points": 5,
    "points_seen": 5, "points_limited": 5, "tanks_signed": 2, "detectors_signed": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("done_on", "due_on", "blocker", "state"),
    [
        (None, None, "", StepState.OPEN),
        (None, TODAY, "", StepState.DUE),
        (None, TODAY - DAY, "", StepState.OVERDUE),
        (None, TODAY - DAY, "等停车", StepState.OVERDUE),
        (None, TODAY + DAY, "等停车", StepState.BLOCKED),
        (None, None, "等停车", StepState.BLOCKED),
        (TODAY, TODAY - DAY, "", StepState.DONE),
    ],
)
def test_where_a_step_stands(done_on: date | None, due_on: date | None, blocker: str, state: StepState) -> None:
    assert step_state(done=done_on is not None, due_on=due_on, blocker=blocker, today=TODAY) is state


@pytest.mark.parametrize(
    ("changes", "not_seen"),
    [
        ({}, []),
        ({"points_limited": 4}, []),
        ({"tanks_signed": 1}, [AccessStep.LIMITS_SIGNED]),
        ({"detectors_signed": 0}, [AccessStep.LIMITS_SIGNED]),
        ({"tanks_measured": 1}, [AccessStep.INTEGRATED]),
        ({"detectors_measured": 0}, [AccessStep.INTEGRATED]),
        ({"points_seen": 4}, [AccessStep.INTEGRATED]),
        ({"heard": 0, "points_seen": 0}, [AccessStep.POWERED, AccessStep.INTEGRATED]),
        (dict.fromkeys(WHOLE, 0), list(SEEN_BY_SYSTEM)),
    ],
)
def test_what_the_system_sees_by_itself(changes: dict[str, Any], not_seen: list[AccessStep]) -> None:
    facts = Facts(**{**WHOLE, **changes})
    assert [step for step in STEPS if seen(step, facts) is False] == not_seen
    assert [step for step in STEPS if seen(step, facts) is None] == [s for s in STEPS if s not in SEEN_BY_SYSTEM]


@pytest.mark.parametrize(
    ("done_on", "is_seen", "named"),
    [
        (TODAY, True, None),
        (None, False, None),
        (TODAY, None, None),
        (None, None, None),
        (TODAY, False, Contradiction.FILED_NOT_SEEN),
        (None, True, Contradiction.SEEN_NOT_FILED),
    ],
)
def test_where_filed_and_seen_differ(done_on: date | None, is_seen: bool | None, named: Contradiction | None) -> None:
    assert contradiction(AccessStep.POWERED, done_on, is_seen) is named


@pytest.mark.parametrize(
    ("done_on", "is_seen", "done", "named"),
    [
        (None, True, True, None),
        (TODAY, True, True, None),
        (None, False, False, None),
        (TODAY, False, False, Contradiction.FILED_NOT_SEEN),
    ],
)
def test_a_derived_step_is_done_when_the_records_say_so_and_only_then(
    done_on: date | None, is_seen: bool, done: bool, named: Contradiction | None
) -> None:
    assert is_done(AccessStep.LIMITS_SIGNED, done_on, is_seen) is done
    assert contradiction(AccessStep.LIMITS_SIGNED, done_on, is_seen) is named
    assert is_done(AccessStep.POWERED, done_on, is_seen) is (done_on is not None)


@pytest.mark.parametrize(
    ("points", "limited", "coming", "waiting", "why"),
    [
        (0, 0, 0, None, WhyUnsigned.NO_POINTS),
        (3, 2, 0, None, WhyUnsigned.NO_LIMITS),
        (3, 3, 0, None, WhyUnsigned.NOT_VERIFIED),
        (3, 3, 0, "proposed", WhyUnsigned.WAITS_FOR_EXPERT),
        (3, 3, 0, "verified", WhyUnsigned.WAITS_FOR_APPROVAL),
        (3, 0, 1, "proposed", WhyUnsigned.TO_COME),
    ],
)
def test_why_a_place_is_not_signed(
    points: int, limited: int, coming: int, waiting: str | None, why: WhyUnsigned
) -> None:
    assert why_unsigned(points, limited, coming, waiting) is why


def test_the_next_step_is_the_first_that_is_not_done() -> None:
    assert next_step({}) is AccessStep.SURVEYED
    assert next_step({AccessStep.SURVEYED: True, AccessStep.POWERED: True}) is AccessStep.CONDITIONS_CHECKED
    assert next_step(dict.fromkeys(STEPS, True)) is None


@pytest.mark.parametrize(
    ("due_on", "done_on", "field"),
    [(TODAY, TODAY, None), (None, TODAY + DAY, "doneOn"), (date(2200, 1, 1), None, "dueOn"), (None, None, None)],
)
def test_days_that_cannot_be(due_on: date | None, done_on: date | None, field: str | None) -> None:
    wrong = what_is_wrong(due_on, done_on, TODAY)
    assert (wrong[0] if wrong else None) == field
