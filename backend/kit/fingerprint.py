"""The fingerprint of a request body: tells a repeat from another content under the same id."""

from __future__ import annotations

import hashlib

import msgspec


def fingerprint(*parts: object) -> str:
    """SHA-256 in hex over the parts as JSON with sorted keys, so that the order of members does not matter."""
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()
