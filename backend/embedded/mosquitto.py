"""Password file and access list for an external Mosquitto 2.0, line by line for each gateway.

A `pattern … %u` would bind only the user's own level and leave every enterprise's branch beside it open.
"""

from __future__ import annotations

from collections.abc import Iterable

from backend.embedded.logins import BACKEND_USER, PREFIX, SPARKPLUG, GatewayLogin


def render_passwords(gateways: Iterable[GatewayLogin], backend_hash: str) -> str:
    """The password file: `backend_hash` and each gateway's `pbkdf2_hash` as made by kit.broker_secrets.

    Gateways without such a hash are left out: they cannot sign in there.
    """
    lines = [f"{BACKEND_USER}:{backend_hash}"]
    lines += [f"{gateway.username}:{gateway.pbkdf2_hash}" for gateway in gateways if gateway.pbkdf2_hash]
    return "\n".join(lines) + "\n"


def render_acl(gateways: Iterable[GatewayLogin]) -> str:
    """The access list: the back end reads and writes all of ours, a gateway its own branch and nothing else."""
    blocks = [f"user {BACKEND_USER}\ntopic readwrite {PREFIX}/#\ntopic readwrite {SPARKPLUG}/#\n"]
    for gateway in gateways:
        writes = [f"{gateway.branch}/#", *gateway.sparkplug_writes]
        reads = [f"{gateway.branch}/cmd/#", *gateway.sparkplug_reads]
        lines = [f"user {gateway.username}", *(f"topic write {each}" for each in writes)]
        lines += [f"topic read {each}" for each in reads]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)
