"""The tree a score is made of: every node knows what it adds to its parent, so any score can be taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from backend.domains.risk.primitives import comb, share, topsum

NO_FACTS: Mapping[str, Any] = {}


class Node(Struct, frozen=True):
    """A contribution. `amount` is in the parent's scale; only the proportions among siblings matter below a part.

    kind: what it is, a key of the label table (`pos`, `dur`, `tank`, …); `facts` are the numbers of its sentence.
    """

    id: str
    kind: str
    amount: float
    children: tuple[Node, ...] = ()
    facts: Mapping[str, Any] = NO_FACTS

    def adding(self, amount: float) -> Node:
        """The same node claiming another amount of its parent."""
        return structs.replace(self, amount=amount)


def combined(nodes: Sequence[Node]) -> tuple[float, tuple[Node, ...]]:
    """Strengths of the nodes combined in their order, and the nodes with what each adds."""
    value, added = comb([node.amount for node in nodes])
    return value, tuple(node.adding(part) for node, part in zip(nodes, added, strict=True))


def worst_first(nodes: Sequence[Node], lam: float, keep: int | None) -> tuple[float, tuple[Node, ...]]:
    """Strengths of the nodes combined with falling weights from the worst down, and what each adds, worst first."""
    value, added = topsum([(node.id, node.amount) for node in nodes], lam, keep)
    claimed = [node.adding(part) for node, part in zip(nodes, added, strict=True)]
    return value, tuple(sorted(claimed, key=lambda node: (-node.amount, node.id)))


def split(total: float, nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes sharing `total` in their proportions."""
    return tuple(node.adding(part) for node, part in zip(nodes, share(total, [n.amount for n in nodes]), strict=True))


def without_zeros(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The nodes that add something."""
    return tuple(node for node in nodes if node.amount > 0)
