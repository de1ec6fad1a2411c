"""Births outlive us: a restart, or the next owner, must read data by alias without asking everyone anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import asyncpg
import msgspec

from backend.domains.alarms.recording import columns
from backend.ingest.city import Gateway
from backend.ingest.sparkplug.node import Device, Node

NODES = "select * from sparkplug_node where gateway_id = any($1::int[])"
KEEP = """
insert into sparkplug_node (gateway_id, bd_seq, is_alive, devices, changed_at)
select x.g, x.b, x.a, x.d::jsonb, now() from unnest($1::int[], $2::bigint[], $3::bool[], $4::text[]) as x(g, b, a, d)
on conflict (gateway_id) do update set bd_seq = excluded.bd_seq, is_alive = excluded.is_alive,
    devices = excluded.devices, changed_at = excluded.changed_at
"""
Kept = dict[str, list[tuple[str, int, int | None]]]


async def load_nodes(con: asyncpg.Connection, gateways: Sequence[Gateway]) -> None:
    """Put back the Sparkplug sessions of gateways; their sequence numbers are not known any more."""
    by_id = {gateway.id: gateway for gateway in gateways}
    for row in await con.fetch(NODES, list(by_id)):
        node = by_id[row["gateway_id"]].node = Node(row["bd_seq"], row["is_alive"])
        for name, metrics in msgspec.json.decode(row["devices"], type=Kept).items():
            device = node.devices[name] = Device()
            for metric, kind, alias in metrics:
                device.kinds[metric] = kind
                if alias is not None:
                    device.names[alias] = metric


async def keep_nodes(con: asyncpg.Connection, gateways: Iterable[Gateway]) -> None:
    """Store the sessions that changed."""
    rows = []
    for gateway in gateways:
        node = gateway.node
        if node is not None and node.touched:
            rows.append((gateway.id, node.bd_seq, node.is_alive, msgspec.json.encode(_kept(node)).decode()))
            node.touched = False
    if rows:
        await con.execute(KEEP, *columns(rows))


def _kept(node: Node) -> Kept:
    kept: Kept = {}
    for name, device in node.devices.items():
        aliases = {metric: alias for alias, metric in device.names.items()}
        kept[name] = [(metric, kind, aliases.get(metric)) for metric, kind in device.kinds.items()]
    return kept
