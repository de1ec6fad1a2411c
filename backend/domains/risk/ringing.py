"""How open pages learn of a score that moved."""

from __future__ import annotations

from backend.domains.risk.evaluation import Evaluation
from backend.domains.risk.sources import Hazard
from backend.kit.live import LiveEvent, area_channel, enterprise_channel

RISK = "risk"


def risk_ring(hazard: Hazard, found: Evaluation) -> LiveEvent:
    """The ring for a hazard whose level or score moved; the page reads the reasons itself."""
    data = {
        "hazardId": str(hazard.id),
        "enterpriseId": str(hazard.enterprise_id),
        "level": found.level,
        "score": round(found.score, 1),
    }
    return LiveEvent(RISK, data)


def channels_of(hazard: Hazard) -> list[str]:
    """The enterprise's own people, the regulators of its area and above, administrators."""
    return [enterprise_channel(hazard.enterprise_id), area_channel(hazard.adcode), area_channel("*")]
