"""Two people press at once: one success, one refusal that says who was quicker."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from backend.domains.accounts.enums import Role
from backend.domains.accounts.queries import as_viewer
from backend.domains.monitoring.models import LimitSet
from backend.domains.passports.enums import ProposalState
from backend.domains.passports.models import LimitProposal, LimitProposalStep
from backend.domains.passports.schemas import Approval, LineDraft, ProposalDraft
from backend.domains.passports.service import AlreadyDecided, approve, propose, reject
from backend.domains.regions.zibo import CITY
from backend.kit import clock
from tests.domains.monitoring.plant import Plant
from tests.people import LINZI, make_enterprise, make_person
from tests.support.apart import apart, apart_url  # noqa: F401 - fixtures.

pytestmark = pytest.mark.anyio


async def test_of_two_who_approve_at_once_one_succeeds(apart: None) -> None:  # noqa: F811
    code = f"A{uuid4().hex[:8]}"
    plant = await Plant.build(await make_enterprise(code, "同时批准", LINZI))
    officer = await as_viewer(await make_person(f"o-{code}", Role.SAFETY_OFFICER, enterprise_id=plant.enterprise.id))
    district = await as_viewer(await make_person(f"d-{code}", Role.DISTRICT_REGULATOR, adcode=LINZI))
    city = await as_viewer(await make_person(f"c-{code}", Role.CITY_REGULATOR, adcode=CITY))
    now = clock.now()
    line = LineDraft(point_id=plant.level.id, replaces=1, ll=10, l=15, h=80, hh=88)
    draft = ProposalDraft(id=uuid4(), reason="同时批准", lines=[line])
    # The same phone sending twice at once proposes once.
    (one, new), (two, also_new) = await asyncio.gather(propose(draft, officer, now), propose(draft, officer, now))
    assert (one.id, {new, also_new}) == (two.id, {True, False})
    await LimitProposal.filter(id=draft.id).update(state=ProposalState.VERIFIED)
    await LimitProposalStep.create(
        proposal_id=draft.id,
        state=ProposalState.VERIFIED,
        at=now,
        person_id=uuid4(),
        person_name="韩松涛",
        basis="SD-101",
    )
    done = await asyncio.gather(
        approve(draft.id, Approval(), district, now),
        approve(draft.id, Approval(), city, now),
        reject(draft.id, "依据不足", city, now),
        return_exceptions=True,
    )
    refused = [each for each in done if isinstance(each, AlreadyDecided)]
    assert (len(refused), len(done) - len(refused)) == (2, 1), done
    proposal = await LimitProposal.get(id=draft.id)
    versions = await LimitSet.filter(point_id=plant.level.id).count()
    assert versions == (2 if proposal.state is ProposalState.APPROVED else 1)
    assert all(each.facts["state"] == proposal.state and each.facts["personName"] for each in refused)
