"""Risk: six models that rank attention, their levels over time, and why each score is what it is.

Only the pure part is exported here, so that importing it costs nothing and needs no database.
"""

from backend.domains.risk.levels import hyst_step
from backend.domains.risk.scoring import score

__all__ = ["hyst_step", "score"]
