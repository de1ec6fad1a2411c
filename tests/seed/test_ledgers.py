"""The gaps and the access ledger of the demo city."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from backend.domains.access.enums import AccessStep
from backend.domains.access.facts import lines_in_view
from backend.domains.access.models import AccessContact, AccessEntry
from backend.domains.accounts.models import Person
from backend.domains.accounts.queries import as_viewer
from backend.domains.enterprises.models import Enterprise, MajorHazard
from backend.domains.outages.enums import GapState
from backend.domains.outages.models import DataGap, OfflineFiling
from backend.domains.outages.rules import Gap, gap_state, stop_state
from backend.kit.clock import plant_day
from backend.seed.gaps import TROUBLES
from backend.seed.ledger import HANGING
from backend.simulator.city import make_city
from tests.seed.conftest import Seeded

pytestmark = pytest.mark.anyio


async def test_there_are_gaps_of_every_ending_and_one_that_nobody_explained_in_time(seeded: Seeded) -> None:
    gaps = await DataGap.all()
    endings = Counter(str(gap.closed_how) for gap in gaps if gap.closed_at)
    assert endings["backfill"] >= 5
    assert endings["filed"] == 1
    assert endings["reason"] == sum(each.why is not None for each in TROUBLES)
    now = seeded.made_at
    states = Counter(
        gap_state(Gap(due_at=gap.due_at, closed_at=gap.closed_at, explained_at=gap.explained_at), now) for gap in gaps
    )
    assert states[GapState.OVERDUE] >= 1
    assert states[GapState.OPEN] >= 1
    assert all(gap.owner_name and gap.began_at < (gap.ended_at or now) <= now for gap in gaps)


async def test_what_is_said_to_be_missing_is_missing(seeded: Seeded) -> None:
    for gap in await DataGap.filter(missing__gt=0):
        (row,) = await get_connection("default").execute_query_dict(
            "select count(*) as n from frame where gateway_id = $1 and t > $2 and t < $3",
            [gap.gateway_id, gap.ended_at - timedelta(minutes=20), gap.ended_at],  # type: ignore[operator]
        )
        assert row["n"] == 0


async def test_stops_were_filed_beforehand_and_one_of_them_runs(seeded: Seeded) -> None:
    stops = await OfflineFiling.all()
    assert not any(stop.filed_late for stop in stops)
    states = Counter(str(stop_state(s.starts_at, s.ends_at, s.ending, seeded.made_at)) for s in stops)
    assert states["running"] == states["planned"] == 1


async def test_the_ledger_is_whole_but_for_the_enterprises_that_hang(seeded: Seeded) -> None:
    slugs = {slug for slug, *_ in HANGING}
    done = Counter([entry.hazard_id for entry in await AccessEntry.filter(done_on__isnull=False)])
    assert set(done) == {hazard.id for hazard in await MajorHazard.all()}
    assert sum(count == 8 for count in done.values()) >= len(done) - 10
    today = plant_day(seeded.made_at, seeded.settings.plant_zone)
    owed = await AccessEntry.filter(done_on__isnull=True)
    assert len({entry.enterprise_id for entry in owed}) == len(slugs)
    assert any(entry.due_on and entry.due_on < today and entry.blocker for entry in owed)
    assert all(entry.done_on <= today for entry in await AccessEntry.filter(done_on__isnull=False))  # type: ignore[operator]
    assert await AccessContact.filter(enterprise_id__isnull=False).count() == await Enterprise.all().count()
    regulators = set(await Person.filter(role__endswith="_regulator").values_list("name", flat=True))
    assert set(await AccessContact.filter(enterprise_id__isnull=True).values_list("name", flat=True)) == regulators


async def test_limits_are_signed_where_the_ledger_says_so_and_nowhere_else(seeded: Seeded) -> None:
    viewer = await as_viewer(await Person.get(role="city_regulator"))
    names = {each.slug: each.code for each in make_city().enterprises}
    hanging = {names[slug] for slug, step, *_ in HANGING if step is not AccessStep.ACCEPTED}
    entries = await AccessEntry.filter(done_on__isnull=False)
    filed = {(entry.hazard_id, entry.step): entry.done_on for entry in entries}
    for line in await lines_in_view(viewer, seeded.made_at):
        assert line.facts.tanks_signed <= line.facts.tanks
        if line.enterprise_code not in hanging:
            assert line.facts.is_signed, line
            assert line.signed_by
            assert line.signed_at is not None
            signed_on = plant_day(line.signed_at, seeded.settings.plant_zone)
            assert filed[line.hazard_id, AccessStep.LIMITS_SIGNED] == signed_on
            accepted = filed.get((line.hazard_id, AccessStep.ACCEPTED))
            assert accepted is None or accepted > signed_on, "what is accepted was signed before"
    partly = [
        line.facts for line in await lines_in_view(viewer, seeded.made_at) if line.enterprise_code == names["ciquan"]
    ]
    assert 0 < sum(each.tanks_signed for each in partly) < sum(each.tanks for each in partly)
    assert all(not each.detectors_signed for each in partly)
