"""Filed stops and the ledger of gaps over HTTP."""

from backend.domains.outages.routes.gaps import DataGapController, GapRuleController
from backend.domains.outages.routes.stops import StopController

__all__ = ["DataGapController", "GapRuleController", "StopController"]
