"""Decisions about proposals that need no database."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from backend.domains.accounts.enums import Role
from backend.domains.accounts.viewer import Viewer
from backend.domains.passports.enums import OPEN_STATES, ProposalState
from backend.domains.passports.models import LimitProposal

# Limits are approved for a shift or a start-up to come, not for another year.
LONGEST_AHEAD = timedelta(days=90)
# A phone's clock and ours differ a little, and so do a button and its arrival.
NOW_IS = timedelta(minutes=5)
EARTH_RADIUS_M = 6_371_000.0
PROPOSING_ROLES = frozenset(
    {Role.SAFETY_OFFICER, Role.SAFETY_EXPERT, Role.DISTRICT_REGULATOR, Role.CITY_REGULATOR}
)  # fmt: skip


def when_effective(asked: datetime | None, now: datetime) -> datetime | str:
    """From when limits hold that are approved now, or why not then: never backdated, at most 90 days ahead."""
    if asked is None or now - NOW_IS <= asked <= now:
        return now
    if asked < now:
        return "limits cannot hold from a time that has passed"
    if asked - now > LONGEST_AHEAD:
        return f"limits are approved at most {LONGEST_AHEAD.days} days ahead"
    return asked


def may_verify(proposal: LimitProposal, viewer: Viewer) -> bool:
    """An expert verifies what is proposed, also what they proposed themselves: the approval is somebody else's."""
    return viewer.is_expert and proposal.state is ProposalState.PROPOSED


def may_approve(proposal: LimitProposal, viewer: Viewer) -> bool:
    """A regulator approves what was verified, but nobody their own proposal or verification."""
    own = viewer.id in (proposal.proposed_by_id, proposal.verified_by_id)
    return viewer.is_regulator and proposal.state is ProposalState.VERIFIED and not own


def may_reject(proposal: LimitProposal, viewer: Viewer) -> bool:
    """A regulator as long as it is open, an expert as long as it is not verified."""
    if viewer.is_expert:
        return proposal.state is ProposalState.PROPOSED
    return viewer.is_regulator and proposal.state in OPEN_STATES


def may_withdraw(proposal: LimitProposal, viewer: Viewer) -> bool:
    """Whoever proposed it, as long as it is open."""
    return viewer.id == proposal.proposed_by_id and proposal.state in OPEN_STATES


def is_to_do(proposal: LimitProposal, viewer: Viewer) -> bool:
    """Whether this proposal waits for the viewer."""
    return may_verify(proposal, viewer) or may_approve(proposal, viewer)


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two places on the globe (haversine)."""
    east, north = math.radians(other_lon - lon), math.radians(other_lat - lat)
    chord = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(other_lat)) * math.sin(east / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
