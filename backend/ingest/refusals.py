"""What was refused, bounded: a gateway gone mad must not fill the disk with its mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.ingest.reasons import KEPT_PAYLOAD_BYTES, KEPT_TOPIC_CHARS, Reason, Rejected, clean_text

# For each gateway, reason and hour. A gateway that sends every second and is refused for an hour is still told in full.
KEPT_PER_HOUR = 3600
# Everything that names no gateway of ours shares one allowance.
KEPT_PER_HOUR_UNKNOWN = 3600


@dataclass(slots=True)
class Refusal:
    """One reject row."""

    gateway_id: int | None
    topic: str
    received_at: datetime
    reason: Reason
    detail: str
    payload: bytes

    @classmethod
    def of(cls, rejected: Rejected, gateway_id: int | None, topic: str, payload: bytes, at: datetime) -> Refusal:
        """The row for `rejected`; of the payload its beginning is kept."""
        return cls(
            gateway_id,
            clean_text(topic)[:KEPT_TOPIC_CHARS],
            at,
            rejected.reason,
            rejected.detail,
            payload[:KEPT_PAYLOAD_BYTES],
        )


class Allowance:
    """How many refusals are kept; the others are counted only. `dropped` counts them since the start."""

    def __init__(self, per_hour: int = KEPT_PER_HOUR, per_hour_unknown: int = KEPT_PER_HOUR_UNKNOWN) -> None:
        self._per_hour, self._per_hour_unknown = per_hour, per_hour_unknown
        self._hour = -1
        self._kept: dict[tuple[int | None, Reason], int] = {}
        self.dropped = 0

    def keep(self, refusals: list[Refusal]) -> list[Refusal]:
        """Those that get a row."""
        kept = [each for each in refusals if self._has_room(each)]
        self.dropped += len(refusals) - len(kept)
        return kept

    def _has_room(self, refusal: Refusal) -> bool:
        hour = int(refusal.received_at.timestamp()) // 3600
        if hour != self._hour:
            self._hour = hour
            self._kept.clear()
        key = (refusal.gateway_id, refusal.reason)
        count = self._kept[key] = self._kept.get(key, 0) + 1
        return count <= (self._per_hour_unknown if refusal.gateway_id is None else self._per_hour)
