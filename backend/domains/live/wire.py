"""Server-sent events as bytes (WHATWG HTML, 9.2)."""

from __future__ import annotations

import msgspec

PING = b": ping\n\n"


def encode_event(name: str, data: object, id: int = 0) -> bytes:
    """One event with JSON data. id: what a page resumes from; 0 leaves the last one standing."""
    head = f"id: {id}\n" if id else ""
    return f"{head}event: {name}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"


def encode_retry(seconds: float) -> bytes:
    """After how long a page that lost the stream should come back."""
    return f"retry: {round(seconds * 1000)}\n\n".encode()
