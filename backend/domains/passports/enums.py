"""Words of the threshold passport."""

from enum import StrEnum


class ProposalState(StrEnum):
    """How far a proposal has come; a step bears the state it led to. Approved, withdrawn and rejected are ends."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


OPEN_STATES = frozenset({ProposalState.PROPOSED, ProposalState.VERIFIED})
