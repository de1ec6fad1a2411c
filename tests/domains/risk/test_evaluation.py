from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from backend.domains.risk.evaluation import Evaluation, Standing, evaluate, why
from backend.domains.risk.features import PointFacts, TankFacts
from backend.domains.risk.parameters import default_parameters
from backend.domains.risk.samples import NO_READING, Reading

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RM = default_parameters()
LEVEL = PointFacts(1, "LT-1", "level", "%", 5.0, 10.0, 85.0, 90.0, 0.0, 100.0)
FLOW = PointFacts(2, "FT-1", "flow", range_lo=0.0, range_hi=100.0)


def reads(value: float) -> Reading:
    return Reading(value, "good", 5.0, 0.0, value - 1, value + 1, 895.0)


def standing(found: Evaluation, at: datetime, **changed: Any) -> Standing:
    """Where `found` leaves a hazard, stored."""
    given: dict[str, Any] = {
        "level": found.level, "since": found.since, "pend": found.pend, "dark_since": found.dark_since,
        "score": found.score, "input": found.input, "as_of": at, "level_changed_at": found.level_changed_at,
        "stored_score": found.score, "stored_at": at,
    }  # fmt: skip  # one standing is one picture.
    return Standing(**(given | changed))


def look(
    value: float | None = 50.0, before: Standing | None = None, now: datetime = NOW, flow: float = 0.0, **facts: Any
) -> Evaluation:
    tanks = facts.get("tanks", [TankFacts("T-1", "一号罐", (LEVEL, FLOW))])
    readings = {1: NO_READING if value is None else reads(value), 2: reads(flow)}
    return evaluate(3, tanks, readings, (), now, RM, before)


def minute(n: float) -> datetime:
    return NOW + timedelta(minutes=n)


def test_the_first_look_is_stored_and_told() -> None:
    found = look()
    assert (found.level, found.is_stored, found.is_renewed, found.rings) == (0, True, True, True)
    assert found.level_changed_at == NOW


def test_a_figure_that_looks_the_same_is_not_written_again() -> None:
    first = look()
    again = look(50.4, standing(first, NOW), minute(1))
    assert (again.is_renewed, again.is_stored, again.rings) == (False, False, False)


def test_a_move_of_a_point_is_stored_and_a_smaller_one_only_remembered() -> None:
    first = look(86.0)
    slight = look(86.3, standing(first, NOW), minute(1))
    assert (slight.is_renewed, slight.is_stored, slight.rings) == (True, False, False)
    much = look(87.0, standing(first, NOW), minute(1))
    assert (much.is_stored, much.rings, much.changes_level) == (True, True, False)


def test_an_hourly_record_is_kept_and_rings_nobody() -> None:
    first = look()
    hourly = look(50.0, standing(first, NOW), minute(60))
    assert (hourly.is_stored, hourly.rings) == (True, False)


def test_a_lost_point_is_remembered_at_every_look() -> None:
    first = look()
    lost = look(None, standing(first, NOW), minute(10))
    assert lost.is_renewed
    assert lost.input["tanks"][0]["points"][0]["value"] == 50.0


def test_the_end_of_a_transfer_is_remembered_so_that_the_next_one_starts_anew() -> None:
    filling = look(50.0, None, NOW, flow=50.0)
    ended = look(50.0, standing(filling, NOW), minute(1), flow=0.0)
    assert ended.is_renewed
    assert not ended.input["tanks"][0]["transfer_active"]
    quiet = look(50.0, standing(ended, minute(1)), minute(2), flow=0.0)
    assert not quiet.is_renewed


def test_an_input_that_cannot_be_scored_counts_as_everything_lost() -> None:
    first = look(86.0)
    strange = [TankFacts("T-1", "一号罐", (PointFacts(1, "LT-1", "volcano", h=85.0),))]
    found = look(50.0, standing(first, NOW), minute(1), tanks=strange)
    assert "kind" in found.refused
    assert found.score > first.score
    assert found.input["tanks"][0]["points"][0]["quality"] == "bad"
    never_scored = look(50.0, None, NOW, tanks=strange)
    assert (never_scored.level, never_scored.input["tanks"]) == (1, [])


def test_why_leaves_out_what_a_hazard_is_by_nature_unless_there_is_nothing_else() -> None:
    assert [cause["kind"] for cause in why(look(86.0).explained)] == ["pos"]
    assert [cause["kind"] for cause in why(look().explained)] == ["base"]
