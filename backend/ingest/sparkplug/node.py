"""Where a gateway's Sparkplug session stands: its births, its sequence number, whether it lives."""

from __future__ import annotations

from dataclasses import dataclass, field

# A node that is asked for its birth needs a moment, and one that cannot answer must not be asked for ever.
ASK_AGAIN_AFTER_MS = 30_000
SEQUENCE_LENGTH = 256


@dataclass(slots=True, eq=False)
class Device:
    """The metrics of one birth: of a device, or of the node itself. kinds: name → data type; names: alias → name."""

    kinds: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Node:
    """One Sparkplug edge node. devices: by name, "" = the node itself.

    bd_seq: number of its session, as birth and death name it. seq: of its last message, None = not known, as after a
    restart. touched: not yet stored as it is.
    """

    bd_seq: int | None = None
    is_alive: bool = False
    seq: int | None = None
    devices: dict[str, Device] = field(default_factory=dict)
    asked_ms: int = 0
    touched: bool = False

    def follows(self, seq: int | None) -> bool:
        """Take note of a message's sequence number; False when messages are missing before it."""
        expected = None if self.seq is None else (self.seq + 1) % SEQUENCE_LENGTH
        self.seq = seq
        return seq is not None and seq == expected

    def may_be_asked(self, now_ms: int) -> bool:
        """Whether its birth may be asked for now; takes note that it is."""
        if now_ms - self.asked_ms < ASK_AGAIN_AFTER_MS:
            return False
        self.asked_ms = now_ms
        return True
