"""What can be done with filed stops and gaps."""

from backend.domains.outages.service.changing import (
    may_hand_over,
    may_move_deadline,
    set_gap_deadline,
    set_gap_owner,
)
from backend.domains.outages.service.explaining import GapClosed, explain_gap, set_gap_rule
from backend.domains.outages.service.filing import StopClosed, file_stop, prolong_stop, return_stop

__all__ = [
    "GapClosed",
    "StopClosed",
    "explain_gap",
    "file_stop",
    "may_hand_over",
    "may_move_deadline",
    "prolong_stop",
    "return_stop",
    "set_gap_deadline",
    "set_gap_owner",
    "set_gap_rule",
]
