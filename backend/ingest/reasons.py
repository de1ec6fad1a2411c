"""Why a message or a part of it was not taken. The codes are stable: operators filter by them."""

from __future__ import annotations

from enum import StrEnum

# A reject row keeps the beginning of what was sent, enough to recognise the sender's mistake.
KEPT_PAYLOAD_BYTES = 1024
KEPT_DETAIL_CHARS = 500
KEPT_TOPIC_CHARS = 300


class Reason(StrEnum):
    """Stable reject codes."""

    FOREIGN_TOPIC = "foreign_topic"  # not our topic tree, or a branch that is not this gateway's
    UNKNOWN_GATEWAY = "unknown_gateway"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"  # neither JSON nor MessagePack, or not the shape of its kind
    UNKNOWN_LAYOUT = "unknown_layout"  # a frame by position whose birth never came
    WRONG_LENGTH = "wrong_length"  # `v` or `q` does not run along the layout
    UNKNOWN_TAG = "unknown_tag"
    NOT_FINITE = "not_finite"  # NaN, an overflow, or no number at all; stored as a missing value
    BAD_QUALITY = "bad_quality"  # a quality code outside the contract; stored as a configuration error
    FUTURE_TIME = "future_time"  # source time more than 60 s ahead of arrival
    BAD_TIME = "bad_time"  # source time older than raw frames are kept
    NO_BIRTH = "no_birth"  # Sparkplug data or a death of a node or device whose birth never came, or is over
    STALE_DEATH = "stale_death"  # a Sparkplug death of an earlier session than the one that was born last
    NOT_STORABLE = "not_storable"  # the database refused this message and takes its neighbours


class Rejected(Exception):
    """A message, a frame or a value that is not taken; `reason` is stable, `detail` is for people."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, clean_text(detail)[:KEPT_DETAIL_CHARS]


def clean_text(text: str) -> str:
    """`text` as PostgreSQL can hold it: without NUL and without halves of surrogate pairs."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
